"""Attempts that wait on disk: written whole, found at once, taken in once, whatever happens in between."""

import json
import multiprocessing

import pytest
from django.db import OperationalError

from quizzes import snapshots, spool, submitting
from quizzes.models import Attempt

from .factories import make_paper, make_quiz, paper_data


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    return tmp_path / "quizzes"


def record(token="t", **fields):
    return {"token": token, **fields}


def append_many(first):
    for number in range(first, first + 50):
        spool.append(record(f"t{number}", padding="x" * 5000))


def test_lines_of_many_processes_do_not_mix(folder):
    processes = [multiprocessing.get_context("fork").Process(target=append_many, args=(n,)) for n in (0, 50, 100, 150)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    stored = []

    assert spool.take_in(stored.append) == 200
    assert {line["token"] for line in stored} == {f"t{number}" for number in range(200)}
    assert spool.is_empty()


def test_the_same_attempt_waits_once():
    assert spool.append(record())
    assert not spool.append(record())

    assert spool.take_in(lambda line: None) == 1


def test_a_torn_line_spoils_no_other(folder):
    spool.append(record("before"))
    with (folder / "attempts.spool").open("a") as file:
        file.write('{"token": "to')
    spool.append(record("after"))

    assert [spool.find(token) is not None for token in ("before", "to", "after")] == [True, False, True]
    assert spool.take_in(lambda line: None) == 2


def test_what_cannot_be_stored_yet_stays(folder):
    for token in ("a", "b", "c"):
        spool.append(record(token))
    stored = []

    def store(line):
        if len(stored) == 1 and not (folder / "back").exists():
            raise OperationalError("gone")
        stored.append(line["token"])

    with pytest.raises(OperationalError):
        spool.take_in(store)
    assert spool.find("c")
    spool.append(record("d"))
    (folder / "back").touch()
    spool.take_in(store)

    assert set(stored) == {"a", "b", "c", "d"}
    assert spool.is_empty()


def test_the_files_are_for_the_site_alone(folder):
    spool.append(record())

    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "attempts.spool").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_an_attempt_that_is_taken_in_twice_is_there_once():
    paper = make_paper(make_quiz())
    line = json.loads(
        json.dumps(submitting.attempt_record(paper, {}, who="w", reader="r", now=snapshots.timezone.now()))
    )

    submitting.store(line)
    submitting.store(line)

    attempt = Attempt.objects.get()
    assert (attempt.token, attempt.maximum, attempt.is_first) == (line["token"], 2, True)


@pytest.mark.django_db(transaction=True)
def test_an_attempt_on_a_quiz_that_is_gone_holds_up_no_other(caplog):
    quiz, other = make_quiz(), make_quiz()
    for paper in (make_paper(quiz), make_paper(other)):
        spool.append(submitting.attempt_record(paper, {}, who="w", reader="r", now=snapshots.timezone.now()))
    quiz.delete()

    assert spool.take_in(submitting.store) == 2
    assert Attempt.objects.get().edition.quiz == other


@pytest.mark.django_db
def test_a_full_disk_and_no_database_keep_the_answers_on_the_page(client, post_from_site, monkeypatch):
    quiz = make_quiz()
    data = paper_data(quiz, "Right", "Wrong")

    def fail(*args, **kwargs):
        raise OperationalError("gone")

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Attempt.objects, "create", fail)
    monkeypatch.setattr(spool.os, "write", full)
    response = post_from_site(quiz.get_absolute_url(), data)

    page = response.content.decode()
    assert response.status_code == 503
    assert "could not be stored" in page
    assert page.count(" checked") == 2
