"""Taking a quiz in a real browser, with the script and without."""

import re

import pytest
from playwright.sync_api import expect

from publishing.tests.test_browser import assert_accessible

PAPER = "/quizzes/routing-and-requests/"
KINDS = "/quizzes/every-kind/"
PAGED = "/quizzes/one-at-a-time/"
TIMED = "/quizzes/against-the-clock/"
SEED = """
from quizzes.tests.factories import EXAMPLES, make_quiz
make_quiz(questions=0, kinds=EXAMPLES, title="Every kind", slug="every-kind")
make_quiz(questions=3, title="One at a time", slug="one-at-a-time", layout="one")
make_quiz(questions=2, title="Against the clock", slug="against-the-clock", time_limit=1)
"""
COUNT = "from quizzes.models import Attempt; print(Attempt.objects.filter(edition__quiz__slug='one-at-a-time').count())"


@pytest.fixture(scope="module", autouse=True)
def _seed(site):
    site.run(SEED)


def answer(page, *, leave_out=()):
    questions = page.locator("fieldset")
    for number in range(questions.count()):
        if number not in leave_out:
            questions.nth(number).locator("input").first.check()


def submit(page, *, anyway=False):
    page.locator("[data-submit]").click()
    if anyway:
        page.locator("[name=confirm]").click()
    page.wait_for_url("**/quizzes/results/*/")


def progress(page):
    return page.locator(".progress [role=status]").inner_text()


def saved_papers(page):
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('quiz:')).length")


def shown(page):
    """The numbers of the questions that are there to be seen."""
    legends = page.locator("fieldset:visible legend small").all_inner_texts()
    return [int(re.search(r"\d+", legend)[0]) for legend in legends]


def items(page):
    return page.locator("[data-order] .what").all_inner_texts()


def is_focused(locator):
    return locator.evaluate("element => element.contains(document.activeElement)")


# --- progress, storage, submitting -----------------------------------------------------------------


def test_progress_is_counted_and_answers_outlive_a_reload(page):
    page.goto(PAPER)
    assert progress(page) == "0 of 8 answered"

    answer(page, leave_out=range(2, 8))
    assert progress(page) == "2 of 8 answered"
    page.reload()

    assert progress(page) == "2 of 8 answered"
    assert page.locator("fieldset :checked").count() == 2
    assert page.locator("progress").evaluate("bar => bar.value") == 2


def test_texts_orders_and_pairs_are_saved_and_starting_over_deletes_them(page):
    page.goto(KINDS)
    laid = items(page)
    assert page.locator("[data-restored]").is_hidden()
    page.get_by_label("Your answer").fill("yield")
    page.get_by_label("Blank 2").fill("in")
    page.get_by_label("What it prints").fill("2\n")
    page.locator(".pair select").first.select_option(index=1)
    page.get_by_role("button", name="Move down").first.click()
    page.reload()

    assert progress(page) == "5 of 9 answered"
    assert page.locator("[data-restored] [data-saved]").is_visible()
    assert page.get_by_label("Your answer").input_value() == "yield"
    assert page.get_by_label("What it prints").input_value() == "2\n"
    assert items(page) == [laid[1], laid[0], laid[2]]
    page.locator("[data-over]").click()
    expect(page.locator(".progress")).to_contain_text(re.compile(r"^\s*0 of 9"))
    assert page.get_by_label("Blank 2").input_value() == ""
    assert items(page) == laid
    assert saved_papers(page) == 0


def test_unanswered_questions_are_listed_and_can_be_submitted_anyway(page):
    page.goto(PAPER)
    answer(page, leave_out=[3])

    page.locator("[data-submit]").click()
    notice = page.locator("[data-unanswered]")
    assert "1 of 8" in notice.inner_text()
    assert is_focused(notice)
    notice.get_by_role("link", name="Question 4").click()
    assert is_focused(page.locator("fieldset").nth(3))
    page.locator("[name=confirm]").click()

    page.wait_for_url("**/quizzes/results/*/")


