import html
import re

import pytest

from publishing.web import limits
from quizzes.kinds.base import field_name
from quizzes.models import Attempt, Choice
from quizzes.taking import tickets
from quizzes.tests.factories import make_paper, make_question, make_quiz, paper_data
from quizzes.views.paper import NO_TICKET, REFUSED, SUBMIT_RATE, UNANSWERED

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz():
    quiz = make_quiz(questions=1, published=False)
    make_question(quiz, "multiple", [("Both", 50), ("And", 50), ("Neither", 0)])
    quiz.publish(by=None)
    return quiz


def checked(response):
    """The tokens that are ticked in the page."""
    return set(re.findall(r'value="([0-9a-f]{16})"[^>]* checked', response.content.decode()))


def problem(response):
    found = re.search(r'id="problem".*?</div>', response.content.decode(), re.DOTALL)
    return html.unescape(found[0]) if found else ""


def refused(response, quiz, status, words, data):
    """Nothing stored, no cookie, a clear message, and what can be kept is still ticked."""
    assert response.status_code == status
    assert str(words) in problem(response)
    assert not Attempt.objects.exists()
    assert not response.cookies
    assert response.headers["Cache-Control"] == "private, no-store"
    sent = {token for name, tokens in data.items() if name.startswith("q") for token in tokens}
    assert checked(response) == sent & set(re.findall(r'value="([0-9a-f]{16})"', response.content.decode()))
    return True


def test_a_paper_is_graded_on_the_server_and_leads_to_its_result(client, post_from_site, quiz):
    response = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", ("Both", "Neither"), score="2"))

    attempt = Attempt.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, f"/quizzes/results/{attempt.token}/")
    assert (attempt.score, attempt.maximum, attempt.edition) == (1, 2, quiz.current_edition)
    assert len(attempt.token) >= 20
    assert attempt.reader
    assert client.cookies["reader"]["httponly"]


def test_thirds_stay_thirds(post_from_site):
    quiz = make_quiz(questions=0, published=False)
    for _ in range(3):
        make_question(quiz, "multiple", [("a", "33.33333"), ("b", "33.33333"), ("c", "33.33333"), ("d", "0")])
    quiz.publish(by=None)

    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "a", "b", "c"))

    assert Attempt.objects.get().score == 1


def test_the_same_submission_sent_twice_is_one_attempt(post_from_site, quiz):
    data = paper_data(quiz, "Right", "Both")

    places = {post_from_site(quiz.get_absolute_url(), data).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Wrong", "Both"))

    assert Attempt.objects.count() == 2


def test_the_key_of_the_script_tells_two_submissions_from_one_sent_twice(client, post_from_site, quiz):
    data, address = paper_data(quiz, "Right", "Both"), quiz.get_absolute_url()
    for key in ("a" * 32, "b" * 32, "a" * 32):
        post_from_site(address, data | {"key": key})
        client.cookies.clear()

    assert Attempt.objects.count() == 2


def test_an_attempt_keeps_edition_order_raw_answers_and_score(post_from_site, quiz):
    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", ("Both", "Neither")))

    attempt, paper = Attempt.objects.get(), make_paper(quiz)
    first, second = paper.questions
    assert attempt.edition == quiz.current_edition
    assert attempt.order == [[q["id"], [choice["id"] for choice in paper.choices(q)]] for q in paper.questions]
    assert attempt.answers[str(first["id"])] == [first["choices"][0]["id"]]
    assert attempt.answers[str(second["id"])] == [second["choices"][0]["id"], second["choices"][2]["id"]]
    assert (attempt.marks, attempt.score, attempt.maximum) == ({str(first["id"]): "1", str(second["id"]): "0"}, 1, 2)


def test_only_the_first_whole_paper_of_a_reader_counts_as_first(client, post_from_site, quiz):
    for number, answer in enumerate(["Wrong", "Right"]):
        post_from_site(quiz.get_absolute_url(), paper_data(quiz, answer, "Both", key=f"{number}" * 32))
    Choice.objects.filter(text="Wrong").update(feedback="New")
    quiz.publish(by=None)
    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", "Both"))
    client.cookies.clear()
    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", "Both", key="c" * 32))

    assert list(Attempt.objects.order_by("pk").values_list("is_first", flat=True)) == [True, False, False, True]


def test_unanswered_questions_are_told_before_they_are_taken(post_from_site, quiz):
    data = paper_data(quiz, "Right", None)

    response = post_from_site(quiz.get_absolute_url(), data)

    name = field_name(make_paper(quiz).questions[1])
    assert refused(response, quiz, 422, f'<a href="#{name}">Question 2</a>', data)
    assert "1 of 2" in problem(response) and str(UNANSWERED) in problem(response)
    assert '<button class="button" type="submit" name="confirm" value="yes">' in response.content.decode()

    again = post_from_site(quiz.get_absolute_url(), data | {"confirm": "yes"})
    assert again.status_code == 303
    assert Attempt.objects.get().answers == {str(make_paper(quiz).questions[0]["id"]): [Choice.objects.first().pk]}


def test_a_paper_of_an_earlier_edition_is_graded_by_it(post_from_site, quiz):
    first = quiz.current_edition
    Choice.objects.filter(text="Right").update(weight=0)
    Choice.objects.filter(text="Wrong").update(weight=100)
    quiz.publish(by=None)

    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", ("Both", "And"), edition=first))

    attempt = Attempt.objects.get()
    assert (attempt.edition, attempt.score) == (first, 2)


def flipped(text):
    """The text with every seventh of its letters changed in turn, by one bit."""
    return [text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :] for at in range(0, len(text), 7)]


