"""Correcting a published question in the admin."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from publishing.tests.factories import make_user
from quizzes.models import Attempt, Correction
from quizzes.tests.factories import make_question, make_quiz, paper_data

pytestmark = pytest.mark.django_db

NOTE = "The question could be read in two ways."


@pytest.fixture
def editor(client):
    editor = make_user("editor")
    client.force_login(editor)
    return editor


def make_answered(post, kind="single", *answers, **fields):
    """A published quiz with one question of this kind, answered once with these texts; and the question's id."""
    quiz = make_quiz(questions=0, published=False)
    question = make_question(quiz, kind, **fields)
    quiz.publish(by=None)
    post(quiz.get_absolute_url(), paper_data(quiz, answers))
    return quiz, question


def make_listed():
    quiz = make_quiz(questions=0, published=False)
    texts = [({"text": text, "blank": 1, "is_offered": True}, weight) for text, weight in (("a", 100), ("b", 0))]
    make_question(quiz, "cloze", texts, stem="[[1]]")
    quiz.publish(by=None)
    return quiz


def page_of(quiz, question=None):
    path = reverse("admin:quizzes_quiz_correct", args=[quiz.pk])
    return f"{path}?question={question.pk}" if question else path


def test_the_question_is_chosen_from_the_current_edition(client, editor, post_from_site):
    quiz, question = make_answered(post_from_site, stem="Which of these?")
    make_question(quiz, stem="Not published yet")

    page = client.get(page_of(quiz)).content.decode()

    assert "Which of these?" in page and f"?question={question.pk}" in page
    assert "Not published yet" not in page


def test_a_question_is_disregarded_and_stored_attempts_stay(client, editor, post_from_site):
    quiz, question = make_answered(post_from_site, "single", "Wrong")
    before = Attempt.objects.values().get()

    form = client.get(page_of(quiz, question)).content.decode()
    answer = client.post(page_of(quiz, question), {"action": "disregard", "note": NOTE}, follow=True)

    assert "1 attempt on edition 1" in " ".join(form.split())
    correction = Correction.objects.get()
    assert (correction.question, correction.last_edition, correction.by) == (question.pk, 1, editor)
    assert before == Attempt.objects.values().get()
    assert NOTE in answer.content.decode()
    assert LogEntry.objects.filter(user=editor, change_message__contains="Disregard the question").exists()
    assert "1 of 1" not in client.get(Attempt.objects.get().get_absolute_url()).content.decode()


ACCEPTED = [
    ("single", "Wrong", {}, "You got 1 of 1"),
    ("true_false", "False", {}, "You got 1 of 1"),
    ("short_answer", "yields", {"text": "yields"}, "You got 1 of 1"),
    ("numeric", "3,2", {"text": "3.2"}, "You got 1 of 1"),
    ("output", "2.0", {"text": "2.0"}, "You got 1 of 1"),
]


@pytest.mark.parametrize(("kind", "answer", "sent", "score"), ACCEPTED)
def test_another_answer_is_accepted_too(client, editor, post_from_site, kind, answer, sent, score):
    quiz, question = make_answered(post_from_site, kind, answer)
    if not sent:
        sent = {"choice": question.choices.get(text=answer).pk}

    client.post(page_of(quiz, question), {"action": "accept", "note": NOTE} | sent)

    page = client.get(Attempt.objects.get().get_absolute_url()).content.decode()
    assert score in page and NOTE in page
    assert "Your score was 0 of 1" in page


def test_a_blank_accepts_more(client, editor, post_from_site):
    quiz, question = make_answered(post_from_site, "cloze", "while", "in")

    client.post(page_of(quiz, question), {"action": "accept", "text": "while", "blank": "1", "note": NOTE})

    assert "You got 1 of 1" in client.get(Attempt.objects.get().get_absolute_url()).content.decode()


