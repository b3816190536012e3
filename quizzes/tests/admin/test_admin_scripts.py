"""The scripts of the quiz admin, in a browser on the demo publication."""

import pytest
from playwright.sync_api import expect

from publishing.tests.browser import sign_in

KINDS = {
    "single": ["Choice", "Weight", "Feedback", "Pinned"],
    "true_false": ["Choice", "Weight", "Feedback"],
    "numeric": ["Accepted number", "Weight", "Tolerance", "which is", "Feedback"],
    "matching": ["Left side", "belongs to"],
    "ordering": ["Item, in its right place"],
    "output": [],
}


@pytest.fixture
def editor_page(page):
    sign_in(page, "editor")
    return page


def open_first_quiz(page, width=1280):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/admin/quizzes/quiz/")
    page.locator("#result_list .field-title a").first.click()
    page.wait_for_url("**/change/")
    rows = page.locator("#placements-group tr.form-row:not(.empty-form)")
    return rows, page.locator("#placements-group .grip")


def names(rows):
    return rows.locator(".field-question_link a").all_inner_texts()


def numbers(rows):
    return rows.locator(".position").evaluate_all("fields => fields.map(field => field.value)")


def in_order(rows):
    return numbers(rows) == [str(number) for number in range(1, rows.count() + 1)]


def test_a_question_shows_what_its_kind_needs(editor_page):
    editor_page.goto("/admin/quizzes/question/add/")
    headings = editor_page.locator("#choices-group thead th:visible")

    for kind, columns in KINDS.items():
        editor_page.locator("#id_kind").select_option(kind)
        shown = [text.strip().lower() for text in headings.all_inner_texts() if text.strip()]
        assert shown == [name.lower() for name in (["position", *columns, "delete?"] if columns else [])], kind
        assert editor_page.locator("#id_program").is_visible() is (kind == "output")
    assert editor_page.locator("#id_rule").is_hidden()


def test_a_new_statement_is_true_or_false(editor_page):
    editor_page.goto("/admin/quizzes/question/add/")

    editor_page.locator("#id_kind").select_option("true_false")

    expect(editor_page.locator("#id_choices-0-text")).to_have_value("True")
    expect(editor_page.locator("#id_choices-1-text")).to_have_value("False")


def test_a_row_that_is_added_has_what_the_others_have(editor_page):
    editor_page.goto("/admin/quizzes/question/add/")
    editor_page.locator("#id_kind").select_option("cloze")

    editor_page.get_by_role("button", name="Add another Choice").click()

    row = editor_page.locator("#choices-4")
    assert row.locator(".grip").count() == 1
    expect(row.locator("[name$=blank]")).to_be_visible()
    expect(row.locator("[name$=pair]")).to_be_hidden()


def test_questions_are_put_in_order_with_the_arrow_keys(editor_page):
    rows, grips = open_first_quiz(editor_page)
    before = names(rows)

    grips.nth(0).press("ArrowDown")
    assert names(rows)[:2] == before[1::-1] and in_order(rows)
    expect(grips.nth(1)).to_be_focused()
    assert "position 2 of" in editor_page.get_by_role("status").all_inner_texts()[-1]

    for _ in range(len(before) + 1):
        editor_page.keyboard.press("ArrowUp")
    assert names(rows) == before and in_order(rows)


@pytest.mark.parametrize("width", [1280, 360])
def test_questions_are_dragged_to_their_place(editor_page, width):
    rows, grips = open_first_quiz(editor_page, width)
    before = names(rows)
    grips.nth(0).scroll_into_view_if_needed()
    start, end = grips.nth(0).bounding_box(), rows.nth(1).bounding_box()

    editor_page.mouse.move(start["x"] + 4, start["y"] + 4)
    editor_page.mouse.down()
    editor_page.mouse.move(start["x"] + 4, end["y"] + end["height"] - 4, steps=8)
    editor_page.mouse.up()

    assert names(rows)[:2] == before[1::-1] and in_order(rows)


@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_is_wider_than_the_window(editor_page, width):
    open_first_quiz(editor_page, width)
    address = editor_page.url
    for path in [
        address,
        address.replace("/change/", "/correct/"),
        "/admin/quizzes/question/add/",
        "/admin/quizzes/question/",
    ]:
        editor_page.goto(path)
        assert editor_page.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth"), path


def test_the_headings_of_the_chosen_article_are_suggested(editor_page):
    open_first_quiz(editor_page)
    article = editor_page.locator("#id_articles option[selected]").first.get_attribute("value")
    editor_page.goto("/admin/quizzes/question/add/")
    headings = editor_page.locator("#headings option")
    assert headings.count() == 0

    editor_page.evaluate(
        """article => {
            const select = document.querySelector("#id_article");
            select.append(new Option("Chosen", article, true, true));
            django.jQuery(select).trigger("change");
        }""",
        article,
    )

    expect(headings).not_to_have_count(0)