def test_a_ticket_with_one_bit_flipped_is_refused_and_keeps_the_answers(post_from_site, quiz):
    data = paper_data(quiz, "Right", "Both")

    for ticket in flipped(data["ticket"]):
        changed = data | {"ticket": ticket}
        response = post_from_site(quiz.get_absolute_url(), changed)

        assert refused(response, quiz, 400, NO_TICKET, changed)
        assert len(checked(response)) == 2


@pytest.mark.parametrize("ticket", ["", "1", "two", "a:b", "eyJlIjoxfQ:x", "1\x00", "٣", "x" * 5000])
def test_a_ticket_that_was_never_given_out_is_refused(post_from_site, quiz, ticket):
    data = paper_data(quiz, "Right", "Both") | {"ticket": ticket}

    response = post_from_site(quiz.get_absolute_url(), data)

    assert refused(response, quiz, 400, NO_TICKET, data)
    assert len(checked(response)) == 2


def test_a_form_without_any_field_is_refused(post_from_site, quiz):
    assert refused(post_from_site(quiz.get_absolute_url(), {}), quiz, 400, NO_TICKET, {})


def test_the_ticket_of_another_quiz_is_not_known_here(post_from_site, quiz):
    other = make_quiz()
    ticket = tickets.Ticket(other.current_edition.pk).sealed()
    data = paper_data(quiz, "Right", "Both") | {"ticket": ticket}

    assert refused(post_from_site(quiz.get_absolute_url(), data), quiz, 400, NO_TICKET, data)


@pytest.mark.parametrize("token", ["", "x", "0" * 16, "1", "\x00", "é" * 16, "<script>", "A" * 50_000])
def test_a_changed_token_is_refused(post_from_site, quiz, token):
    data = paper_data(quiz, "Right", "Both")
    name = field_name(make_paper(quiz).questions[0])
    data[name] = [token]

    response = post_from_site(quiz.get_absolute_url(), data)

    assert refused(response, quiz, 422, "not on this paper", data)
    assert "<script>" not in problem(response).replace("&lt;", "<")


def test_a_token_of_another_question_or_edition_is_refused(post_from_site, quiz):
    first, second = (field_name(question) for question in make_paper(quiz).questions)
    data = paper_data(quiz, "Right", "Both")

    swapped = data | {first: data[second], second: data[first]}
    assert post_from_site(quiz.get_absolute_url(), swapped).status_code == 422

    Choice.objects.filter(text="Wrong").update(feedback="New")
    quiz.publish(by=None)
    newer = tickets.Ticket(quiz.current_edition.pk).sealed()
    response = post_from_site(quiz.get_absolute_url(), data | {"ticket": newer})
    assert "not on this paper" in problem(response)
    assert not Attempt.objects.exists()


def test_several_answers_to_a_single_choice_are_refused(post_from_site, quiz):
    data = paper_data(quiz, ("Right", "Wrong"), "Both")

    response = post_from_site(quiz.get_absolute_url(), data)

    assert response.status_code == 422
    assert "takes one answer" in problem(response)
    assert not Attempt.objects.exists()
    assert len(checked(response)) == 1


def test_a_box_that_is_sent_twice_counts_once(post_from_site, quiz):
    data = paper_data(quiz, "Right", "Both")
    data[field_name(make_paper(quiz).questions[1])] *= 5

    post_from_site(quiz.get_absolute_url(), data)

    assert float(Attempt.objects.get().score) == 1.5


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null"},
        {"origin": "https://evil"},
        {},
    ],
)
def test_a_post_from_elsewhere_stores_nothing_and_keeps_the_answers(client, quiz, headers):
    data = paper_data(quiz, "Right", "Both")

    response = client.post(quiz.get_absolute_url(), data, headers=headers)

    assert refused(response, quiz, 403, REFUSED, data)


def test_too_many_papers_from_one_network_have_to_wait(post_from_site, quiz):
    while not limits.seconds_to_wait(SUBMIT_RATE, "quiz", "127.0.0.1"):
        pass
    data = paper_data(quiz, "Right", "Both")

    response = post_from_site(quiz.get_absolute_url(), data)

    assert refused(response, quiz, 429, "try again in", data)
    assert 0 < int(response.headers["Retry-After"]) <= 600


def test_ten_thousand_fields_are_refused_before_they_are_read(post_from_site, quiz):
    data = {f"q{number}": "x" for number in range(10_000)}

    assert post_from_site(quiz.get_absolute_url(), data).status_code == 400
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_not_allowed(client, quiz, method):
    assert getattr(client, method)(quiz.get_absolute_url()).status_code == 405


def test_a_paper_printed_under_the_last_secret_key_still_counts(post_from_site, quiz, settings):
    data = paper_data(quiz, "Right", "Both")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new secret key " * 4

    assert post_from_site(quiz.get_absolute_url(), data).status_code == 303


def test_five_questions_cost_as_many_queries_as_fifty(post_from_site, count_queries):
    counts = []
    for number in (5, 50):
        quiz = make_quiz(questions=number)
        post_from_site(quiz.get_absolute_url(), paper_data(quiz, *["Wrong"] * number))
        with count_queries() as queries:
            post_from_site(quiz.get_absolute_url(), paper_data(quiz, *["Right"] * number))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 6
