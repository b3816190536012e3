"""What a reader does with an article, in a real Chromium: on a phone, in a wide window, by keys, without a script."""

import re

import pytest
from playwright.sync_api import expect

from publishing.tests.test_browser import OPINION, assert_accessible, violations

PHONE, DESK = {"width": 360, "height": 800}, {"width": 1280, "height": 900}
CAPTURE = """
window.shift = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
window.copied = [];
navigator.clipboard.writeText = async (text) => void window.copied.push(text);
"""
# Where each of the first lines of text begins and ends, from the top of the page.
LINES = """() => {
  const range = document.createRange();
  const text = document.querySelector(".prose > p");
  range.selectNodeContents(text);
  const tops = [...range.getClientRects()].filter(({ width }) => width > 1);
  const whole = tops.filter(({ bottom }) => bottom <= innerHeight).map(({ bottom }) => Math.round(bottom / 12));
  return { top: tops[0].top, lines: new Set(whole).size };
}"""

MAKE = """
from django.core.files.base import ContentFile
from articles.models import Article, Image
from publishing.tests.factories import make_article, make_author
from publishing.tests.pictures import picture
if not Article.objects.filter(slug="to-be-read").exists():
    image = Image.from_file(ContentFile(picture(size=(900, 600)), "tall.png"), "A red field")
    body = '''First paragraph with a note.[^a] It is short, yet it takes three lines of a phone, or one or two more.

Second one, for the place of a slot.

## Alpha

''' + "Words to scroll by. " * 120 + '''

```python
print("one")
```

''' + f"![A red field]({image.file.url})" + '''

## Beta

''' + "More words to scroll by. " * 120 + '''

''' + "| Column number " * 12 + "|\\n" + "|---" * 12 + "|\\n" + "| some words " * 12 + '''|

## Gamma

The last words are here, and they are the end of it.

[^a]: Said beside the text.
'''
    make_article(slug="to-be-read", title="To be read", body=body, cover=image, authors=[make_author("Ada Byron")])
"""
PATH = "/articles/to-be-read/"


@pytest.fixture(scope="module")
def made(site):
    site.run(MAKE)


