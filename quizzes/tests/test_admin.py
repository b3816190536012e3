import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from publishing.tests.factories import make_article, make_user
from quizzes.models import Attempt, Choice, Edition, Question, Quiz

from .factories import make_question, make_quiz, paper_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = make_user("editor")
    client.force_login(editor)
    return editor


def change_of(quiz):
    return reverse("admin:quizzes_quiz_change", args=[quiz.pk])


def form_of(quiz, **changes):
    """What the change form sends when nothing but `changes` is touched."""
    questions = list(quiz.questions.all())
    data = {
        "title": quiz.title, "slug": quiz.slug, "summary": quiz.summary, "difficulty": quiz.difficulty,
        "articles": [article.pk for article in quiz.articles.all()],
        "published_at_0": "2026-01-01" if quiz.published_at else "",
        "published_at_1": "10:00" if quiz.published_at else "",
        "questions-TOTAL_FORMS": len(questions), "questions-INITIAL_FORMS": len(questions),
        "editions-TOTAL_FORMS": 0, "editions-INITIAL_FORMS": 0,
    }  # fmt: skip
    for number, question in enumerate(questions):
        data |= {f"questions-{number}-id": question.pk, f"questions-{number}-quiz": quiz.pk}
        data[f"questions-{number}-position"] = question.position
    return data | changes


def test_the_list_shows_how_many_questions_and_attempts(client, editor, post_from_site):
    quiz = make_quiz(questions=3)
    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", "Right", "Right"))

    page = client.get(reverse("admin:quizzes_quiz_changelist")).content.decode()

    assert '<td class="field-questions">3</td>' in page
    assert '<td class="field-attempts">1</td>' in page


def test_saving_and_publishing_is_one_button(client, editor):
    quiz = make_quiz(published=False)

    response = client.post(change_of(quiz), form_of(quiz, title="Renamed", _publish="1"), follow=True)

    quiz.refresh_from_db()
    assert quiz.is_published
    assert quiz.current_edition.title == "Renamed"
    assert "Readers are given edition 1 of “Renamed”." in response.content.decode()
    assert LogEntry.objects.filter(user=editor, change_message="Published edition 1").exists()


def test_what_keeps_a_quiz_from_being_published_is_told(client, editor):
    quiz = make_quiz(published=False)
    make_question(quiz, choices=[("a", 0), ("b", 0)], name="Odd")

    response = client.post(
        reverse("admin:quizzes_quiz_changelist"), {"action": "publish", "_selected_action": [quiz.pk]}, follow=True
    )

    assert "Question 3 (“Odd”): Exactly one of its choices" in response.content.decode()
    assert not Edition.objects.exists()


def test_archiving_is_an_action(client, editor):
    quiz = make_quiz()

    client.post(reverse("admin:quizzes_quiz_changelist"), {"action": "archive", "_selected_action": [quiz.pk]})

    quiz.refresh_from_db()
    assert quiz.status == "archived"


def test_without_the_permission_nobody_publishes(client, editor):
    quiz = make_quiz(published=False)
    group = editor.groups.get()
    group.permissions.remove(group.permissions.get(codename="publish_quiz"))

    page = client.get(change_of(quiz)).content.decode()
    client.post(change_of(quiz), form_of(quiz, _publish="1", status="published"))
    client.post(reverse("admin:quizzes_quiz_changelist"), {"action": "publish", "_selected_action": [quiz.pk]})

    quiz.refresh_from_db()
    assert 'name="_publish"' not in page
    assert quiz.status == "draft"


def test_a_published_quiz_keeps_its_moment(client, editor):
    quiz = make_quiz()

    response = client.post(change_of(quiz), form_of(quiz, published_at_0="", published_at_1=""))

    assert response.status_code == 200
    assert "A published quiz has a moment of publication" in response.content.decode()


def test_the_desk_says_when_readers_do_not_see_the_latest(client, editor):
    quiz = make_quiz()

    assert "which is up to date" in client.get(change_of(quiz)).content.decode()
    Choice.objects.filter(text="Wrong").update(text="Other")
    assert "changes that readers do not see" in client.get(change_of(quiz)).content.decode()


def test_a_question_is_written_with_its_choices(client, editor):
    quiz = make_quiz(questions=0, published=False)
    data = {
        "quiz": quiz.pk, "kind": "single", "stem": "Line one\r\nLine two", "explanation": "", "position": 1,
        "choices-TOTAL_FORMS": 2, "choices-INITIAL_FORMS": 0,
        "choices-0-text": "a", "choices-0-weight": "0", "choices-0-position": 1,
        "choices-1-text": "b", "choices-1-weight": "0", "choices-1-position": 2,
    }  # fmt: skip

    response = client.post(reverse("admin:quizzes_question_add"), data, follow=True)

    question = Question.objects.get()
    assert question.stem == "Line one\nLine two"
    assert question.choices.count() == 2
    assert "This cannot be published yet. Exactly one" in response.content.decode()


def test_linking_an_article_lets_go_of_its_kept_page(client, editor):
    from publishing import changes

    quiz, article = make_quiz(), make_article()
    generation = changes.current()

    client.post(change_of(quiz), form_of(quiz, articles=[article.pk]))

    assert list(Quiz.objects.get().articles.all()) == [article]
    assert changes.current() > generation


@pytest.mark.parametrize("name", ["edition", "attempt"])
def test_editions_and_attempts_can_be_looked_at_and_not_changed(client, post_from_site, name):
    client.force_login(make_user("owner"))
    quiz = make_quiz()
    post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right", "Right"))
    row = {"edition": Edition, "attempt": Attempt}[name].objects.get()

    changelist, change, delete, add = (
        reverse(f"admin:quizzes_{name}_changelist"), reverse(f"admin:quizzes_{name}_change", args=[row.pk]),
        reverse(f"admin:quizzes_{name}_delete", args=[row.pk]), reverse(f"admin:quizzes_{name}_add"),
    )  # fmt: skip
    assert [client.get(path).status_code for path in (changelist, change, delete, add)] == [200, 200, 403, 403]
    assert client.post(change, {"number": 9}).status_code == 403


@pytest.mark.parametrize("name", ["quiz", "question", "edition", "attempt"])
def test_two_rows_cost_as_many_queries_as_twelve(client, editor, post_from_site, count_queries, name):
    counts = []
    for number in (2, 10):
        for _ in range(number):
            quiz = make_quiz(questions=1)
            post_from_site(quiz.get_absolute_url(), paper_data(quiz, "Right"))
        path = reverse(f"admin:quizzes_{name}_changelist")
        client.get(path)
        with count_queries() as queries:
            client.get(path)
        counts.append(len(queries))

    assert counts[0] == counts[1]
