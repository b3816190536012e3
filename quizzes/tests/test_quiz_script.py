"""Taking a quiz in a real browser, with the script and without."""

import re

import pytest

PAPER = "/quizzes/routing-and-requests/"


def answer(page, *, leave_out=()):
    questions = page.locator("fieldset")
    for number in range(questions.count()):
        if number not in leave_out:
            questions.nth(number).locator("input").first.check()


def progress(page):
    return page.locator(".progress [role=status]").inner_text()


def test_progress_is_counted_and_answers_outlive_a_reload(page):
    page.goto(PAPER)
    assert progress(page) == "0 of 8 answered"

    answer(page, leave_out=range(2, 8))
    assert progress(page) == "2 of 8 answered"
    page.reload()

    assert progress(page) == "2 of 8 answered"
    assert page.locator("fieldset :checked").count() == 2
    assert page.locator("progress").evaluate("bar => bar.value") == 2


def test_gaps_are_asked_about_and_may_be_handed_in(page):
    page.goto(PAPER)
    answer(page, leave_out=[3])

    page.get_by_role("button", name="Hand in 8 answers").click()
    notice = page.locator("[data-unanswered]")
    assert "1 of 8 not answered yet" in notice.inner_text()
    assert notice.evaluate("notice => notice === document.activeElement")
    notice.get_by_role("link", name="Question 4").click()
    assert page.locator("fieldset").nth(3).evaluate("question => question === document.activeElement")
    page.get_by_role("button", name="Hand in anyway").click()

    page.wait_for_url("**/quizzes/results/*/")


def test_the_result_has_the_focus_and_the_answers_are_forgotten(page):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(PAPER)
    answer(page)
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('quiz:')).length") == 1

    page.get_by_role("button", name="Hand in 8 answers").click()
    page.wait_for_url("**/quizzes/results/*/")

    assert page.evaluate("document.activeElement.id") == "result"
    assert re.fullmatch(r"You got [\d.]+ of 8", page.locator("h1").inner_text())
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('quiz:')).length") == 0
    page.get_by_role("link", name="Take it again").click()
    assert progress(page) == "0 of 8 answered"
    assert faults == []


def test_a_quiz_can_be_taken_without_scripts(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(PAPER)
    answer(page, leave_out=[0])

    page.get_by_role("button", name="Hand in 8 answers").click()
    assert "1 of 8 not answered yet" in page.locator("#problem").inner_text()
    assert page.locator("fieldset :checked").count() == 7
    page.get_by_role("button", name="Hand in anyway").click()

    assert page.locator("h1").inner_text().startswith("You got")
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_paper_and_result_are_no_wider_than_the_window(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(PAPER)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    answer(page)

    page.get_by_role("button", name="Hand in 8 answers").click()
    page.wait_for_url("**/quizzes/results/*/")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