def test_the_result_has_the_focus_and_saved_answers_are_deleted(page):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(PAPER)
    answer(page)
    assert saved_papers(page) == 1

    submit(page)

    assert page.evaluate("document.activeElement.id") == "result"
    assert re.fullmatch(r"You got [\d.]+ of 8", page.locator("h1").inner_text())
    assert saved_papers(page) == 0
    page.get_by_role("link", name="Retake the quiz").click()
    assert progress(page) == "0 of 8 answered"
    assert faults == []


def test_an_old_result_leaves_the_answers_of_a_new_try_alone(page):
    page.goto(PAGED)
    page.get_by_role("button", name="All on one page").click()
    answer(page)
    submit(page)
    result = page.url
    page.goto(PAGED)
    answer(page, leave_out=[0])

    page.goto(result)

    assert saved_papers(page) == 1


def test_a_double_click_submits_once(page, site):
    before = int(site.run(COUNT))
    posts = []
    page.on("request", lambda request: posts.append(request.post_data) if request.is_navigation_request() else None)
    page.goto(PAGED)
    page.get_by_role("button", name="All on one page").click()
    answer(page)

    page.locator("[data-submit]").dblclick()
    page.wait_for_url("**/quizzes/results/*/")

    assert re.search(r"key=[0-9a-f]{32}\b", posts[1])
    assert int(site.run(COUNT)) == before + 1


# --- ordering -----------------------------------------------------------------------------------


def test_items_are_put_in_order_with_buttons_and_keys_and_each_move_is_said(page):
    page.goto(KINDS)
    first, second, third = items(page)
    said = page.locator("[data-order] [role=status]")

    page.get_by_role("button", name=f"Move up: {third}").click()
    assert items(page) == [first, third, second]
    assert said.inner_text() == f"“{third}” is now number 2 of 3."
    page.keyboard.press("Alt+ArrowUp")

    assert items(page) == [third, first, second]
    assert is_focused(page.locator("[data-order] li").first)
    page.keyboard.press("Alt+ArrowUp")
    assert said.inner_text() == f"“{third}” is already first."
    assert progress(page) == "1 of 9 answered"


def test_an_item_is_dragged_by_its_grip(page):
    page.goto(KINDS)
    first, second, third = items(page)
    page.locator("[data-order]").scroll_into_view_if_needed()
    start, end = (page.locator("[data-order] .grip").nth(place).bounding_box() for place in (0, 2))

    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + 5, end["y"] + end["height"], steps=6)
    page.mouse.up()

    assert items(page) == [second, third, first]
    assert progress(page) == "1 of 9 answered"


def test_an_untouched_order_is_no_answer_until_it_is_confirmed(page):
    page.goto(KINDS)
    assert progress(page) == "0 of 9 answered"

    page.locator("[data-keep]").click()

    assert progress(page) == "1 of 9 answered"
    assert page.locator(".untouched").is_hidden()
    submit(page, anyway=True)
    assert page.get_by_role("heading", name="Your order").count() == 1


# --- one at a time ------------------------------------------------------------------------------


def test_one_question_at_a_time_turns_without_a_reload(page):
    page.goto(PAGED)
    page.evaluate("window.isSame = true")
    assert shown(page) == [1]

    page.locator("fieldset:visible input").first.check()
    assert shown(page) == [1]
    page.get_by_role("button", name="Next").click()
    assert shown(page) == [2]
    assert page.evaluate("document.activeElement.tagName") == "LEGEND"
    assert page.get_by_role("button", name="Question 1 answered").count() == 1
    page.get_by_role("button", name="Question 3").click()
    assert shown(page) == [3]
    page.locator("[data-submit]").click()
    page.locator("[data-unanswered]").get_by_role("link", name="Question 2").click()

    assert shown(page) == [2]
    assert page.evaluate("window.isSame")


def test_the_reader_chooses_the_layout_and_it_is_remembered(page):
    page.goto(KINDS)
    assert shown(page) == list(range(1, 10))

    page.get_by_role("button", name="One at a time").click()
    assert shown(page) == [1]
    page.reload()
    assert shown(page) == [1]
    page.get_by_role("button", name="Question 4").click()
    page.get_by_label("Your answer").press("Enter")
    assert shown(page) == [5]
    page.get_by_role("button", name="All on one page").click()
    page.goto(PAGED)

    assert shown(page) == [1, 2, 3]


# --- the list of results, what is counted --------------------------------------------


