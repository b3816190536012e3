"""The form with its script, in a real Chromium."""

import pytest

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

    page.wait_for_function("document.activeElement.matches('[data-error-summary]')")
    assert page.locator("#join").evaluate("form => Math.abs(form.getBoundingClientRect().top) < innerHeight")
    assert form.get_by_label("Comment", exact=True).input_value() == "Every word of it."
    form.get_by_role("alert").get_by_role("link").click()
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_without_scripts_a_refusal_leads_back_to_the_form_and_its_errors(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(ARTICLE)
    page.get_by_label("Name", exact=True).fill("Ad\u200ba")
    page.get_by_label("Comment", exact=True).fill("Sent without a script.")
    page.get_by_role("button", name="Send for approval").click()

    page.wait_for_url("**/comments/#join")
    assert page.get_by_role("alert").bounding_box()["y"] < page.viewport_size["height"]
    assert page.get_by_label("Comment", exact=True).input_value() == "Sent without a script."
    context.close()
