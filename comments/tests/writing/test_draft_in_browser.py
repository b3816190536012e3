"""What the browser keeps of a comment until it has arrived, and of its writer, in a real Chromium."""

import json

import pytest

ARTICLE = "/articles/what-a-cookie-promises/"


@pytest.fixture
def faults(page):
    """Errors that no script caught."""
    found = []
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def number(page):
    page.goto(ARTICLE)
    return page.locator("#comments").get_attribute("data-article")


@pytest.fixture
def unlimited(site):
    """Comments may follow each other at once; call it to begin again."""

    def forget():
        site.execute("UPDATE comments_comment SET network = ''")

    forget()
    return forget


def body(page):
    return page.get_by_label("Comment", exact=True)


def name(page):
    return page.get_by_label("Name", exact=True)


def write(page, text):
    body(page).fill(text)
    page.wait_for_timeout(400)


def send(page):
    page.get_by_role("button", name="Send for approval").click()
    page.wait_for_url("**/receipts/**")


def test_a_draft_survives_three_returns_and_the_form_is_empty_after_sending(page, number, faults, unlimited):
    name(page).fill("Marisol")
    text = ""
    for part in ("First. ", "Second. ", "Third. "):
        assert body(page).input_value() == text
        text += part
        write(page, text)
        page.goto("/")
        page.goto(ARTICLE)
    assert body(page).input_value() == text
    assert name(page).input_value() == "Marisol"

    send(page)
    page.go_back()
    assert body(page).input_value() == ""
    page.goto(ARTICLE)

    assert body(page).input_value() == ""
    assert faults == []


def test_what_was_typed_just_before_leaving_is_kept(page, number, faults):
    body(page).fill("Typed and gone.")
    page.goto("/")
    page.goto(ARTICLE)

    assert body(page).input_value() == "Typed and gone."
    assert faults == []


@pytest.mark.parametrize(
    "stored",
    [
        "not json",
        "null",
        "7",
        '"text"',
        "[1, 2]",
        json.dumps({"body": 7, "name": None, "parent": {}, "email": [], "kind": 1}),
        json.dumps({"body": "Kept.", "parent": "999999999"}),
        json.dumps({"body": "Kept.", "parent": "x'] #nothing"}),
        json.dumps({"body": "Kept.", "kind": "of another version", "extra": True}),
    ],
)
def test_a_draft_of_another_version_or_article_breaks_nothing(page, number, faults, stored):
    for key in (f"draft:{number}", f"commented:{number}", "writer"):
        page.evaluate("([key, stored]) => localStorage.setItem(key, stored)", [key, stored])
    page.reload()

    assert body(page).input_value() == ("Kept." if "Kept." in stored else "")
    assert page.get_by_label("Kind").input_value() == "comment"
    write(page, "Written now.")
    page.reload()
    assert body(page).input_value() == "Written now."
    assert faults == []


STORAGE_FORBIDDEN = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("Denied", "SecurityError"); } });
"""
STORAGE_FULL = "Storage.prototype.setItem = () => { throw new DOMException('Full', 'QuotaExceededError'); };"


@pytest.mark.parametrize("fault", [STORAGE_FORBIDDEN, STORAGE_FULL], ids=["forbidden", "full"])
def test_without_storage_a_comment_is_written_and_sent(page, faults, unlimited, fault):
    page.add_init_script(fault)
    page.goto(ARTICLE)
    name(page).fill("Marisol")
    write(page, f"Sent without storage {len(fault)}.")

    send(page)

    assert page.get_by_role("heading", name="Waiting for a moderator").is_visible()
    assert faults == []


def test_the_name_is_remembered_unless_its_writer_says_no(page, number, faults, unlimited):
    name(page).fill("Marisol")
    write(page, "Remember me.")
    send(page)

    page.goto("/articles/the-smallest-framework-that-could-possibly-teach-you/")
    assert name(page).input_value() == "Marisol"
    page.get_by_label("Remember my name in this browser").uncheck()

    page.goto(ARTICLE)
    assert name(page).input_value() == ""
    assert not page.get_by_label("Remember my name in this browser").is_checked()
    name(page).fill("Ada")
    write(page, "Do not remember me.")
    unlimited()
    send(page)
    page.goto(ARTICLE)
    assert name(page).input_value() == ""
    assert faults == []


def test_without_scripts_there_is_no_box_that_would_do_nothing(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(ARTICLE)

    assert not page.get_by_text("Remember my name").is_visible()
    context.close()


WIDE = ["W" * 50, "\ufdfd" * 50, "\u2e3b" * 50, "\U0001242b" * 50, "\ud55c" * 50]


@pytest.fixture
def wide_comments(site):
    """An article with comments whose names and texts are as wide as they may be, in every depth."""
    site.run(SEED)
    yield "/articles/the-log-line-you-will-want-at-3-a-m/"


SEED = f"""
from django.utils import timezone
from articles.models import Article
from comments.tests.factories import import_comment
article = Article.objects.published().get(slug="the-log-line-you-will-want-at-3-a-m")
parent = None
for name in {WIDE!r}:
    parent = import_comment(article, name, name * 4, timezone.now(), parent=parent)
"""


@pytest.mark.parametrize("width", [320, 360])
def test_no_name_and_no_text_moves_the_page_sideways(page, wide_comments, width):
    page.set_viewport_size({"width": width, "height": 740})
    for address in (wide_comments, f"{wide_comments}comments/"):
        page.goto(address)
        assert page.locator("article.comment").count() >= 3
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Reply to").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Report").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
