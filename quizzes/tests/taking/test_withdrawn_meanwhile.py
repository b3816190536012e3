"""A quiz is renamed or withdrawn while somebody answers: the paper is graded as long as its edition exists."""

import pytest

from quizzes.models import Attempt, Quiz
from quizzes.taking import snapshots, tickets
from quizzes.tests.factories import make_quiz, paper_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz():
    return make_quiz(slug="first", questions=2, kinds=["short_answer"])


def rename(quiz, slug="second"):
    quiz = Quiz.objects.get(pk=quiz.pk)
    quiz.slug = slug
    quiz.save()


def rename_and_archive(quiz):
    rename(quiz)
    Quiz.objects.get(pk=quiz.pk).archive(by=None)


def archive_and_rename(quiz):
    quiz.archive(by=None)
    rename(quiz)


CHANGES = {
    "renamed": rename,
    "withdrawn": lambda quiz: quiz.withdraw(by=None),
    "archived": lambda quiz: quiz.archive(by=None),
    "renamed, then archived": rename_and_archive,
    "archived, then renamed": archive_and_rename,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_paper_that_is_open_is_graded(client, post_from_site, quiz, change):
    data = paper_data(quiz, "Right", "Wrong", ("yield",))
    change(quiz)

    response = post_from_site("/quizzes/first/", data)

    attempt = Attempt.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/quizzes/results/{attempt.token}/")
    assert (attempt.score, attempt.maximum) == (2, 3)
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_wrong_with_it_is_said_beside_the_answers(post_from_site, quiz, change):
    data = paper_data(quiz, "Right", None, ("yi < eld",))
    change(quiz)

    response = post_from_site("/quizzes/first/", data)

    assert response.status_code == 422
    assert "yi &lt; eld" in response.text
    assert response.text.count(" checked") == 1


def test_a_paper_of_ones_own_is_started_at_the_old_address(client, post_from_site):
    quiz = make_quiz(slug="first", questions=3, time_limit=5)
    rename(quiz)

    response = post_from_site("/quizzes/first/start/", {"extension": "0"})

    assert (response.status_code, response["Location"][:23]) == (303, "/quizzes/second/?paper=")
    old = response["Location"].replace("second", "first")
    assert client.get(old)["Location"] == response["Location"]
    assert (
        post_from_site("/quizzes/first/progress/", {"edition": quiz.current_edition.pk, "step": 1}).status_code == 204
    )


def test_nothing_is_started_on_a_withdrawn_quiz(post_from_site, quiz):
    quiz.archive(by=None)

    assert post_from_site("/quizzes/first/start/", {"extension": "0"}).status_code == 410


def test_a_result_does_not_lead_to_a_quiz_that_is_gone(client, post_from_site, quiz):
    result = post_from_site("/quizzes/first/", paper_data(quiz, "Right", "Wrong", ("yield",)))["Location"]
    quiz.archive(by=None)

    html = client.get(result).text
    assert 'href="/quizzes/first/' not in html


@pytest.mark.parametrize("ticket", ["", "nonsense"])
def test_without_its_ticket_the_typed_answers_come_back(post_from_site, quiz, ticket):
    data = paper_data(quiz, "Right", "Wrong", ("yield",)) | {"ticket": ticket}
    quiz.archive(by=None)

    response = post_from_site("/quizzes/first/", data)

    assert response.status_code == 410
    assert "This quiz was withdrawn" in response.text
    assert ">\nyield</textarea>" in response.text
    assert response.text.count("<textarea") == 1, "the tokens of choices were not typed"
    assert not Attempt.objects.exists()


def test_a_deleted_quiz_has_no_edition_left_and_the_typed_answers_come_back(post_from_site, quiz):
    data = paper_data(quiz, "Right", "Wrong", ("yield",))
    quiz.delete()

    response = post_from_site("/quizzes/first/", data)

    assert response.status_code == 410
    assert ">\nyield</textarea>" in response.text


def test_a_ticket_of_another_quiz_opens_no_withdrawn_one(post_from_site, quiz):
    data = paper_data(make_quiz(slug="other"), "Right", "Wrong")
    quiz.archive(by=None)

    assert post_from_site("/quizzes/first/", data).status_code == 410
    assert not Attempt.objects.exists()


def test_a_ticket_makes_no_address_that_never_was(post_from_site, quiz):
    assert post_from_site("/quizzes/nothing/", paper_data(quiz, "Right")).status_code == 404


def test_a_withdrawn_quiz_is_graded_while_the_database_is_down(post_from_site, quiz, monkeypatch, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    data = paper_data(quiz, "Right", "Wrong", ("yield",))
    quiz.archive(by=None)
    snapshots.keep_all()
    snapshots.edition(tickets.opened(data["ticket"]).edition)

    def away(*args, **kwargs):
        raise snapshots.UNREACHABLE[0]

    snapshots._quizzes.clear()
    monkeypatch.setattr(snapshots.files, "read", away)
    monkeypatch.setattr("quizzes.taking.submitting.store", away)
    monkeypatch.setattr("quizzes.taking.submitting.offline_queue.flush_when_back", lambda store: None)

    assert post_from_site("/quizzes/first/", data).status_code == 303