@pytest.fixture
def reader(browser, site, made):
    """Opens a page of the given size, with what it copies and how far it shifts noted."""
    contexts = []

    def opened(path=PATH, size=DESK, **options):
        context = browser.new_context(base_url=site.url, viewport=size, **options)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(CAPTURE)
        page.goto(path, wait_until="networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()


def test_title_byline_and_three_lines_of_each_article_are_on_the_first_screen_of_a_phone(reader, site):
    """With the notice, too; of each that has three lines."""
    long = "Article.objects.published().filter(word_count__gte=100)"
    slugs = site.run(f"print(*{long}.values_list('slug', flat=True))").split()
    page = reader(size=PHONE)
    late = {}
    for slug in slugs:
        page.goto(f"/articles/{slug}/", wait_until="load")
        found = page.evaluate(LINES)
        if found["top"] > 620 or found["lines"] < 3:
            late[slug] = found

    assert len(slugs) > 10
    assert late == {}


@pytest.mark.parametrize(("size", "seen", "unseen"), [(PHONE, "narrow", "wide"), (DESK, "wide", "narrow")])
def test_of_the_two_places_of_the_slot_above_an_article_one_has_a_box_and_nothing_moves(reader, size, seen, unseen):
    page = reader(OPINION, size=size)
    slot = page.locator(".slot-article-top")

    assert [each.get_attribute("data-at") for each in slot.all() if each.bounding_box()] == [seen]
    assert not page.locator(f".slot[data-at={unseen}]").evaluate("slot => slot.checkVisibility()")
    above = slot.and_(page.locator(":visible")).bounding_box()["y"] < page.locator("h1").bounding_box()["y"]
    assert above == (seen == "wide")
    page.mouse.wheel(0, 20_000)
    page.wait_for_timeout(200)
    assert page.evaluate("window.shift") == 0


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_no_second_screen_of_furniture_is_between_the_text_and_the_discussion(reader, size):
    page = reader(OPINION, size=size)
    above, below = (page.locator(each).bounding_box()["y"] for each in ("form.hearts", "#comments"))

    assert below - above < 1.25 * size["height"]


def test_contents_stand_open_in_a_wide_margin_with_the_place_marked_and_are_a_line_on_a_phone(reader):
    page = reader()
    links = page.locator(".contents a")
    expect(links.nth(1)).to_be_in_viewport()
    page.locator("#beta").scroll_into_view_if_needed()
    page.locator("#beta").evaluate("heading => heading.scrollIntoView()")
    page.wait_for_timeout(200)
    expect(links.nth(1)).to_be_in_viewport()
    marked = "[...document.querySelectorAll('.contents :target-current')].map((link) => link.textContent)"
    assert page.evaluate(marked) == ["Beta"]
    assert_accessible(page)

    page.set_viewport_size(PHONE)
    expect(links.first).to_be_hidden()
    page.get_by_text("In this article").click()
    links.nth(2).click()
    expect(page.locator("#gamma")).to_be_in_viewport()


def test_without_a_script_contents_stand_open_and_a_note_is_beside_the_text_or_below_it(reader):
    page = reader(java_script_enabled=False)
    notes, side = page.locator(".footnotes"), page.locator(".side")
    expect(page.locator(".contents a").first).to_be_visible()
    expect(side).to_be_visible()
    expect(notes).to_be_hidden()

    page.emulate_media(media="print")
    page.set_viewport_size({"width": 643, "height": 900})
    expect(notes).to_be_visible()
    expect(side).to_be_hidden()
    # Nothing is cut off on paper, and a listing may break.
    assert page.locator(".table").evaluate("table => table.scrollWidth") <= 643
    assert page.locator("pre").evaluate("listing => getComputedStyle(listing).overflowX") == "visible"
    page.emulate_media(media="screen")
    page.set_viewport_size(PHONE)
    expect(notes).to_be_visible()
    expect(side).to_be_hidden()


def test_a_picture_opens_in_its_own_size_and_the_focus_comes_back(reader):
    page = reader()
    picture = page.locator(".prose figure:not(.plate) .zoom")
    picture.focus()
    page.keyboard.press("Enter")
    large = page.get_by_role("dialog", name="Picture").get_by_role("img", name="A red field")

    expect(large).to_be_visible()
    assert large.get_attribute("src").endswith(picture.get_attribute("href"))
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    assert picture.evaluate("link => link === document.activeElement")
    assert violations(page) == []


def test_code_an_address_and_a_passage_are_copied(reader):
    page = reader()
    page.locator("pre").hover()
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("button", name="Copy link", exact=True).click()
    page.evaluate("""() => {
      const text = document.querySelector(".prose > p:last-of-type").firstChild;
      getSelection().setBaseAndExtent(text, 5, text, text.data.indexOf("re, and"));
    }""")
    page.get_by_role("button", name="Copy link to this").click()

    code, address, passage = page.evaluate("window.copied")
    assert code == 'print("one")\n'
    assert address.endswith(PATH)
    assert passage == f"{address}#:~:text=last%20words%20are%20here"
    assert violations(page) == []


def test_keys_go_through_the_headings_and_to_the_search_unless_one_types_or_turned_them_off(reader):
    page = reader()
    focused = "document.activeElement.textContent.trim()"
    for key, heading in (("j", "Alpha"), ("j", "Beta"), ("k", "Alpha")):
        page.keyboard.press(key)
        assert page.evaluate(focused).startswith(heading)
    page.goto("/")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.matches(':is(h2, h3) a')")
    page.keyboard.press("/")
    page.keyboard.type("j/")
    assert page.locator(".masthead input").input_value() == "j/"

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_text("Search")).to_be_visible()
    assert_accessible(page)
    dialog.get_by_label("Use them").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")


def test_without_the_file_of_their_words_scripts_do_the_same_and_say_little(reader):
    page = reader()
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    page.route("**/words-*.json", lambda route: route.abort())
    page.reload(wait_until="networkidle")
    page.locator("pre").hover()
    page.locator("pre button").click()
    heart = page.locator("form.hearts [aria-pressed]")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(page.locator("form.hearts output")).to_have_text("…")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_role("button").click()
    # Once it is there, they say what they should.
    page.unroute("**/words-*.json")
    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert page.evaluate("window.copied") == ['print("one")\n']
    assert errors == []


def test_the_first_heart_appears_below_the_title_and_moves_nothing(reader, site):
    page = reader(size=PHONE)
    facts = page.locator(".byline .facts")
    assert not re.search("heart|view", facts.inner_text())
    page.locator("form.hearts").scroll_into_view_if_needed()
    beside = page.get_by_role("button", name="Copy link", exact=True)
    before = page.get_by_role("button", name="Heart this").bounding_box(), beside.bounding_box()
    page.get_by_role("button", name="Heart this").click()
    button = page.get_by_role("button", name="Remove your heart")
    expect(button).to_have_attribute("aria-pressed", "true")

    assert "1 heart" in facts.inner_text()
    for box, as_it_was in zip((button.bounding_box(), beside.bounding_box()), before, strict=True):
        assert box == pytest.approx(as_it_was, abs=1)
    button.click()
    expect(page.get_by_role("button", name="Heart this")).to_be_visible()
