"""What a person meets: the served demo publication in a real Chromium."""

import gzip
import json
import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe

from publishing.tests.browser import sign_in

OPINION = "/articles/the-smallest-framework-that-could-possibly-teach-you/"
QUIZ = "/quizzes/routing-and-requests/"
# `target-size` is off by default in axe; WCAG 2.2 asks for it.
AXE = {
    "rules": {"target-size": {"enabled": True}, "css-orientation-lock": {"enabled": True}},
    "resultTypes": ["violations"],
}
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
window.shift = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def watched(page, site):
    """A page that notes violations of the policy, layout shifts, errors and requests to other hosts."""
    page.add_init_script(WATCH)
    page.foreign, page.faults = [], []
    page.on("request", lambda request: note_foreign(page, request.url, site.url))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    return page


def note_foreign(page, url, ours):
    if not url.startswith((ours, "data:")):
        page.foreign.append(url)


def violations(page):
    return page.evaluate("window.violations")


# A colour that fades into another has too little contrast on its way.
STILL = """() => Promise.allSettled(document.getAnimations()
  .filter(({ effect, playState }) => playState === "running" && effect.getComputedTiming().endTime < Infinity)
  .map((animation) => animation.finished)).then(() => null)"""


def assert_accessible(page):
    page.evaluate(STILL)
    found = Axe().run(page, options=AXE).response["violations"]
    problems = [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]
    assert problems == []


def test_the_owners_page_has_every_part_from_top_to_bottom(page):
    page.goto(OPINION)
    text = page.locator("body").inner_text()

    parts = [
        "maintenance", "go to quizzes", "sponsored", "preview of the layout until adsense is connected", "opinion",
        "the smallest framework that could possibly teach you", "june 2026", "min read", "1 view", "0 hearts",
        "read next", "comments", "stay visible to everyone who reads the page", "in thread", "join the discussion",
        "name", "shown next to your comment.", "up to 4,000 characters",
    ]  # fmt: skip
    place, lowered = 0, text.lower()
    for part in parts:
        assert part in lowered[place:], part
        place = lowered.index(part, place)
    assert page.locator(".prose h2").count() >= 1
    assert page.locator(".prose h3").count() >= 1
    assert page.locator(".prose li strong").count() >= 1
    assert page.locator(".prose pre code").count() >= 1
    assert page.locator(".prose .slot").count() >= 1


def test_a_comment_is_written_held_and_approved(watched):
    page = watched
    page.goto(OPINION)
    page.get_by_label("Name", exact=True).fill("Marisol")
    page.get_by_role("textbox", name=re.compile("Comment")).fill("Has it held\nfor `two`?")
    page.get_by_role("button", name="Send for approval").click()

    page.wait_for_url("**/comments/receipts/**")
    assert "Has it held" in page.content()
    assert_accessible(page)
    page.goto(OPINION)
    page.get_by_text("only you see this").wait_for()
    assert "Has it held" not in page.request.get(OPINION).text()

    page.goto("/admin/login/")
    page.get_by_label("Username").fill("moderator")
    page.get_by_label("Password").fill("for-this-test-run-only")
    page.get_by_role("button", name="Log in").click()
    page.goto("/admin/comments/comment/")
    page.locator("tr", has_text="Has it held").get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(label="Approve")
    page.get_by_role("button", name=re.compile("Go|Run")).click()
    page.goto(OPINION)

    assert "Has it held" in page.content()
    assert violations(page) == []


def test_a_refused_comment_keeps_the_text_and_says_what_is_wrong(watched):
    page = watched
    page.goto("/articles/sqlite-is-the-database-you-already-run/")
    page.get_by_role("textbox", name=re.compile("Comment")).fill("A thought worth keeping.")
    page.evaluate("document.querySelectorAll('[required]').forEach((field) => field.removeAttribute('required'))")
    page.get_by_role("button", name="Send for approval").click()
    page.wait_for_load_state("networkidle")

    assert page.get_by_role("textbox", name=re.compile("Comment")).input_value() == "A thought worth keeping."
    assert page.locator("[aria-invalid=true]").count() == 1
    assert page.evaluate("document.activeElement !== document.body")
    assert_accessible(page)
    assert violations(page) == []


