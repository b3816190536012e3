"""A live question is corrected: results show the score before and after with a dated note, and originals stay."""

import pytest

from quizzes.models import Attempt, Correction
from quizzes.tests.factories import make_paper, make_question, make_quiz, paper_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz():
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, choices=[("Right", 100), ("Also right", 0), ("Wrong", 0)])
    make_question(quiz, "short_answer", [("yield", 100)])
    quiz.publish(by=None)
    return quiz


def correction(quiz, number, action, **fields):
    question = make_paper(quiz).questions[number]
    fields = {"note": "Two answers were right.", "last_edition": quiz.edition_number} | fields
    return Correction.objects.create(quiz=quiz, question=question["id"], action=action, **fields)


def choice(quiz, text):
    return next(c["id"] for c in make_paper(quiz).questions[0]["choices"] if text in c["html"])


def test_an_answer_that_is_accepted_too_shows_both_scores_and_the_note(client, post_from_site, quiz):
    place = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Also right", "yield")).headers["Location"]
    before = Attempt.objects.values().get()

    made = correction(quiz, 0, "accept", choice=choice(quiz, "Also right"))

    page = client.get(place).content.decode()
    assert "You got 2 of 2" in page
    assert "1 of 2" in page
    assert "Two answers were right." in page
    assert made.created_at.strftime("%-d %B %Y") in page
    assert Attempt.objects.values().get() == before


def test_a_disregarded_question_leaves_score_and_maximum(client, post_from_site, quiz):
    place = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Wrong", "yield")).headers["Location"]

    correction(quiz, 0, "disregard")

    page = client.get(place).content.decode()
    assert "You got 1 of 1" in page
    assert "1 of 2" in page


def test_a_typed_answer_is_accepted_too(client, post_from_site, quiz):
    place = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", "yield from")).headers["Location"]

    correction(quiz, 1, "accept", text="yield from")

    assert "You got 2 of 2" in client.get(place).content.decode()


def test_who_hands_in_afterwards_is_graded_by_the_correction_and_told_of_no_other_score(client, post_from_site, quiz):
    correction(quiz, 0, "accept", choice=choice(quiz, "Also right"))

    place = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Also right", "yield")).headers["Location"]

    page = client.get(place).content.decode()
    assert Attempt.objects.get().score == 2
    assert "You got 2 of 2" in page
    assert "Your score was" not in page


def test_the_next_edition_is_not_corrected(client, post_from_site, quiz):
    correction(quiz, 0, "disregard")
    quiz.questions.first().choices.filter(text="Also right").update(text="Wrong too")
    quiz.publish(by=None)

    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", "yield"))

    assert Attempt.objects.get().maximum == 2


def test_a_correction_that_is_deleted_gives_the_old_result(client, post_from_site, quiz):
    place = post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Also right", "yield")).headers["Location"]
    before = client.get(place).content

    correction(quiz, 0, "disregard").delete()

    assert client.get(place).content == before
