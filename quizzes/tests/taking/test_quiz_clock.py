"""The clock of a paper in a real browser whose own clock is wrong, is changed, or cannot be compared."""

import re

import pytest

SEED = """
from quizzes.tests.factories import make_quiz
make_quiz(questions=1, title="Ten minutes", slug="ten-minutes", time_limit=10)
"""
# A paper that was started so many seconds ago.
STARTED = """
import time
from urllib.parse import urlencode
from quizzes.taking import tickets
from quizzes.models import Edition
edition = Edition.objects.get(quiz__slug="ten-minutes").pk
ticket = tickets.issued(edition, now=int(time.time()) - {seconds})
print("/quizzes/ten-minutes/?" + urlencode(dict(paper=ticket.sealed())))
"""
SKEWED = """
    window.skew = %d;
    const Real = Date;
    window.Date = class extends Real {
      constructor(...given) { super(...(given.length ? given : [Real.now() + window.skew])); }
      static now() { return Real.now() + window.skew; }
    };
    // All that the clock ever says.
    window.told = new Set();
    new MutationObserver(() => {
      document.querySelectorAll(".clock, [data-time]").forEach(({ textContent }) => told.add(textContent));
    }).observe(document, { childList: true, subtree: true, characterData: true });
"""
MINUTE = 60_000
DUE, OVER, UNCHECKED = "Submit now", "Time is up", "could not be checked"


@pytest.fixture(scope="module", autouse=True)
def _seed(site):
    site.run(SEED)


@pytest.fixture
def opened(page, site):
    """Open a paper that was started so many seconds ago in a browser whose clock is so many minutes ahead."""

    def opened(seconds, ahead=0):
        page.add_init_script(SKEWED % (ahead * MINUTE))
        page.goto(site.run(STARTED.format(seconds=seconds)).strip().splitlines()[-1])
        return page

    return opened


def wait(page, text):
    page.locator(".clock").get_by_text(text).wait_for()


def told(page):
    return page.evaluate("[...told].filter(Boolean)")


@pytest.mark.parametrize("ahead", [11, 5, -60, 60 * 24 * 365])
def test_the_server_counts_whatever_the_clock_of_the_machine_says(opened, ahead):
    page = opened(5, ahead)

    wait(page, "10 minutes left")

    assert told(page) == ["10 minutes left"]
    assert "soon" not in page.locator(".clock").get_attribute("class")


@pytest.mark.parametrize("ahead", [-60, 0, 11])
def test_time_that_is_over_is_over_whatever_the_clock_of_the_machine_says(opened, ahead):
    page = opened(11 * 60, ahead)

    wait(page, OVER)

    assert page.locator("[data-time]").inner_text().startswith(OVER)
    page.locator("fieldset input").first.check()
    page.locator("[data-submit]").click()
    page.wait_for_url("**/quizzes/results/*/")
    assert page.locator("[data-late]").is_visible()


@pytest.mark.parametrize("jump", [11, -60])
def test_a_clock_that_is_changed_on_the_way_changes_nothing(opened, jump):
    page = opened(5)
    wait(page, "10 minutes left")

    with page.expect_response(lambda response: response.request.method == "HEAD"):
        page.evaluate(f"window.skew = {jump * MINUTE}")
    page.wait_for_timeout(1_500)

    assert told(page) == ["10 minutes left"]


def test_while_the_server_takes_a_paper_in_time_the_page_does_not_say_that_time_is_over(opened):
    page = opened(10 * 60 + 15)

    wait(page, DUE)

    assert told(page) == [DUE, f"{DUE}."]
    page.locator("fieldset input").first.check()
    page.locator("[data-submit]").click()
    page.wait_for_url("**/quizzes/results/*/")
    assert page.locator("[data-late]").count() == 0


def test_what_is_left_is_said_when_it_becomes_little(opened):
    page = opened(5 * 60 - 4)
    wait(page, "6 minutes left")

    wait(page, "5 minutes left")

    assert page.locator("[data-time]").text_content() == "5 minutes left."
    assert "soon" in page.locator(".clock").get_attribute("class")


@pytest.mark.parametrize("ahead", [0, 11])
def test_without_an_answer_the_page_says_so_and_claims_nothing(opened, page, ahead):
    page.route("**/*", lambda route: route.abort() if route.request.method == "HEAD" else route.continue_())

    opened(5, ahead)

    wait(page, re.compile(rf"Ends at \d.*{UNCHECKED}"))
    assert not [words for words in told(page) if re.search(rf"{OVER}|minutes? left", words)]
    page.unroute("**/*")
    page.evaluate("dispatchEvent(new Event('online'))")
    wait(page, "10 minutes left")


def test_when_the_clock_is_changed_without_a_network_nothing_is_claimed(opened):
    page = opened(5)
    wait(page, "10 minutes left")
    page.context.set_offline(True)

    page.evaluate(f"window.skew = {20 * MINUTE}")

    wait(page, UNCHECKED)
    assert not [words for words in told(page) if re.search(OVER, words)]
    page.context.set_offline(False)
    wait(page, "10 minutes left")