def test_a_choice_of_several_can_count_neither_way(client, editor, post_from_site):
    quiz, question = make_answered(post_from_site, "multiple", "Both", "And", "Neither")
    choice = question.choices.get(text="Neither")

    client.post(page_of(quiz, question), {"action": "accept", "choice": choice.pk, "note": NOTE})

    assert "You got 1 of 1" in client.get(Attempt.objects.get().get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("kind", "sent", "problem"),
    [
        ("single", {"action": "accept"}, "required"),
        ("single", {"action": "accept", "choice": "right"}, "Select a valid choice"),
        ("single", {"action": "accept", "choice": "9" * 30}, "Select a valid choice"),
        ("single", {"action": "accept", "choice": "\x00"}, "Select a valid choice"),
        ("single", {"action": ""}, "required"),
        ("single", {"action": "disregard", "note": ""}, "required"),
        ("single", {"action": "disregard", "note": "a\nb"}, "one line"),
        ("single", {"action": "disregard", "note": "a\x00"}, "Null characters"),
        ("ordering", {"action": "accept"}, "Select a valid choice"),
        ("matching", {"action": "accept"}, "Select a valid choice"),
        ("short_answer", {"action": "accept", "text": " "}, "required"),
        ("short_answer", {"action": "accept", "text": "yield"}, "already accepted"),
        ("numeric", {"action": "accept", "text": "three"}, "is not a number"),
        ("numeric", {"action": "accept", "text": "1e999"}, "too large"),
        ("cloze", {"action": "accept", "text": "while"}, "required"),
        ("cloze", {"action": "accept", "text": "for", "blank": "1"}, "already accepted"),
        ("cloze", {"action": "accept", "text": "for", "blank": "7"}, "Select a valid choice"),
        ("listed", {"action": "accept", "text": "c", "blank": "1"}, "a, b"),
    ],
)
def test_an_invalid_correction_is_refused_and_the_typed_text_stays(client, editor, kind, sent, problem):
    quiz = make_listed() if kind == "listed" else make_quiz(questions=0, kinds=[kind])
    question = quiz.questions_in_order()[0]
    if sent.get("choice") == "right":
        sent = sent | {"choice": question.choices.get(weight=100).pk}

    answer = client.post(page_of(quiz, question), {"note": NOTE} | sent)

    page = answer.content.decode()
    assert answer.status_code == 422 and problem in page
    assert "note" in sent or NOTE in page
    assert not Correction.objects.exists()


def test_a_correction_is_deleted_once_that_is_confirmed(client, editor, post_from_site):
    quiz, question = make_answered(post_from_site, "single", "Wrong")
    client.post(page_of(quiz, question), {"action": "disregard", "note": NOTE})
    path = reverse("admin:quizzes_quiz_undo_correction", args=[quiz.pk, Correction.objects.get().pk])

    assert NOTE in client.get(path).content.decode()
    assert Correction.objects.exists()
    client.post(path)

    assert not Correction.objects.exists()
    assert "You got 0 of 1" in client.get(Attempt.objects.get().get_absolute_url()).content.decode()
    assert LogEntry.objects.filter(change_message__startswith="Deleted a correction").exists()
    assert client.post(path).status_code == 404


def test_statistics_follow_a_correction_and_its_deletion(client, editor, post_from_site):
    quiz, question = make_answered(post_from_site, "single", "Wrong")
    statistics = reverse("admin:quizzes_quiz_statistics", args=[quiz.pk])

    client.post(page_of(quiz, question), {"action": "disregard", "note": NOTE})
    assert "Disregarded" in client.get(statistics).content.decode()
    client.post(reverse("admin:quizzes_quiz_undo_correction", args=[quiz.pk, Correction.objects.get().pk]))
    assert "Disregarded" not in client.get(statistics).content.decode()


def test_a_disregarded_question_is_not_corrected_again(client, editor, post_from_site):
    quiz, question = make_answered(post_from_site)
    client.post(page_of(quiz, question), {"action": "disregard", "note": NOTE})

    response = client.get(page_of(quiz, question), follow=True)

    assert response.redirect_chain and 'class="messagelist"' in response.content.decode()


def test_if_every_choice_is_accepted_the_question_can_only_be_disregarded(client, editor):
    quiz = make_quiz(questions=1)
    question = quiz.questions_in_order()[0]
    wrong = question.choices.get(text="Wrong")
    client.post(page_of(quiz, question), {"action": "accept", "choice": wrong.pk, "note": NOTE})

    page = client.get(page_of(quiz, question)).content.decode()
    again = client.post(page_of(quiz, question), {"action": "accept", "choice": wrong.pk, "note": NOTE})

    assert 'value="disregard"' in page and 'value="accept"' not in page
    assert again.status_code == 422 and Correction.objects.count() == 1


@pytest.mark.parametrize("query", ["?question=0", "?question=abc", "?question=" + "9" * 5000])
def test_a_question_outside_the_current_edition_is_404(client, editor, query):
    quiz = make_quiz()

    assert client.get(page_of(quiz) + query).status_code == 404
    assert client.post(page_of(quiz) + query, {"action": "disregard", "note": NOTE}).status_code == 404
    assert client.post(page_of(quiz)).status_code == 404


def test_a_correction_of_another_quiz_is_not_deleted_here(client, editor):
    quiz, other = make_quiz(), make_quiz()
    client.post(page_of(quiz, quiz.questions_in_order()[0]), {"action": "disregard", "note": NOTE})

    path = reverse("admin:quizzes_quiz_undo_correction", args=[other.pk, Correction.objects.get().pk])

    assert client.get(path).status_code == 404


def test_correcting_needs_the_permission_to_publish(client, editor):
    quiz = make_quiz()
    group = editor.groups.get()
    group.permissions.remove(group.permissions.get(codename="publish_quiz"))

    page = client.get(reverse("admin:quizzes_quiz_change", args=[quiz.pk])).content.decode()

    assert client.get(page_of(quiz)).status_code == 403
    assert client.post(page_of(quiz, quiz.questions_in_order()[0]), {"action": "disregard"}).status_code == 403
    assert page_of(quiz) not in page
