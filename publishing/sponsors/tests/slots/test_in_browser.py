"""Slots in a browser: nothing moves, nothing is wider than its page, and the first view stays small."""

import re
import urllib.request

import brotli
import pytest

from publishing.tests.test_browser import WATCH, assert_accessible

WIDTHS = (360, 768, 1280)
# What moved, of each shift of the layout.
WATCH_MOVES = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const { sources, value } of list.getEntries()) {
    const nodes = sources.map(({ node }) => (node?.parentElement?.outerHTML ?? node?.nodeName ?? "").slice(0, 80));
    window.moved.push([value, ...nodes]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
TURN = """
from publishing.sponsors.models import AdSense, Key
from publishing.sponsors.tests.factories import fill
from publishing.sponsors.tests.house.factories import make_creative
AdSense(client="ca-pub-1234567890123456", is_on={source!r} == "adsense", consent="own", privacy_page="/privacy/").save()
if {source!r} == "house":
    for number in range(5):
        make_creative(headline=f"Something to buy, {{number}}", text="What it is, said in a sentence or two. " * 3)
for key in Key.values:
    fill(key, {source!r}, ad_unit="0123456789", pages="")
"""
ARTICLE = "/articles/eight-hundred-words/"
BOXES = """() => [...document.querySelectorAll(".slot")].filter((slot) => slot.checkVisibility()).map((slot) => {
  const box = slot.lastElementChild.getBoundingClientRect();
  return [slot.className.replace("slot slot-", ""), Math.round(box.height)];
})"""


# From a box to the links to other pages of a list, more than a line.
DISTANCE = """document.querySelector(".pages").getBoundingClientRect().top -
  document.querySelector(".slot > div").getBoundingClientRect().bottom > 30"""


@pytest.fixture
def open_page(browser, slots_site):
    contexts = []

    def opened(path, width):
        contexts.append(browser.new_context(base_url=slots_site.url, viewport={"width": width, "height": 900}))
        page = contexts[-1].new_page()
        page.add_init_script(WATCH + WATCH_MOVES)
        page.goto(path, wait_until="load")
        # With the typefaces at hand: words that change to them move a little on a slow machine, with slots or without.
        page.evaluate("document.fonts.ready.then(() => null)")
        page.reload(wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()


def is_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("source", ["preview", "house"])
def test_boxes_reserve_their_room_and_nothing_moves_or_is_too_wide(slots_site, open_page, source):
    slots_site.run(TURN.format(source=source))
    heights = {
        360: [("article-top", 100), ("article-body", 250), ("article-end", 250)],
        768: [("article-top", 100), ("article-body", 250), ("article-end", 280)],
        1280: [
            ("article-top", 90),
            ("article-body", 250),
            ("article-body", 250),
            ("beside", 600),
            ("article-end", 280),
        ],  # fmt: skip
    }
    for width, expected in heights.items():
        page = open_page(ARTICLE, width)
        for _ in range(8):
            page.mouse.wheel(0, 2000)
            page.wait_for_timeout(50)

        assert [tuple(box) for box in page.evaluate(BOXES)] == expected, width
        assert page.evaluate("window.moved") == []
        assert page.evaluate("window.violations") == []
        assert not is_sideways(page)


def test_lists_keep_their_room_too(slots_site, open_page):
    slots_site.run(TURN.format(source="preview"))
    for width, height in zip(WIDTHS, (250, 90, 250), strict=True):
        for path in ("/", "/categories/practice/"):
            page = open_page(path, width)
            assert page.evaluate("!document.querySelector('.pages') || " + DISTANCE)
            assert page.evaluate(BOXES) == [["list", height]]
            assert page.evaluate("window.moved") == []
            assert not is_sideways(page)


def test_what_is_larger_than_a_box_neither_moves_the_page_nor_widens_it(slots_site, open_page):
    """Two settings of AdSense let an advertisement be larger than what was asked for."""
    slots_site.run(TURN.format(source="preview"))
    for width in (320, *WIDTHS):
        page = open_page(ARTICLE, width)
        before = page.evaluate("document.documentElement.scrollHeight"), page.evaluate(BOXES)
        page.evaluate("""() => {
          for (const box of document.querySelectorAll(".slot > div")) {
            const large = document.createElement("iframe");
            large.width = 1000;
            large.height = 1200;
            box.replaceChildren(large);
          }
        }""")
        page.wait_for_timeout(200)

        assert (page.evaluate("document.documentElement.scrollHeight"), page.evaluate(BOXES)) == before
        assert page.evaluate("window.moved") == []
        assert not is_sideways(page)


def test_slots_are_accessible_and_no_stop_of_the_tab_key_while_they_are_empty(slots_site, open_page):
    slots_site.run(TURN.format(source="preview"))
    page = open_page(ARTICLE, 1280)

    assert_accessible(page)
    assert page.locator(".slot :is(a, button, input, [tabindex])").count() == 0
    assert page.get_by_role("note", name="Sponsored").count() == 5


@pytest.fixture
def quizzes(slots_site):
    """Two of the article, as long as the test runs."""
    change = """
from articles.models import Article
from quizzes.models import Quiz
for quiz in Quiz.objects.order_by("pk")[:2]:
    quiz.articles.{}(Article.objects.get(slug="eight-hundred-words"))
    quiz.save()
"""
    slots_site.run(change.format("add"))
    yield
    slots_site.run(change.format("remove"))


@pytest.mark.usefixtures("quizzes")
def test_buttons_of_quizzes_and_pages_are_not_near(slots_site, open_page):
    slots_site.run(TURN.format(source="preview"))
    for width in WIDTHS:
        page = open_page(ARTICLE, width)
        boxes = [box.bounding_box() for box in page.locator(".slot > div:visible").all()]
        buttons = [button.bounding_box() for button in page.locator(".quizcall .button").all()]
        assert boxes and buttons
        for box in boxes:
            for button in buttons:
                assert max(gap(box, button, "y", "height"), gap(box, button, "x", "width")) >= 150, (width, box)


def gap(one, other, start, size):
    return max(other[start] - one[start] - one[size], one[start] - other[start] - other[size])


def first_view(slots_site, source, notice):
    """The bytes of the HTML of an article with slots of this source, and of the CSS that it waits for."""
    slots_site.run(f"try: call_command('maintenance', '{notice}')\nexcept SystemExit: pass")
    slots_site.run(TURN.format(source="house" if source == "adsense" else source))
    slots_site.run(TURN.format(source=source))
    body = fetch(slots_site.url + ARTICLE)
    html = brotli.decompress(body).decode()
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"(?! media)', html[: html.index("</head>")])
    sizes = {sheet: len(fetch(slots_site.url + sheet)) for sheet in sheets}

    assert ('<aside class="notice' in html) == (notice == "banner")
    assert html.count('<aside class="slot ') == 6
    assert any("/css/slots." in sheet for sheet in sizes)
    assert ("data-unit" in html, 'class="creative' in html) == (source == "adsense", source != "preview")
    return len(body) + sum(sizes.values())


@pytest.mark.parametrize("notice", ["banner", "off"])
@pytest.mark.parametrize("source", ["preview", "house", "adsense"])
def test_the_first_view_with_slots_fits_in_ten_packets(slots_site, source, notice):
    """Of about 800 words with 20 comments, for the first reader.

    Boxes of AdSense have advertisements of the site's own until it fills them. Once a page is stored for all it is
    smaller.
    """
    assert first_view(slots_site, source, notice) <= 14_336


@pytest.mark.usefixtures("quizzes")
@pytest.mark.parametrize("source", ["preview", "house", "adsense"])
def test_with_two_quizzes_it_fits_without_a_notice(slots_site, source):
    assert first_view(slots_site, source, "off") <= 14_336


def fetch(url):
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def test_nothing_of_another_host_is_asked_for_before_consent(slots_site, browser):
    slots_site.run(TURN.format(source="adsense"))
    context = browser.new_context(base_url=slots_site.url)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(ARTICLE, wait_until="networkidle")

    assert asked and all(url.startswith(slots_site.url) or url.startswith("data:") for url in asked)
    context.close()
