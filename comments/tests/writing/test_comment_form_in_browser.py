"""The form with its script, in a real Chromium."""

import pytest
from playwright.sync_api import expect

ARTICLE = "/articles/the-smallest-framework-that-could-possibly-teach-you/"


@pytest.fixture
def form(page):
    page.goto(ARTICLE)
    return page.locator("#join")


def test_characters_are_counted_as_the_server_counts_them(form):
    body = form.get_by_label("Comment", exact=True)

    body.fill("two\nlines 😀")
    assert form.get_by_text("11 of 4,000").is_visible()

    body.fill("x" * 4001)
    assert form.get_by_text("4,001 of 4,000").is_visible()
    assert not body.evaluate("field => field.validity.valid")

    body.fill("x" * 4000)
    assert body.evaluate("field => field.validity.valid")


def test_after_a_refusal_the_errors_have_the_focus_and_the_text_is_still_there(page, form):
    form.get_by_label("Name", exact=True).fill("\u200b")
    form.get_by_label("Comment", exact=True).fill("Every word of it.")
    form.get_by_role("button", name="Send for approval").click()

    page.wait_for_url("**/comments/#problem")
    page.wait_for_selector("#problem:focus")
    assert form.get_by_label("Comment", exact=True).input_value() == "Every word of it."
    form.get_by_role("alert").get_by_role("link").click()
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_without_scripts_an_answer_is_refused_with_the_focus_on_what_is_wrong(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(ARTICLE)
    answered = page.locator(".comment").first
    name = answered.locator("bdi").inner_text()
    answered.get_by_role("link", name="Reply to").click()
    page.wait_for_url("**/comments/?reply=*")
    page.get_by_label("Name", exact=True).fill("Ad\u200ba")
    page.get_by_label("Comment", exact=True).fill("Sent without a script.")
    page.get_by_role("button", name="Send for approval").click()

    page.wait_for_selector("#problem:focus")
    assert page.get_by_role("alert").bounding_box()["y"] < page.viewport_size["height"]
    assert page.get_by_label("Comment", exact=True).input_value() == "Sent without a script."
    assert page.locator("#join h3").inner_text() == f"Reply to {name}"
    context.close()


@pytest.fixture(scope="module")
def long_thread(site):
    """An article with 45 conversations, the first of 31 comments; and nobody who has sent too much."""
    site.run(SEED)
    yield "/articles/what-a-cookie-promises/"
    site.execute("UPDATE comments_comment SET network = ''")


SEED = """
from datetime import UTC, datetime
from articles.models import Article
from comments.tests.factories import import_comment
article = Article.objects.get(slug="what-a-cookie-promises")
article.comments.all().delete()
when = datetime(2026, 9, 1, tzinfo=UTC)
roots = [import_comment(article, "Ada", f"Root {number}.", when) for number in range(45)]
for number in range(30):
    import_comment(article, "Bo", f"Answer {number}.", when, parent=roots[0])
Comment.objects.update(network="")
"""


def test_folded_answers_and_further_pages_come_into_the_page(page, long_thread):
    page.goto(long_thread)
    comments, faults = page.locator("article.comment"), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    assert comments.count() == 23

    for shown in (43, 50):
        page.locator("[data-more]").first.click()
        expect(comments).to_have_count(shown)
        assert page.locator("article.comment:focus").count() == 1
    for shown in (70, 75):
        page.get_by_role("link", name="Later comments").click()
        expect(comments).to_have_count(shown)

    numbers = comments.evaluate_all("articles => articles.map((article) => article.id)")
    assert len(set(numbers)) == 75
    assert page.locator("[data-more], [rel~=next]").count() == 0
    assert page.url.endswith(long_thread) and faults == []


def test_an_answer_is_written_under_its_comment_kept_over_a_reload_and_shown_while_it_waits(page, long_thread):
    page.goto(long_thread)
    comment = page.locator("article.comment").nth(2)
    comment.get_by_role("link", name="Reply to").click()

    assert page.evaluate("document.activeElement.id") == "id_name"
    assert page.locator("article.comment + #join").count() == 1
    assert page.locator("#join h3").inner_text() == "Reply to Bo"
    page.get_by_label("Name", exact=True).fill("Marisol")
    page.get_by_label("Kind").select_option("question")
    page.get_by_text("Tell me about replies by e-mail").click()
    page.get_by_label("E-mail").fill("marisol@reader.example")
    page.get_by_label("Comment", exact=True).fill("Kept in this browser.")
    page.wait_for_timeout(400)

    page.reload()
    assert page.get_by_label("Comment", exact=True).input_value() == "Kept in this browser."
    assert page.get_by_label("Kind").input_value() == "question"
    assert page.get_by_label("E-mail").is_visible()
    assert page.get_by_label("E-mail").input_value() == "marisol@reader.example"
    assert page.locator("article.comment + #join").count() == 1
    assert page.locator("#join h3").inner_text() == "Reply to Bo"
    page.get_by_role("button", name="Cancel").click()
    assert page.locator("#join h3").inner_text() == "Join the discussion"
    assert page.evaluate("document.activeElement.textContent") == "Reply"
    assert page.locator("article.comment + #join").count() == 0
    assert page.get_by_label("Comment", exact=True).input_value() == "Kept in this browser."

    page.get_by_role("button", name="Send for approval").click()
    page.wait_for_url("**/receipts/**")
    page.goto(long_thread)
    own = page.locator(".comment", has_text="Kept in this browser.")
    expect(own).to_contain_text("only you see this")
    assert page.get_by_label("Comment", exact=True).input_value() == ""
    assert "75 in thread" in page.locator("#comments").inner_text()
    # It answers nothing any more, so it stands under all that does not.
    assert own.locator("xpath=../..").evaluate("list => list.matches('.thread > ol:last-of-type')")


@pytest.mark.parametrize(
    ("answered", "stands"),
    [("Root 3.", "#{} + ol > li"), ("Answer 1.", "li:has(> #{}) + li.d3")],
    ids=["a root without answers", "one answer of many"],
)
def test_an_own_answer_stands_under_what_it_answers_while_it_waits(page, long_thread, site, answered, stands):
    site.execute("UPDATE comments_comment SET network = ''")
    page.goto(long_thread)
    comment = page.locator("article.comment", has_text=answered)
    number = comment.get_attribute("id")
    comment.get_by_role("link", name="Reply to").click()
    page.get_by_label("Name", exact=True).fill("Marisol")
    page.get_by_label("Comment", exact=True).fill("It waits.")
    page.get_by_role("button", name="Send for approval").click()
    page.wait_for_url("**/receipts/**")

    page.goto(long_thread)

    own = page.locator(stands.format(number), has_text="It waits.")
    expect(own).to_contain_text("only you see this")
    assert page.get_by_text("only you see this").count() == 1
