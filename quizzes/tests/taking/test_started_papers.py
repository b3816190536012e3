"""Papers that readers start for themselves: drawn questions, time limits, more time, and second tries."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from quizzes.models import Attempt
from quizzes.taking import tickets
from quizzes.taking.papers import Paper
from quizzes.tests.factories import make_paper, make_question, make_quiz, paper_data
from quizzes.views.paper import NOT_STARTED

pytestmark = pytest.mark.django_db


def start(post_from_site, quiz, **data):
    """Press the button; returns the address of the paper and its ticket."""
    response = post_from_site(f"{quiz.get_absolute_url()}start/", data)
    assert response.status_code == 303
    place = response.headers["Location"]
    return place, tickets.opened(parse_qs(urlsplit(place).query)["paper"][0])


def legends(page):
    return re.findall(r"Stem \d+", page.content.decode().split("<form", 1)[1])


def test_a_quiz_that_draws_shows_no_question_before_it_is_started(client, post_from_site):
    quiz = make_quiz(questions=12, draw_count=5)

    before = client.get(quiz.get_absolute_url())
    place, _ = start(post_from_site, quiz)
    after = client.get(place)

    assert legends(before) == []
    assert len(set(legends(after))) == 5


def test_two_readers_draw_different_papers_and_each_paper_stays_the_same(client, post_from_site):
    quiz = make_quiz(questions=30, draw_count=5)
    (one, _), (two, _) = start(post_from_site, quiz), start(post_from_site, quiz)

    assert legends(client.get(one)) != legends(client.get(two))
    assert client.get(one).content == Client(headers={"cookie": "reader=x"}).get(one).content
    assert not client.get(one).cookies
    assert client.get(one).headers["Cache-Control"].startswith("public")


def test_what_is_always_there_is_on_every_paper(post_from_site):
    quiz = make_quiz(questions=10, draw_count=2, published=False)
    first, last = quiz.placements.first(), quiz.placements.last()
    quiz.placements.filter(pk__in=[first.pk, last.pk]).update(is_always=True)
    quiz.publish(by=None)

    _, ticket = start(post_from_site, quiz)

    asked = [question["id"] for question in make_paper(quiz, ticket=ticket).questions]
    assert asked == [first.question_id, last.question_id]


def test_questions_are_shuffled_where_the_author_says_so(post_from_site):
    quiz = make_quiz(questions=30, shuffle_questions=True)

    asked = [question["id"] for question in make_paper(quiz).questions]

    assert sorted(asked) == sorted(quiz.questions.values_list("pk", flat=True))
    assert asked != sorted(asked)


def test_only_the_drawn_questions_are_graded(post_from_site):
    quiz = make_quiz(questions=12, draw_count=5)
    _, ticket = start(post_from_site, quiz)

    post_from_site(quiz.get_absolute_url(), paper_data(quiz, *["Right"] * 5, ticket=ticket))

    attempt = Attempt.objects.get()
    assert (attempt.score, attempt.maximum, len(attempt.marks), len(attempt.order)) == (5, 5, 5, 5)


def test_an_answer_to_a_question_that_was_not_drawn_is_not_taken(post_from_site):
    quiz = make_quiz(questions=12, draw_count=5)
    _, ticket = start(post_from_site, quiz)
    everything = Paper(make_paper(quiz).edition, ticket)
    others = [q for q in everything.edition.questions if q not in everything.questions]
    extra = {f"q{q['id']}": everything.token(q, q["choices"][0]) for q in others}

    post_from_site(quiz.get_absolute_url(), paper_data(quiz, *["Wrong"] * 5, ticket=ticket) | extra)

    assert (Attempt.objects.get().score, len(Attempt.objects.get().answers)) == (0, 5)


def test_a_paper_has_to_be_started_before_it_is_submitted(post_from_site):
    quiz = make_quiz(time_limit=10)

    response = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", "Right"))

    assert response.status_code == 422
    assert str(NOT_STARTED) in response.content.decode()
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    ("extension", "minutes", "is_late"),
    [("0", 9, False), ("0", 10.4, False), ("0", 10.6, True), ("50", 14, False), ("50", 16, True), ("100", 20.4, False)],
)
def test_the_server_judges_the_time_with_grace_and_extension(clock, post_from_site, extension, minutes, is_late):
    quiz = make_quiz(time_limit=10)
    _, ticket = start(post_from_site, quiz, extension=extension)
    clock.shift(timedelta(minutes=minutes))

    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", "Wrong", ticket=ticket))

    attempt = Attempt.objects.get()
    assert (attempt.is_late, attempt.score) == (is_late, 1)
    assert abs(attempt.seconds - minutes * 60) <= 1


def test_a_late_paper_is_graded_and_its_reader_told(clock, client, post_from_site):
    quiz = make_quiz(time_limit=10)
    _, ticket = start(post_from_site, quiz)
    clock.shift(timedelta(hours=1))

    place = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", "Wrong", ticket=ticket)).headers[
        "Location"
    ]

    page = client.get(place).content.decode()
    assert "You got 1 of 2" in page
    assert "data-late" in page


@pytest.mark.parametrize("extension", ["25", "-50", "x", "1e9", "1000000"])
def test_another_extension_than_those_offered_is_refused(post_from_site, extension):
    quiz = make_quiz(time_limit=10)

    response = post_from_site(f"{quiz.get_absolute_url()}start/", {"extension": extension})

    assert response.status_code == 422
    assert "Choose one of the times" in response.content.decode()


def test_a_start_from_another_site_is_refused(client):
    quiz = make_quiz(time_limit=10)

    response = client.post(f"{quiz.get_absolute_url()}start/", headers={"sec-fetch-site": "cross-site"})

    assert response.status_code == 403


def test_a_changed_address_gives_the_common_paper_and_says_so(client, post_from_site):
    quiz = make_quiz(questions=3)
    ticket = tickets.issued(quiz.current_edition.pk, now=None).sealed()

    response = client.get(quiz.get_absolute_url(), {"paper": ticket[:-1]})

    assert response.status_code == 400
    assert "was changed" in response.content.decode()
    assert len(legends(response)) == 3
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_ticket_signed_for_something_else_is_no_ticket(client):
    from django.core import signing

    quiz = make_quiz()
    forged = signing.Signer(salt="comments.receipt").sign_object({"e": quiz.current_edition.pk})

    assert client.get(quiz.get_absolute_url(), {"paper": forged}).status_code == 400


def test_the_wrong_ones_can_be_tried_again(client, post_from_site):
    quiz = make_quiz(questions=0, published=False)
    for name in ("one", "two", "three"):
        make_question(quiz, stem=f"Stem {name}")
    quiz.publish(by=None)
    place = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", "Wrong", None, confirm="yes"))

    result = client.get(place.headers["Location"]).content.decode()
    again = re.search(r'href="(/quizzes/[^"]+\?paper=[^"]+)"', result)[1]
    page = client.get(again).content.decode()

    assert [name for name in ("one", "two", "three") if f"Stem {name}" in page] == ["two", "three"]
    ticket = tickets.opened(parse_qs(urlsplit(again).query)["paper"][0])
    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", "Right", ticket=ticket))
    second = Attempt.objects.latest("pk")
    assert (second.score, second.maximum, second.is_first) == (2, 2, False)


def test_a_reader_without_a_script_turns_to_one_question_after_the_other(client, post_from_site):
    quiz = make_quiz(questions=3, layout="one")
    data = paper_data(quiz, "Right", None, None)

    first = client.get(quiz.get_absolute_url()).content.decode()
    second = post_from_site(quiz.get_absolute_url(), data | {"go": "2"}).content.decode()

    assert (first.count("<fieldset"), len(re.findall(r"<fieldset[^>]*\shidden", first))) == (3, 2)
    assert len(re.findall(r"<fieldset[^>]*\shidden", second)) == 2
    assert second.count(" checked") == 1
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("step", ["9", "-1", "x", "1e3", "٣", "9" * 100])
def test_a_step_that_is_not_there_hands_nothing_in_by_surprise(post_from_site, step):
    quiz = make_quiz(questions=3, layout="one")

    response = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", None, None) | {"go": step})

    assert response.status_code == 422
    assert not Attempt.objects.exists()
