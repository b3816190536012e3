"""Attempts that wait on disk: written whole, found at once, stored once, whatever happens in between."""

import html
import json
import multiprocessing
import os
import resource

import pytest
from django.db import OperationalError
from django.utils import timezone

from quizzes.models import Attempt
from quizzes.taking import offline_queue, submitting
from quizzes.tests.factories import make_paper, make_quiz, paper_data
from quizzes.views.paper import NOT_STORED


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    return tmp_path / "quizzes"


def record(token="t", **fields):
    return {"token": token, **fields}


def append_many(first):
    for number in range(first, first + 50):
        offline_queue.append(record(f"t{number}", padding="x" * 5000))


def test_lines_of_many_processes_do_not_mix(folder):
    processes = [multiprocessing.get_context("fork").Process(target=append_many, args=(n,)) for n in (0, 50, 100, 150)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    stored = []

    assert offline_queue.flush(stored.append) == 200
    assert {line["token"] for line in stored} == {f"t{number}" for number in range(200)}
    assert offline_queue.is_empty()


def test_the_same_attempt_waits_once():
    offline_queue.append(record())
    offline_queue.append(record())

    assert offline_queue.flush(lambda line: None) == 1


def test_a_torn_line_spoils_no_other(folder):
    offline_queue.append(record("before"))
    with (folder / "attempts.spool").open("a") as file:
        file.write('{"token": "to')
    with (folder / "attempts.spool").open("ab") as file:
        file.write(b"\n[1]\n\xff\xfe\n" + bytes(100))
    offline_queue.append(record("after"))

    assert [offline_queue.find(token) is not None for token in ("before", "to", "after")] == [True, False, True]
    assert offline_queue.flush(lambda line: None) == 2


def test_what_does_not_fit_on_the_disk_is_refused_and_leaves_no_piece(folder):
    """A full disk takes a part of a line and raises nothing; only the next write says that there is no room."""

    def fill(told):
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, resource.RLIM_INFINITY))
        for number in range(14):
            try:
                offline_queue.append(record(f"t{number}", padding="x" * (1500 if number < 13 else 10)))
                told.send(number)
            except OSError:
                told.send(None)

    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=fill, args=(sender,))
    process.start()
    told = [number for number in (receiver.recv() for _ in range(14)) if number is not None]
    process.join()

    assert told == [0, 1, 2, 3, 4, 5, 6, 13]
    assert [number for number in range(14) if offline_queue.find(f"t{number}")] == told
    assert (folder / "attempts.spool").read_text().count("\n\n") == len(told) - 1
    assert offline_queue.flush(lambda line: None) == len(told)


def test_another_attempt_costs_the_same_however_many_wait(folder, monkeypatch):
    read, pread = [], os.pread
    monkeypatch.setattr(offline_queue.os, "pread", lambda *where: read.append(pread(*where)) or read[-1])
    offline_queue.append(record("first"))
    costs = []
    for number in (100, 10_000):
        lines = (json.dumps(record(f"{number}-{line}", padding="x" * 100)) for line in range(number))
        with (folder / "attempts.spool").open("a") as file:
            file.writelines(f"\n{line}\n" for line in lines)
        assert offline_queue.find(f"{number}-0")["padding"] == "x" * 100
        read.clear()
        for line in range(3):
            offline_queue.append(record(f"more-{number:05}-{line}"))
        costs.append(sum(map(len, read)))

    assert costs[0] == costs[1] < 200


def test_a_renamed_file_and_what_is_appended_after_it_are_both_found(folder):
    offline_queue.append(record("before", answers=1))
    assert offline_queue.find("before")
    (folder / "attempts.spool").rename(folder / "attempts.spool.1")
    offline_queue.append(record("after", answers=2))

    assert [offline_queue.find(token)["answers"] for token in ("before", "after")] == [1, 2]
    assert not offline_queue.append(record("before"))
    (folder / "attempts.spool.1").unlink()
    offline_queue.append(record("third", answers=3))
    assert [offline_queue.find(token) is not None for token in ("before", "after", "third")] == [False, True, True]


def test_what_cannot_be_stored_yet_stays(folder):
    for token in ("a", "b", "c"):
        offline_queue.append(record(token))
    stored = []

    def store(line):
        if len(stored) == 1 and not (folder / "back").exists():
            raise OperationalError("gone")
        stored.append(line["token"])

    with pytest.raises(OperationalError):
        offline_queue.flush(store)
    assert offline_queue.find("c")
    offline_queue.append(record("d"))
    (folder / "back").touch()
    offline_queue.flush(store)

    assert set(stored) == {"a", "b", "c", "d"}
    assert offline_queue.is_empty()


def test_the_files_are_for_the_site_alone(folder):
    offline_queue.append(record())

    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "attempts.spool").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_an_attempt_that_is_flushed_twice_is_stored_once():
    paper = make_paper(make_quiz())
    line = json.loads(json.dumps(submitting.attempt_record(paper, {}, sender="w", reader="r", now=timezone.now())))

    submitting.store(line)
    submitting.store(line)

    attempt = Attempt.objects.get()
    assert (attempt.token, attempt.maximum, attempt.is_first) == (line["token"], 2, True)


@pytest.mark.django_db(transaction=True)
def test_an_attempt_on_a_quiz_that_is_gone_holds_up_no_other(caplog):
    quiz, other = make_quiz(), make_quiz()
    for paper in (make_paper(quiz), make_paper(other)):
        offline_queue.append(submitting.attempt_record(paper, {}, sender="w", reader="r", now=timezone.now()))
    quiz.delete()

    assert offline_queue.flush(submitting.store) == 2
    assert Attempt.objects.get().edition.quiz == other


@pytest.mark.django_db
def test_a_full_disk_and_no_database_keep_the_answers_on_the_page(client, post_from_site, monkeypatch):
    quiz = make_quiz()
    data = paper_data(quiz, "Right", "Wrong")

    def fail(*args, **kwargs):
        raise OperationalError("gone")

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Attempt, "save", fail)
    monkeypatch.setattr(offline_queue.os, "write", full)
    response = post_from_site(quiz.get_absolute_url(), data)

    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"].isdigit()
    assert html.escape(NOT_STORED) in page
    assert page.count(" checked") == 2