def test_a_quiz_is_taken_without_a_script_and_its_result_explains(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(QUIZ)
    for question in page.locator("fieldset").all():
        question.locator("input[type=radio], input[type=checkbox]").first.check()
    page.locator("main form button").last.click()

    page.wait_for_url("**/quizzes/results/**")
    assert re.search(r"\d.* of 8", page.locator("main").inner_text())
    context.close()


def test_the_result_is_accessible_and_the_paper_remembers_answers(watched):
    page = watched
    page.goto(QUIZ)
    page.locator("fieldset").first.locator("input").first.check()
    page.reload()
    assert page.locator("fieldset").first.locator("input").first.is_checked()

    for question in page.locator("fieldset").all():
        question.locator("input[type=radio], input[type=checkbox]").first.check()
    page.locator("main form button").last.click()
    page.wait_for_url("**/quizzes/results/**")
    page.wait_for_load_state("networkidle")

    assert page.evaluate("document.activeElement.id") == "result"
    assert violations(page) == []
    assert_accessible(page)


def hearts_of(page):
    """What the button says, whether it is pressed, and what the line under the title says."""
    page.wait_for_load_state("networkidle")
    button, beside = page.locator(".hearts [aria-pressed]"), page.locator(".byline [data-hearts]")
    # Nothing is said of an article without views and hearts.
    return button.inner_text(), button.get_attribute("aria-pressed"), beside.text_content() or "0 hearts"


def words_of_hearts(hearted, number):
    said = ("♥ Remove your heart" if hearted else "♡ Heart this") + (f" · {number}" if number else "")
    return said, str(hearted).lower(), f"{number} heart{'' if number == 1 else 's'}"


def test_a_heart_is_said_by_button_and_byline_at_once_after_a_reload_and_in_another_tab(watched):
    page = watched
    page.goto(OPINION)
    other = page.context.new_page()
    other.goto(OPINION)
    # A zero is not said.
    before = int((re.search(r"\d+", page.locator(".hearts [aria-pressed]").inner_text()) or ["0"])[0])
    given, taken = words_of_hearts(True, before + 1), words_of_hearts(False, before)
    assert hearts_of(page) == taken

    page.get_by_role("button", name="Heart this").click()
    for tab in (page, other):
        tab.wait_for_selector("[aria-pressed=true]")
        assert hearts_of(tab) == given
    page.reload()
    page.wait_for_selector("[aria-pressed=true]")
    assert hearts_of(page) == given

    other.locator("[name=wanted][value=no]").click()
    for tab in (other, page):
        tab.wait_for_selector("[aria-pressed=false]")
        assert hearts_of(tab) == taken
    page.reload()
    assert hearts_of(page) == taken
    assert violations(page) == []


def test_without_a_script_a_button_does_what_it_says(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    for _ in range(2):
        # The page is the same for everyone: it offers a heart again, and then no heart is removed.
        page.goto("/articles/git-bisect-while-the-tea-brews/")
        page.get_by_role("button", name="Heart this").click()
        assert "has 1 heart, one of them yours" in page.locator("main").inner_text()
    page.locator("[name=wanted][value=no]").click()
    assert "has 0 hearts." in page.locator("main").inner_text()
    page.get_by_role("button", name="Heart this").click()
    assert "has 1 heart" in page.locator("main").inner_text()
    page.locator("[name=wanted][value=no]").click()
    context.close()


def test_a_view_is_sent_after_a_second_and_counted_once(page, site):
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156 Safari/537.36"}
    page.context.set_extra_http_headers(agent)
    with page.expect_response(lambda response: response.url.endswith("/view/")) as beacon:
        page.goto("/articles/why-a-dict-remembers-its-order/")

    assert beacon.value.status == 204
    code = "print(ArticleCounts.objects.get(article__slug='why-a-dict-remembers-its-order').views)"
    assert site.run(code).strip() == "1"


def test_the_theme_that_was_chosen_is_there_before_the_first_paint(page):
    page.goto("/")
    page.evaluate("localStorage.clear()")
    page.get_by_role("button", name="Theme: auto").click()
    page.get_by_role("button", name="Theme: light").click()
    assert page.get_by_role("button", name="Theme: dark").is_visible()
    light = "rgb(253, 252, 249)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light

    page.goto("/archive/", wait_until="commit")
    page.wait_for_selector("body")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


@pytest.mark.parametrize(("path", "form"), [(OPINION, "/admin/articles/article/"), (QUIZ, "/admin/quizzes/quiz/")])
def test_staff_find_the_way_to_the_form_and_readers_do_not(page, site, path, form):
    page.goto(path, wait_until="networkidle")
    assert page.locator('a[href^="/admin/"]').count() == 0

    page.context.add_cookies([{"name": "staff", "value": "1", "url": site.url}])
    page.goto(path)
    page.get_by_role("link", name="Edit").click()
    page.wait_for_url(re.compile(r"/admin/login/\?next=" + form))


def test_the_editors_toolbar_and_preview_work(watched):
    page = watched
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/", wait_until="networkidle")

    body = page.locator("#id_body")
    body.fill("word")
    body.select_text()
    page.locator("md-bold").click()
    page.get_by_role("button", name="Preview", exact=True).click()
    page.wait_for_selector(".markdown-preview strong")

    assert body.input_value() == "**word**"
    assert page.locator(".markdown-preview strong").inner_text() == "word"
    assert violations(page) == []


def fetch(url, **headers):
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_the_first_view_of_an_article_fits_in_one_round_trip(site):
    """HTML and the CSS that it waits for, brotli, of an article of about 800 words with 20 comments: at most 14 kB.

    With the notice of maintenance, and for the first reader after a change.
    """
    site.run(SEED)
    status, headers, body = fetch(f"{site.url}/articles/eight-hundred-words/", **{"Accept-Encoding": "br"})
    html = brotli.decompress(body).decode()
    head = html[: html.index("</head>")]
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"(?! media)', head)
    sizes = {sheet: len(fetch(site.url + sheet, **{"Accept-Encoding": "br"})[2]) for sheet in sheets}

    assert status == 200
    assert html.count('class="comment"') == 20
    assert any("/notice" in sheet for sheet in sizes)
    assert len(body) + sum(sizes.values()) <= 14_000, (len(body), sizes)


SEED = """
from pathlib import Path
from datetime import UTC, datetime
from articles.models import Article, Category
from comments.tests.factories import import_comment
source = Path("demo/articles/make-the-wrong-state-impossible.md").read_text().split("---", 2)[2]
if not Article.objects.filter(slug="eight-hundred-words").exists():
    article = Article.objects.create(title="Eight hundred words", slug="eight-hundred-words", summary="As many.",
        body=source, status="published", published_at=datetime(2026, 1, 1, tzinfo=UTC),
        category=Category.objects.first())
    for number in range(20):
        thought = f"Thought number {number}: {source[number * 150:number * 150 + 180]}"
        import_comment(article, f"Reader {number}", thought, datetime(2026, 1, 2, tzinfo=UTC))
"""


def test_fifty_hearts_and_fifty_views_at_once_over_two_processes_lose_none(site):
    address = f"{site.url}/articles/git-bisect-while-the-tea-brews"
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}

    def heart_and_view(number):
        for action in ("heart", "view"):
            sent = {**headers, "User-Agent": f"Mozilla/5.0 (Reader {number})"}
            request = urllib.request.Request(f"{address}/{action}/", headers=sent, data=b"", method="POST")
            with urllib.request.urlopen(request) as answer:
                assert answer.status in (200, 204)

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(heart_and_view, range(50)))

    code = "c = ArticleCounts.objects.get(article__slug='git-bisect-while-the-tea-brews'); print(c.hearts, c.views)"
    assert site.run(code).strip() == "50 50"


