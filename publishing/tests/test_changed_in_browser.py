"""What readers see in a real Chromium when an editor renames or withdraws what they are writing under."""

import pytest
from playwright.sync_api import expect

from .test_browser import assert_accessible

MAKE = """
from publishing.tests.factories import make_article
from quizzes.tests.factories import make_quiz
make_article(title="Changed meanwhile", slug="{slug}")
make_quiz(title="Changed meanwhile", slug="{slug}", questions=1, kinds=["short_answer"])
"""
FIND = (
    "from articles.models import Article; from quizzes.models import Quiz; thing = {kind}.objects.get(slug='{slug}'); "
)
RENAME = "thing.slug += '-renamed'; thing.save()"
ARCHIVE = "thing.archive(by=None)"
TEXT = "Does it hold for two people?\n\nI typed this for a while."


@pytest.fixture
def shell(site):
    yield lambda code: site.run(code)
    site.execute("UPDATE comments_comment SET network = ''")


def write(page, slug):
    page.goto(f"/articles/{slug}/")
    page.get_by_label("Name", exact=True).fill("Ada")
    page.get_by_label("Comment", exact=True).fill(TEXT)


def send(page):
    page.get_by_role("button", name="Send for approval").click()


def test_a_comment_under_an_article_that_is_renamed_is_held(page, shell):
    shell(MAKE.format(slug="renamed-meanwhile"))
    write(page, "renamed-meanwhile")
    shell(FIND.format(kind="Article", slug="renamed-meanwhile") + RENAME)
    send(page)

    page.wait_for_url("**/comments/receipts/**")
    expect(page.get_by_text("I typed this for a while.")).to_be_visible()


def test_a_comment_under_an_article_that_is_archived_comes_back(page, shell):
    shell(MAKE.format(slug="archived-meanwhile"))
    write(page, "archived-meanwhile")
    shell(FIND.format(kind="Article", slug="archived-meanwhile") + ARCHIVE)
    send(page)

    expect(page.get_by_role("heading", name="This article was withdrawn")).to_be_visible()
    assert page.get_by_label("Comment", exact=True).input_value() == TEXT
    assert page.get_by_label("Name").input_value() == "Ada"


@pytest.mark.parametrize("change", [RENAME, ARCHIVE], ids=["renamed", "archived"])
def test_a_quiz_that_somebody_answers_is_graded(page, shell, change):
    slug = "answered-" + ("archived" if change == ARCHIVE else "renamed")
    shell(MAKE.format(slug=slug))
    page.goto(f"/quizzes/{slug}/")
    page.get_by_label("Right").check()
    page.get_by_label("Your answer").fill("yield")
    shell(FIND.format(kind="Quiz", slug=slug) + change)
    page.locator("[data-submit]").click()

    page.wait_for_url("**/quizzes/results/*/")
    assert page.locator("h1").inner_text() == "You got 2 of 2"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_what_was_withdrawn_fits(browser, site, shell, width, scheme):
    slug = f"fits-{width}-{scheme}"
    shell(MAKE.format(slug=slug))
    context = browser.new_context(base_url=site.url, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    write(page, slug)
    shell(FIND.format(kind="Article", slug=slug) + ARCHIVE)
    send(page)

    expect(page.get_by_role("heading", name="What you typed")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert_accessible(page)
    context.close()


def test_a_heart_is_remembered_after_the_article_was_renamed(page, shell):
    shell(MAKE.format(slug="hearted"))
    page.goto("/articles/hearted/")
    page.get_by_role("button", name="Heart this").click()
    expect(page.locator("[name=wanted][value=no]")).to_be_visible()
    shell(FIND.format(kind="Article", slug="hearted") + RENAME)

    page.goto("/articles/hearted/")
    page.wait_for_url("**/articles/hearted-renamed/")
    expect(page.locator("[name=wanted][value=no]")).to_be_visible()
