"""A kind of question that nobody has heard of is taken from draft to statistics once it is registered."""

import pytest
from django.db import connection
from django.urls import reverse

from publishing.tests.factories import make_user
from quizzes import formats, kinds, lint
from quizzes.editing import validation
from quizzes.kinds.base import Rules, field_name
from quizzes.kinds.base_forms import one_text, sent_to
from quizzes.kinds.forms import FORMS
from quizzes.kinds.grading.answers import first_that_fits, text
from quizzes.kinds.short_answer.forms import ShortAnswerForms
from quizzes.models import Attempt, BankCategory, Question, Quiz
from quizzes.tests.factories import make_paper
from quizzes.transfer.import_question import item_of

pytestmark = pytest.mark.django_db


class Backwards(Rules):
    """A word that is typed from its last letter to its first."""

    name, label, hint = "backwards", "Backwards", "type it backwards"
    columns = {"text": "Word", "weight": "Weight"}
    least, noun = 1, "word"
    is_typed = True

    def problems(self, question, choices):
        return [] if len(choices) == 1 else ["It needs one word."]

    def frozen_choice(self, choice, html):
        return {"text": choice.text}

    def grade(self, question, answer):
        typed = text(answer)
        return first_that_fits(question["choices"], lambda choice: choice["text"] == typed[::-1])

    def counted(self, answer):
        return answer

    def whole_key(self, answer, spelled):
        return spelled(answer)


class BackwardsForms(ShortAnswerForms):
    label = "From its end"

    def clean(self, question, paper, sent):
        return one_text(sent_to(question, sent), 50)


@pytest.fixture(autouse=True)
def registered(monkeypatch, db):
    """Known as the nine are. Its migration, which lets the database take it, is left out."""
    monkeypatch.setitem(kinds.RULES, "backwards", Backwards())
    monkeypatch.setitem(FORMS, "backwards", BackwardsForms(kinds.RULES["backwards"]))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("ALTER TABLE quizzes_question DROP CONSTRAINT question_kind_known")
        yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.fixture
def question(registered):
    category = BankCategory.objects.create(path="New")
    question = Question.objects.create(kind="backwards", category=category, stem="Turn “stop” round.")
    question.choices.create(text="stop", weight=100)
    return question


@pytest.fixture
def quiz(question):
    quiz = Quiz.objects.create(title="New", slug="new")
    quiz.place(question)
    quiz.publish(by=None)
    return quiz


@pytest.mark.parametrize(("typed", "score", "words"), [("pots", 1, "✓ Right"), ("stop", 0, "✗ Not quite")])
def test_it_is_asked_graded_and_explained(client, post_from_site, quiz, typed, score, words):
    paper = make_paper(quiz)
    page = client.get("/quizzes/new/").content.decode()
    assert "type it backwards" in page and "From its end" in page and "stop”" in page

    sent = {"ticket": paper.ticket.sealed(), field_name(paper.questions[0]): typed}
    result = post_from_site("/quizzes/new/", sent).headers["Location"]

    assert Attempt.objects.get().score == score
    assert words in client.get(result).content.decode()
    assert "<code>stop</code>" in client.get(f"{result}print/").content.decode()


def test_it_is_in_the_statistics(client, post_from_site, quiz):
    paper = make_paper(quiz)
    sent = {"ticket": paper.ticket.sealed(), field_name(paper.questions[0]): "Pots"}
    post_from_site("/quizzes/new/", sent)
    client.force_login(make_user("editor"))

    page = client.get(reverse("admin:quizzes_quiz_statistics", args=[quiz.pk])).content.decode()

    assert "Backwards" in page and "Typed answers" in page and "pots" in page.lower()


def test_its_errors_are_shown_beside_it(post_from_site, quiz):
    paper = make_paper(quiz)

    response = post_from_site(
        "/quizzes/new/", {"ticket": paper.ticket.sealed(), field_name(paper.questions[0]): "a" * 51}
    )

    assert response.status_code == 422 and "at most 50 characters" in response.content.decode()


def test_its_drafts_are_checked(question):
    question.choices.create(text="more", weight=0)

    assert validation.problems_of_question(question, list(question.choices.all())) == ["It needs one word."]


def test_it_is_exported_and_checked_by_lint(question):
    item = item_of(question)

    again = formats.read(formats.write("json", [item]).text.encode()).items

    assert [formats.normal(one) for one in again] == [formats.normal(item)]
    for file_format, words in [("gift", "GIFT"), ("xml", "Moodle XML"), ("aiken", "Aiken")]:
        written = formats.write(file_format, [item])
        assert "stop" not in written.text and written.left_out[0].message.startswith(words)
    assert [found.rule for found in lint.findings([question])] == ["missing-explanation"]