def test_results_are_listed_in_this_browser_and_can_be_deleted(page):
    page.goto("/quizzes/")
    assert page.locator("[data-history]").is_hidden()
    for _ in range(2):
        page.goto(PAPER)
        answer(page)
        submit(page)

    page.goto("/quizzes/")
    rows = page.locator("[data-history] li")
    assert rows.count() == 2
    assert re.search(r"Routing and requests\s+[\d.]+ of 8", rows.first.inner_text())
    rows.first.get_by_role("button").click()
    assert rows.count() == 1
    page.locator("[data-deleted] button").click()
    assert rows.count() == 2
    page.locator("[data-delete-all]").click()
    assert is_focused(page.locator("[data-deleted]"))
    page.reload()

    assert page.locator("[data-history]").is_hidden()
    assert page.evaluate("localStorage.getItem('quiz-history')") is None


def test_somebody_elses_result_is_not_listed_as_ones_own(page, browser, site):
    page.goto(PAPER)
    answer(page)
    submit(page)
    friend = browser.new_context(base_url=site.url).new_page()

    friend.goto(page.url)

    assert friend.evaluate("localStorage.getItem('quiz-history')") is None
    friend.context.close()


@pytest.mark.parametrize("asks_not_to", [False, True])
def test_how_far_a_browser_came_is_told_once_unless_it_asks_not_to(page, asks_not_to):
    told = []
    page.on("request", lambda request: told.append(request.post_data) if "/progress/" in request.url else None)
    if asks_not_to:
        page.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })")
    page.goto(KINDS)
    page.get_by_label("Your answer").fill("yield")
    page.get_by_label("Your number").fill("3")
    for _ in range(2):
        page.evaluate("dispatchEvent(new Event('pagehide'))")
        page.reload()

    steps = [dict(re.findall(r'name="(\w+)"\s+(\w+)', data)) for data in told]
    assert [step.pop("edition").isdigit() for step in steps] == [True] * len(steps)
    expected = [{"stage": "seen"}, {"stage": "started"}, {"stage": "answered", "answered": "2", "before": "0"}]
    assert steps == ([] if asks_not_to else expected)


# --- without a script; looks --------------------------------------------------------------------


@pytest.fixture
def plain(browser, site):
    """A page in a browser that runs no scripts."""
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_quiz_can_be_taken_without_scripts(plain):
    plain.goto(PAPER)
    answer(plain, leave_out=[0])

    plain.locator("[data-submit]").click()
    assert "1 of 8" in plain.locator("#problem").inner_text()
    assert plain.locator("fieldset :checked").count() == 7
    plain.locator("[name=confirm]").click()

    assert plain.locator("h1").inner_text().startswith("You got")


def test_the_server_turns_the_pages_and_keeps_the_answers(plain):
    plain.goto(PAGED)
    assert shown(plain) == [1]
    plain.locator("fieldset:visible input").first.check()
    plain.get_by_role("button", name="Next").click()
    assert shown(plain) == [2]
    plain.locator("fieldset:visible input").first.check()

    plain.get_by_role("button", name="Question 1 answered").click()

    assert shown(plain) == [1]
    assert plain.locator("fieldset :checked").count() == 2


def test_items_are_put_in_order_without_scripts(plain):
    plain.goto(KINDS)
    for place in (1, 2, 3):
        plain.get_by_label(f"Place {place}").select_option(index=place)

    plain.locator("[data-submit]").click()

    assert "8 of 9" in plain.locator("#problem").inner_text()
    assert plain.locator(".places select").nth(2).evaluate("select => select.selectedIndex") == 3
    assert plain.get_by_role("button", name="Move up").count() == 0


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_paper_start_result_and_print_are_accessible_and_no_wider_than_the_window(browser, site, width, scheme):
    context = browser.new_context(
        base_url=site.url, viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()

    def assert_sound():
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    for address in (TIMED, PAGED, KINDS):
        page.goto(address)
        assert_sound()
    page.get_by_label("Blank 1").fill("while")
    page.get_by_role("button", name="Move down").first.click()
    submit(page, anyway=True)
    assert_sound()
    page.get_by_role("link", name="Print", exact=True).click()
    assert_sound()
    page.goto("/quizzes/")
    assert_sound()
    context.close()
