"""Authors write quizzes for their own articles; editors publish them."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from publishing.tests.factories import make_article, make_author, make_user
from publishing.tests.freshness.forms import submit
from quizzes.models import Question, Quiz
from quizzes.tests.admin.test_admin import change_of, form_of
from quizzes.tests.factories import make_question, make_quiz

pytestmark = pytest.mark.django_db
LIST, ADD = reverse("admin:quizzes_quiz_changelist"), reverse("admin:quizzes_quiz_add")
ADD_QUESTION = reverse("admin:quizzes_question_add")


@pytest.fixture
def author(client):
    user = make_user("author")
    client.force_login(user)
    user.own = make_author(user=user)
    return user


@pytest.fixture
def article(author):
    return make_article(title="My article", authors=[author.own])


@pytest.fixture
def foreign():
    """Quizzes that the author has no part in."""
    other = make_article(authors=[make_author("Omar")])
    return [
        make_quiz(title="Foreign draft", articles=[other], published=False),
        make_quiz(title="Foreign live", articles=[other]),
        make_quiz(title="Of no article", published=False),
    ]


def change_of_question(question):
    return reverse("admin:quizzes_question_change", args=[question.pk])


def logged(quiz):
    return [entry.get_change_message() for entry in LogEntry.objects.filter(object_id=quiz.pk)]


def test_a_quiz_goes_from_its_author_to_review_and_back_and_to_readers(client, author, article):
    submit(client, ADD, "_save", title="My quiz", slug="my-quiz", articles=str(article.pk))
    quiz = Quiz.objects.get()
    submit(
        client, f"{ADD_QUESTION}?quiz={quiz.pk}", "_save", stem="Which?",
        **{"choices-0-text": "Right", "choices-0-weight": "100", "choices-1-text": "Wrong"},
    )  # fmt: skip
    assert [question.written_by for question in quiz.questions.all()] == [author]
    assert b"Save and publish" not in client.get(change_of(quiz)).content
    submit(client, change_of(quiz), "_review", title="My quiz, done")
    assert list(Quiz.objects.in_review()) == [quiz]
    assert client.get(quiz.get_absolute_url()).status_code == 404

    editor = make_user("editor")
    client.force_login(editor)
    assert "Quizzes to review" in (front := client.get("/admin/").content.decode())
    assert change_of(quiz) in front
    assert b"My quiz, done" in client.get(f"{LIST}?status__exact=review").content
    answer = submit(client, change_of(quiz), "_send_back", note="")
    assert b"Say what should change." in answer.content
    submit(client, change_of(quiz), "_send_back", note="One more question, please.")
    assert not Quiz.objects.in_review()

    client.force_login(author)
    assert b"One more question, please." in client.get("/admin/").content
    assert b"One more question, please." in client.get(change_of(quiz)).content
    assert b"Draft, sent back" in client.get(LIST).content
    submit(client, change_of(quiz), "_review")

    client.force_login(editor)
    submit(client, change_of(quiz), "_publish")
    assert client.get(quiz.get_absolute_url()).status_code == 200
    assert Quiz.objects.get().review_note == ""
    steps = [message for message in logged(quiz) if message.startswith(("Sent", "Published"))]
    assert steps == [
        "Published edition 1",
        "Sent for review",
        "Sent back: One more question, please.",
        "Sent for review",
    ]


def test_a_quiz_that_cannot_be_published_is_not_sent_and_says_why(client, author, article):
    quiz = make_quiz(questions=0, articles=[article], published=False)

    answer = client.post(change_of(quiz), form_of(quiz, _review="1"), follow=True)

    assert "was not sent for review." in answer.content.decode()
    assert not Quiz.objects.in_review()


def test_a_quiz_of_an_author_belongs_to_an_article_of_their_own(client, author, article):
    other = make_article(title="Not mine")

    page = client.get(ADD).content.decode()
    assert "My article" in page
    assert "Not mine" not in page
    refused = submit(client, ADD, "_save", title="Mine", slug="mine", articles=[])
    assert b"Choose the article that it belongs to." in refused.content
    forged = submit(client, ADD, "_save", title="Mine", slug="mine", articles=[str(article.pk), str(other.pk)])
    assert forged.status_code == 200
    assert not Quiz.objects.exists()


def test_authors_see_no_quiz_but_their_own(client, author, article, foreign):
    own = make_quiz(title="My own", articles=[article], published=False)
    shared = make_quiz(title="Shared", articles=[article, make_article()], published=False)

    page = client.get(LIST).content.decode()

    assert "My own" in page
    for quiz in (*foreign, shared):
        assert quiz.title not in page
        assert client.get(change_of(quiz)).headers["Location"] == "/admin/"
        assert client.post(change_of(quiz), form_of(quiz, title="Taken over")).status_code == 302
        for name in ("preview", "statistics", "export"):
            assert client.get(reverse(f"admin:quizzes_quiz_{name}", args=[quiz.pk])).status_code == 404
    assert not Quiz.objects.filter(title="Taken over").exists()
    for name in ("preview", "statistics", "export"):
        assert client.get(reverse(f"admin:quizzes_quiz_{name}", args=[own.pk])).status_code == 200
    assert client.get(reverse("admin:quizzes_quiz_import")).status_code == 403


def test_authors_can_look_at_their_live_quiz_and_not_change_it(client, author, article):
    quiz = make_quiz(articles=[article])
    question = quiz.questions.first()
    Question.objects.update(written_by=author)

    page = client.get(change_of(quiz)).content.decode()

    assert 'name="_save"' not in page
    assert 'name="_review"' not in page
    assert client.post(change_of(quiz), form_of(quiz, title="Changed")).status_code == 403
    assert client.post(change_of_question(question), {"stem": "Changed"}).status_code == 403
    assert client.get(change_of_question(question)).status_code == 200
    assert client.get(reverse("admin:quizzes_quiz_correct", args=[quiz.pk])).status_code == 403
    assert client.post(reverse("admin:quizzes_quiz_delete", args=[quiz.pk]), {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "archive", "_selected_action": [quiz.pk]})
    assert Quiz.objects.get().is_published


@pytest.mark.parametrize("button", ["_publish", "_send_back"])
def test_authors_do_not_take_the_steps_of_editors(client, author, article, button):
    quiz = make_quiz(title="Draft", articles=[article], published=False)
    quiz.send_for_review(by=author)

    data = form_of(quiz, title="Changed", note="x", published_at_0="2026-01-01", status="published") | {button: "1"}

    assert client.post(change_of(quiz), data).status_code == 403
    quiz.refresh_from_db()
    assert (quiz.title, quiz.status, quiz.published_at) == ("Draft", "review", None)
    client.post(change_of(quiz), form_of(quiz, published_at_0="2026-01-01", published_at_1="10:00", status="published"))
    quiz.refresh_from_db()
    assert (quiz.status, quiz.published_at) == ("review", None)


# --- the bank ---


def test_authors_use_questions_of_the_bank_and_change_only_their_own(client, author, article, foreign):
    own_quiz = make_quiz(articles=[article], questions=0, published=False)
    own = make_question(own_quiz, stem="My question", written_by=author)
    in_bank, hidden = make_question(stem="Of the bank"), foreign[0].questions.first()
    make_question(foreign[0], stem="Mine elsewhere", written_by=author)

    page = client.get(reverse("admin:quizzes_question_changelist")).content.decode()
    assert all(question.stem in page for question in (own, in_bank, foreign[1].questions.first()))
    assert f">{hidden.stem}<" not in page
    assert client.get(change_of_question(hidden)).status_code == 302
    assert client.get(reverse("admin:quizzes_question_preview", args=[hidden.pk])).status_code == 404
    assert "Foreign" not in client.get(change_of_question(foreign[1].questions.first())).content.decode()

    # Into one's own quiz, and not into that of someone else.
    client.post(change_of(own_quiz), form_of(own_quiz, in_bank))
    assert list(own_quiz.questions_in_order()) == [own, in_bank]
    client.post(change_of(own_quiz), form_of(own_quiz, hidden))
    add = {"action": "add_to_quiz", "_selected_action": [in_bank.pk], "confirm": "1", "quiz": foreign[0].pk}
    client.post(reverse("admin:quizzes_question_changelist"), add)
    assert hidden not in own_quiz.questions_in_order()
    assert in_bank not in foreign[0].questions_in_order()

    assert client.post(change_of_question(in_bank), {"stem": "Changed"}).status_code == 403
    elsewhere = Question.objects.get(stem="Mine elsewhere")
    assert client.post(change_of_question(elsewhere), {"stem": "Changed"}).status_code == 403
    submit(client, change_of_question(own), "_save", stem="My better question")
    own.refresh_from_db()
    assert own.stem == "My better question"


def test_a_new_question_is_not_put_into_a_foreign_quiz(client, author, foreign):
    address = f"{ADD_QUESTION}?quiz={foreign[0].pk}"
    assert "Foreign" not in client.get(address).content.decode()

    submit(client, ADD_QUESTION, "_save", stem="Which?", quiz=str(foreign[0].pk))

    assert not Question.objects.filter(stem="Which?").exists()


def test_a_question_keeps_its_article_while_that_lies_in_the_trash(client, article):
    client.force_login(make_user("editor"))
    question = make_question(article=article)
    client.post(reverse("admin:articles_article_delete", args=[article.pk]), {"post": "yes"})

    submit(client, change_of_question(question), "_save", stem="Other")

    question.refresh_from_db()
    assert (question.stem, question.article_id) == ("Other", article.pk)
