"""What a paper keeps in the browser: back from a result, and whatever the storage holds or refuses."""

import json

import pytest

KINDS = "/quizzes/kinds-to-keep/"
OTHER = "/quizzes/another-quiz/"
SEED = """
from quizzes.tests.factories import EXAMPLES, make_quiz
make_quiz(questions=0, kinds=EXAMPLES, title="Kinds to keep", slug="kinds-to-keep")
make_quiz(questions=1, title="Another quiz", slug="another-quiz")
"""
FORBIDDEN = """
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, { get() { throw new DOMException("", "SecurityError"); } });
    }
"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"


@pytest.fixture(scope="module", autouse=True)
def _seed(site):
    site.run(SEED)


@pytest.fixture
def faults(page):
    found = []
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def answer(page):
    """Answer all nine kinds."""
    for choice in ("Wrong", "Neither", "False"):
        page.get_by_label(choice, exact=True).first.check()
    page.get_by_label("Both").check()
    page.get_by_label("Your answer").fill("yield from")
    page.get_by_label("Your number").fill("3.15")
    page.get_by_label("Blank 1").fill("while")
    page.get_by_label("Blank 2").fill("of")
    page.get_by_label("What it prints").fill(" 3\n4 \n")
    page.locator(".pair select").nth(0).select_option(index=2)
    page.locator(".pair select").nth(1).select_option(index=3)
    page.get_by_role("button", name="Move down").first.click()


def given(page):
    """Everything that a reader can have put in, as it stands on the page."""
    return page.evaluate("""() => [
      ...[...document.querySelectorAll("form.quiz fieldset :is(input, select, textarea)")]
        .map((field) => (/radio|checkbox/.test(field.type) ? field.checked : field.value)),
      ...[...document.querySelectorAll("[data-order] .what")].map((item) => item.textContent.trim()),
    ]""")


def submit(page):
    page.locator("[data-submit]").click()
    page.wait_for_url("**/quizzes/results/*/")
    return page.url


def back(page):
    page.go_back()
    page.wait_for_url("**/kinds-to-keep/")
    page.wait_for_function("document.querySelector('.progress [role=status]')")


def restored(page):
    """Which answers the page says that it restored; "" if none."""
    shown = [name for name in ("saved", "submitted") if page.locator(f"[data-restored] [data-{name}]").is_visible()]
    return "".join(shown)


@pytest.mark.parametrize("storage", ["", FORBIDDEN, FULL], ids=["sound", "forbidden", "full"])
def test_back_from_a_result_all_answers_are_there_and_the_page_says_which(page, faults, storage):
    if storage:
        page.add_init_script(storage)
    page.goto(KINDS)
    empty = given(page)
    answer(page)
    before = given(page)
    result = submit(page)

    back(page)
    assert given(page) == before and restored(page) == "submitted"
    assert page.locator(".progress [role=status]").inner_text() == "9 of 9 answered"
    assert 0 <= page.locator("[data-restored]").bounding_box()["y"] < 800
    page.reload()
    assert given(page) == before and restored(page) == "submitted"
    page.go_forward()
    page.wait_for_url(result)
    back(page)
    assert given(page) == before and restored(page) == "submitted"

    assert submit(page) == result
    page.get_by_role("link", name="Retake the quiz").click()
    assert given(page) == empty and restored(page) == ""
    assert faults == []


def test_a_page_that_comes_back_from_memory_says_it_too(page):
    page.goto(KINDS)
    answer(page)
    before = given(page)
    submit(page)
    back(page)
    page.evaluate("document.querySelector('[data-restored]').hidden = true")

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    assert given(page) == before and restored(page) == "submitted"


def test_an_answer_that_is_changed_after_coming_back_is_kept_with_the_others(page):
    page.goto(KINDS)
    answer(page)
    result = submit(page)
    back(page)
    page.get_by_label("Your answer").fill("yield")
    before = given(page)

    page.reload()

    assert given(page) == before and restored(page) == "saved"
    assert submit(page) != result


def test_who_starts_over_after_coming_back_has_an_empty_paper(page):
    page.goto(KINDS)
    empty = given(page)
    answer(page)
    submit(page)
    back(page)

    page.locator("[data-over]").click()

    assert given(page) == empty
    page.reload()
    assert given(page) == empty and restored(page) == ""


def test_a_paper_that_was_left_half_answered_is_whole_again_on_the_way_back(page):
    page.goto(KINDS)
    page.get_by_label("Wrong", exact=True).first.check()
    page.get_by_label("Your answer").fill("yield")
    page.get_by_role("button", name="Move down").first.click()
    before = given(page)
    page.goto(OTHER)

    back(page)

    assert given(page) == before and restored(page) == "saved"


def test_what_the_server_sends_back_counts_more_than_what_is_kept(page):
    page.goto(KINDS)
    answer(page)
    before = given(page)
    page.evaluate("document.querySelector('form.quiz').ticket.value = 'x'")
    page.locator("[data-submit]").click()
    page.locator("#problem").wait_for()
    place = page.evaluate("document.querySelector('form.quiz').dataset.storage")

    assert given(page) == before and restored(page) == ""
    page.get_by_label("Your answer").fill("newer")
    assert '"newer"' in page.evaluate("place => localStorage.getItem(place)", place)


def test_without_a_network_nothing_is_sent_and_the_page_says_so(page):
    page.goto(KINDS)
    answer(page)
    before = given(page)
    page.context.set_offline(True)
    notice = page.locator("[data-offline]")

    page.locator("[data-submit]").click()

    assert notice.is_visible()
    assert notice.evaluate("element => element === document.activeElement")
    assert page.url.endswith(KINDS) and given(page) == before
    page.context.set_offline(False)
    notice.wait_for(state="hidden")
    submit(page)


# --- what may be stored -------------------------------------------------------------------------

SHAPES = [
    "", "x", "null", "5", "true", '"text"', "[]", "[null]", "[[1]]", "{}", '{"key": 5}', '{"answers": null}',
    '{"answers": 5}', '{"answers": "text"}', '{"answers": [1, "x"]}', '{"answers": {"NAME": null}}',
    '{"answers": {"NAME": 5}}', '{"answers": {"NAME": {"a": 1}}}', '{"answers": {"NAME": [null, {}, [5]]}}',
    '{"answers": {"NAME": []}}', '{"answers": {"of-another-quiz": ["x"], "constructor": ["x"]}}',
    '{"title": "T", "quiz": "/", "result": "/quizzes/results/x/", "date": "2020-01-01"}',
    '[{"title": "T", "score": {}, "maximum": [], "result": ["/quizzes/results/x/"], "date": 5}]',
    '[{"title": "T", "score": "1", "maximum": "2", "result": "javascript:alert(1)", "date": "2020-01-01"}]',
    '{"answered": "many", "seen": {}}',
]  # fmt: skip


def test_whatever_is_stored_the_scripts_start_and_show_none_of_it(page, faults):
    page.goto(KINDS)
    empty = given(page)
    name = page.get_by_label("Your answer").get_attribute("name")
    place, edition = page.evaluate(
        "[document.querySelector('form.quiz').dataset.storage, document.querySelector('main').dataset.edition]"
    )
    keys = [place, "quiz-history", "quiz-layout", f"quiz-told:{edition}"]
    for shape in SHAPES:
        text = shape.replace("NAME", name)
        page.evaluate(
            """([keys, text]) => {
              for (const key of keys) localStorage.setItem(key, text);
              sessionStorage.setItem("quiz-sent", text);
              let state = text;
              try { state = JSON.parse(text); } catch {}
              history.replaceState({ submitted: state }, "");
            }""",
            [keys, text],
        )
        page.reload()
        assert (shape, given(page), restored(page)) == (shape, empty, "")
        page.goto("/quizzes/")
        assert page.locator("[data-history]").is_hidden(), shape
        page.goto(KINDS)

    assert faults == []


@pytest.mark.parametrize("stored", ["x", "5", '{"title": 5}', '[null, "x"]'])
def test_a_list_of_results_that_cannot_be_read_is_begun_again(page, stored):
    page.goto(OTHER)
    page.evaluate("text => localStorage.setItem('quiz-history', text)", stored)
    page.locator("fieldset input").first.check()
    submit(page)

    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('quiz:')).length") == 0
    page.goto("/quizzes/")
    assert page.locator("[data-history] li").count() == 1


def test_answers_of_another_version_of_a_paper_are_left_out(page, faults):
    page.goto(KINDS)
    empty = given(page)
    place = page.evaluate("document.querySelector('form.quiz').dataset.storage")
    names = page.evaluate("[...new Set([...document.querySelectorAll('fieldset [name]')].map(({ name }) => name))]")
    typed = {page.get_by_label(label).get_attribute("name") for label in ("Your answer", "Your number", "Blank 1")}
    typed |= {page.get_by_label(label).get_attribute("name") for label in ("Blank 2", "What it prints")}
    record = {"answers": {name: ["token-of-another-version"] * 3 for name in names if name not in typed}}
    page.evaluate("([place, text]) => localStorage.setItem(place, text)", [place, json.dumps(record)])

    page.reload()

    assert given(page) == empty and restored(page) == ""
    assert faults == []


@pytest.mark.parametrize("storage", [FORBIDDEN, FULL], ids=["forbidden", "full"])
def test_a_storage_that_refuses_breaks_nothing(page, faults, storage):
    told = []
    page.on("request", lambda request: told.append(request.url) if "/progress/" in request.url else None)
    page.add_init_script(storage)
    page.goto(KINDS)
    page.get_by_role("button", name="One at a time").click()
    page.get_by_role("button", name="All on one page").click()
    answer(page)
    submit(page)
    page.goto("/quizzes/")

    assert page.locator("[data-history]").is_hidden()
    assert faults == [] and told == []


def test_when_there_is_no_room_left_nothing_older_is_restored(page):
    page.goto(KINDS)
    page.get_by_label("Your answer").fill("old")
    page.evaluate(f"() => {{ {FULL} }}")
    page.get_by_label("Your answer").fill("newer")

    page.goto(KINDS)

    assert page.get_by_label("Your answer").input_value() == ""
