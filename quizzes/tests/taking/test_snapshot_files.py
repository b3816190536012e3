"""The files from which quizzes are served while the database does not answer are written as soon as one changes."""

import json

import pytest

from publishing.tests.factories import make_article
from quizzes.editing import snapshots
from quizzes.models import Correction
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz(tmp_path, settings, django_capture_on_commit_callbacks):
    settings.VAR_DIR = tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        return make_quiz(slug="kept")


@pytest.fixture
def stored(quiz, settings):
    path = settings.VAR_DIR / "quizzes" / f"quiz-{quiz.pk}.json"
    return lambda: json.loads(path.read_text()) if path.exists() else None


def correction(quiz):
    return Correction.objects.create(quiz=quiz, last_edition=1, question=1, action="disregard", note="Sorry.")


def test_nobody_needs_to_read_a_quiz_before_it_is_kept(quiz, stored):
    assert (stored()["slug"], stored()["edition_number"]) == ("kept", 1)


def test_what_belongs_to_a_quiz_is_kept_with_it(quiz, stored, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = correction(quiz)
    assert [line["note"] for line in stored()["corrections"]] == ["Sorry."]

    with django_capture_on_commit_callbacks(execute=True):
        made.delete()
    assert stored()["corrections"] == []

    with django_capture_on_commit_callbacks(execute=True):
        quiz.link_to([make_article(slug="a")])
    assert [line["slug"] for line in stored()["articles"]] == ["a"]


def test_a_deleted_quiz_has_no_file(quiz, stored, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        quiz.delete()

    assert stored() is None


def test_a_file_that_another_version_wrote_is_not_used(quiz, stored, settings):
    path = settings.VAR_DIR / "quizzes" / f"quiz-{quiz.pk}.json"
    path.write_text(json.dumps(stored() | {"an_older_field": []}))

    assert snapshots.stored_quizzes() == []