def test_compressed_pages_and_static_files_say_the_same_as_plain_ones(site):
    plain = fetch(f"{site.url}{OPINION}", **{"Accept-Encoding": "identity"})[2]

    assert brotli.decompress(fetch(f"{site.url}{OPINION}", **{"Accept-Encoding": "br"})[2]) == plain
    assert gzip.decompress(fetch(f"{site.url}{OPINION}", **{"Accept-Encoding": "gzip"})[2]) == plain


def test_no_answer_key_is_in_any_byte_of_the_paper(site):
    _, headers, body = fetch(f"{site.url}{QUIZ}", **{"Accept-Encoding": "identity"})
    text = body.decode() + json.dumps(dict(headers))

    for word in ("weight", "fraction", "is_right", "explanation", "feedback", "####"):
        assert word not in text.lower(), word


def test_in_state_closed_only_the_quizzes_stay_and_the_page_says_until_when(site, browser):
    site.run("call_command('maintenance', 'closed', '--for', '1h')")
    try:
        page = browser.new_context(base_url=site.url).new_page()
        answer = page.goto("/")
        assert answer.status == 503
        assert 3500 <= int(answer.headers["retry-after"]) <= 3600
        assert_accessible(page)
        page.get_by_role("link", name="Go to quizzes").first.click()
        page.wait_for_url("**/quizzes/")
        assert page.goto(QUIZ).status == 200
        for path, status in {
            OPINION: 503,
            "/feed.xml": 503,
            "/robots.txt": 200,
            "/healthz": 200,
            "/admin/login/": 200,
        }.items():
            assert fetch(site.url + path)[0] == status, path
        page.context.close()
    finally:
        site.run("call_command('maintenance', 'banner')")
    assert fetch(site.url + "/")[0] == 200


def test_an_article_loads_at_most_73_kilobytes_with_its_notice_and_its_slot(page):
    page.goto(OPINION, wait_until="networkidle")

    sizes = page.evaluate(
        """() => performance.getEntries()
          .filter((entry) => entry.encodedBodySize)
          .map((entry) => [new URL(entry.name).pathname, entry.encodedBodySize])"""
    )
    names = " ".join(name for name, _ in sizes)

    files = ("newsreader", "css/site", "css/notice", "css/slots", "js/theme", "js/notice")
    assert all(part in names for part in (OPINION, *files))
    assert sum(size for _, size in sizes) <= 73_226, sizes
