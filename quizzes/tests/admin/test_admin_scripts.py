"""The scripts of the quiz admin, in a browser on the demo publication."""

import pytest
from playwright.sync_api import expect

from publishing.tests.bases.test_desk import sign_in

KINDS = {
    "single": ["Choice", "Weight", "Feedback", "Pinned"],
    "true_false": ["Choice", "Weight", "Feedback"],
    "numeric": ["Accepted number", "Weight", "Tolerance", "which is", "Feedback"],
    "matching": ["Left side", "belongs to"],
    "ordering": ["Item, in its right place"],
    "output": [],
}


@pytest.fixture
def desk(page):
    sign_in(page, "editor")
    return page


def open_first_quiz(page, width=1280):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/admin/quizzes/quiz/", wait_until="networkidle")
    page.locator("#result_list .field-title a").first.click()
    page.wait_for_load_state("networkidle")
    rows = page.locator("#placements-group tr.form-row:not(.empty-form)")
    return rows, page.locator("#placements-group .grip")


def names(rows):
    return rows.locator(".field-question_link a").all_inner_texts()


def numbers(rows):
    return rows.locator(".position").evaluate_all("fields => fields.map(field => field.value)")


def in_order(rows):
    return numbers(rows) == [str(number) for number in range(1, rows.count() + 1)]


def test_a_question_shows_what_its_kind_needs(desk):
    desk.goto("/admin/quizzes/question/add/", wait_until="networkidle")
    headings = desk.locator("#choices-group thead th:visible")

    for kind, columns in KINDS.items():
        desk.locator("#id_kind").select_option(kind)
        shown = [text.strip().lower() for text in headings.all_inner_texts() if text.strip()]
        assert shown == [name.lower() for name in (["position", *columns, "delete?"] if columns else [])], kind
        assert desk.locator("#id_program").is_visible() is (kind == "output")
    assert desk.locator("#id_rule").is_hidden()


def test_a_new_statement_is_true_or_false(desk):
    desk.goto("/admin/quizzes/question/add/", wait_until="networkidle")

    desk.locator("#id_kind").select_option("true_false")

    expect(desk.locator("#id_choices-0-text")).to_have_value("True")
    expect(desk.locator("#id_choices-1-text")).to_have_value("False")


def test_a_row_that_is_added_has_what_the_others_have(desk):
    desk.goto("/admin/quizzes/question/add/", wait_until="networkidle")
    desk.locator("#id_kind").select_option("cloze")

    desk.get_by_role("button", name="Add another Choice").click()

    row = desk.locator("#choices-4")
    assert row.locator(".grip").count() == 1
    expect(row.locator("[name$=blank]")).to_be_visible()
    expect(row.locator("[name$=pair]")).to_be_hidden()


def test_questions_are_put_in_order_with_the_arrow_keys(desk):
    rows, grips = open_first_quiz(desk)
    before = names(rows)

    grips.nth(0).press("ArrowDown")
    assert names(rows)[:2] == before[1::-1] and in_order(rows)
    expect(grips.nth(1)).to_be_focused()
    assert "Moved to place 2 of" in desk.get_by_role("status").all_inner_texts()[-1]

    for _ in range(len(before) + 1):
        desk.keyboard.press("ArrowUp")
    assert names(rows) == before and in_order(rows)


@pytest.mark.parametrize("width", [1280, 360])
def test_questions_are_dragged_to_their_place(desk, width):
    rows, grips = open_first_quiz(desk, width)
    before = names(rows)
    grips.nth(0).scroll_into_view_if_needed()
    start, end = grips.nth(0).bounding_box(), rows.nth(1).bounding_box()

    desk.mouse.move(start["x"] + 4, start["y"] + 4)
    desk.mouse.down()
    desk.mouse.move(start["x"] + 4, end["y"] + end["height"] - 4, steps=8)
    desk.mouse.up()

    assert names(rows)[:2] == before[1::-1] and in_order(rows)


@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_is_wider_than_the_window(desk, width):
    open_first_quiz(desk, width)
    address = desk.url
    for path in [
        address,
        address.replace("change", "correction"),
        "/admin/quizzes/question/add/",
        "/admin/quizzes/question/",
    ]:
        desk.goto(path, wait_until="networkidle")
        assert desk.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth"), path
