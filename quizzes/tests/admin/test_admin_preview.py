"""The preview of saved questions. Nothing is stored."""

import pytest
from django.urls import reverse

from publishing.tests.factories import make_article, make_user
from quizzes.admin.preview import BAD_TICKET
from quizzes.editing import freezing
from quizzes.kinds import RULES
from quizzes.kinds.base import field_name
from quizzes.models import Attempt, Choice, Edition, Question, Quiz
from quizzes.taking import papers, snapshots, tickets
from quizzes.tests.factories import make_question, make_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = make_user("editor")
    client.force_login(editor)
    return editor


def preview_of(row):
    return reverse(f"admin:quizzes_{row._meta.model_name}_preview", args=[row.pk])


def sent(quiz, *answers, ticket=None):
    """What a browser sends from the preview of a quiz."""
    edition = snapshots.EditionSnapshot(0, quiz.pk, 0, freezing.bundle(quiz, quiz.placed()))
    paper = papers.Paper(edition, ticket or tickets.Ticket(0))
    data = {"ticket": paper.ticket.sealed()}
    for question, text in zip(paper.questions, answers, strict=True):
        tokens = {choice.get("html"): paper.token(question, choice) for choice in question["choices"]}
        data[field_name(question)] = tokens.get(f"<p>{text}</p>", text)
    return data


def test_the_preview_shows_what_readers_do_not_see_yet(client, editor):
    quiz = make_quiz(questions=1)
    Question.objects.update(stem="Not **published** yet?")

    response = client.get(preview_of(quiz))

    page = response.content.decode()
    assert "Not <strong>published</strong> yet?" in page
    assert "private" in response.headers["Cache-Control"] and "no-store" in response.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize(("answer", "score"), [("Right", "You got 1 of 1"), ("Wrong", "You got 0 of 1")])
def test_the_answers_are_graded_and_nothing_is_stored(client, editor, answer, score):
    quiz = make_quiz(questions=1, published=False)

    page = client.post(preview_of(quiz), sent(quiz, answer)).content.decode()

    assert score in page and "Because" in page
    assert not (Attempt.objects.exists() or Edition.objects.exists())
    assert not Quiz.objects.exclude(edition_number=0).exists()


@pytest.mark.parametrize("kind", list(RULES))
def test_each_kind_is_previewed_and_graded(client, editor, kind):
    question = make_question(kind=kind)
    ticket = tickets.Ticket(0).sealed()

    paper = client.get(preview_of(question)).content.decode()
    result = client.post(preview_of(question), {"ticket": ticket}).content.decode()

    assert 'name="ticket"' in paper and "csrfmiddlewaretoken" in paper
    assert "You got 0 of 1" in result and "Not answered" in result


def test_a_drawn_paper_is_graded_as_it_was_drawn(client, editor):
    quiz = make_quiz(questions=5, published=False, draw_count=2)
    ticket = tickets.issued(0, now=None)

    page = client.get(preview_of(quiz)).content.decode()
    result = client.post(preview_of(quiz), sent(quiz, "Right", "Wrong", ticket=ticket)).content.decode()

    assert page.count("<fieldset") == 2
    assert "You got 1 of 2" in result


def test_another_reader_gets_another_paper(client, editor):
    quiz = make_quiz(questions=1, published=False)
    texts = [(f"Choice {number}", 100 if number == 0 else 0) for number in range(12)]
    make_question(quiz, choices=texts)

    def order(query=""):
        page = client.get(preview_of(quiz) + query).content.decode()
        return sorted(range(12), key=lambda number: page.index(f"Choice {number}<"))

    assert order() == order() != order("?again=1")


def test_invalid_answers_are_refused_and_the_others_stay(client, editor):
    quiz = make_quiz(questions=0, kinds=["numeric", "short_answer"], published=False)

    answer = client.post(preview_of(quiz), sent(quiz, "three", "kept <b>"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "is not a number" in page and 'value="kept &lt;b&gt;"' in page


@pytest.mark.parametrize("ticket", ["", "forged", "x" * 5000, tickets.Ticket])
def test_a_ticket_of_no_preview_is_refused(client, editor, ticket):
    quiz = make_quiz(questions=1)
    if callable(ticket):
        ticket = ticket(quiz.current_edition.pk).sealed()

    answer = client.post(preview_of(quiz), {"ticket": ticket})

    assert answer.status_code == 400
    assert str(BAD_TICKET) in answer.content.decode()


def test_questions_with_problems_are_left_out_and_named(client, editor):
    quiz = make_quiz(questions=1, published=False, draw_count=2)
    bad = make_question(quiz, "cloze", [({"text": "x"}, 100)], name="Half finished")
    make_question(quiz, "numeric", [("three", 100)], name="No number")
    make_question(quiz, "multiple", [("a", 10)], name="One choice")

    page = client.get(preview_of(quiz)).content.decode()

    assert "Half finished" in page and "No number" in page and "One choice" in page
    assert page.count("<fieldset") == 1
    assert "<fieldset" not in client.get(preview_of(bad)).content.decode()


def test_the_result_says_where_to_read_again(client, editor):
    article = make_article(title="Loops")
    quiz = make_quiz(questions=0, published=False)
    make_question(quiz, article=article, anchor="a-heading")

    page = client.post(preview_of(quiz), sent(quiz, "Wrong")).content.decode()

    assert f"{article.get_absolute_url()}#a-heading" in page


def test_a_preview_needs_the_permission_to_view_quizzes(client, editor):
    quiz = make_quiz()
    question = quiz.questions_in_order()[0]
    assert client.get(reverse("admin:quizzes_quiz_preview", args=[10**30])).status_code == 404

    client.force_login(make_user("moderator"))
    for row in (quiz, question):
        assert client.get(preview_of(row)).status_code == client.post(preview_of(row)).status_code == 403
    client.logout()
    assert client.get(preview_of(quiz)).status_code == 302


def test_a_paper_of_two_questions_costs_as_many_queries_as_one_of_twelve(client, editor, count_queries):
    counts = []
    for number in (2, 12):
        quiz = make_quiz(questions=number, published=False)
        data = sent(quiz, *["Right"] * number)
        client.get(preview_of(quiz))
        with count_queries() as queries:
            client.get(preview_of(quiz))
            client.post(preview_of(quiz), data)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert Choice.objects.count() == 28
