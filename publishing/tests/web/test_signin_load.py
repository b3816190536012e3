"""One password is checked at a time, and those who keep trying wait."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from publishing.web import signin


def test_one_password_is_checked_at_a_time_one_waits_and_the_rest_are_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(signin.PasswordQueue, "PATIENCE", 30)
    line, checking, done = signin.PasswordQueue(tmp_path / "lock"), threading.Event(), threading.Event()
    at_once, most = [], []

    def check(first):
        with line.turn() as mine:
            if mine:
                at_once.append(1)
                most.append(len(at_once))
                if first:
                    checking.set()
                    done.wait(30)
                at_once.pop()
            return mine

    with ThreadPoolExecutor(12) as threads:
        first = threads.submit(check, True)
        checking.wait(30)
        rest = [threads.submit(check, False) for _ in range(10)]
        while sum(one.done() for one in rest) < 9:
            pass
        done.set()
        assert first.result() is True
        assert sorted(one.result() for one in rest) == [False] * 9 + [True]
    assert max(most) == 1
    with line.turn() as mine:
        assert mine, "all places are free again"


def test_a_try_that_waits_too_long_is_refused_and_leaves_the_place_free(monkeypatch, tmp_path):
    monkeypatch.setattr(signin.PasswordQueue, "PATIENCE", 0.01)
    line = signin.PasswordQueue(tmp_path / "lock")
    with line.turn() as first:
        for _ in range(3):
            with line.turn() as second:
                assert (first, second) == (True, False)
    with line.turn() as mine:
        assert mine


def test_processes_of_the_machine_take_turns(monkeypatch, tmp_path):
    monkeypatch.setattr(signin.PasswordQueue, "PATIENCE", 0.01)
    here, there = (signin.PasswordQueue(tmp_path / "lock") for _ in range(2))
    with there.turn() as theirs, here.turn() as mine:
        assert (theirs, mine) == (True, False)

    monkeypatch.setattr(signin.PasswordQueue, "PATIENCE", 30)
    with ThreadPoolExecutor(1) as threads:
        with there.turn():
            waits = threads.submit(lambda: here.turn().__enter__())
        assert waits.result() is True


def test_without_its_file_a_queue_still_lets_one_thread_check(monkeypatch, tmp_path):
    monkeypatch.setattr(signin.PasswordQueue, "PATIENCE", 0.01)
    line = signin.PasswordQueue(tmp_path / "missing" / "lock")
    with line.turn() as first, line.turn() as second:
        assert (first, second) == (True, False)


@pytest.mark.parametrize(
    ("status", "path", "waits"),
    [("429 Too Many Requests", "/admin/login/", 2), ("200 OK", "/admin/login/", 0), ("429 Too Many Requests", "/", 0)],
)
def test_refusals_are_answered_slowly_while_there_are_threads_for_it(monkeypatch, status, path, waits):
    waited, environ = [], {"REQUEST_METHOD": "POST", "PATH_INFO": path}

    def application(environ, start_response):
        start_response(status, [])
        return [b"answer"]

    def ask():
        assert slow(environ, lambda *answer: None) == [b"answer"]

    def sleep(seconds):
        waited.append(seconds)
        if len(waited) < 5:
            ask()

    monkeypatch.setattr(signin.time, "sleep", sleep)
    slow = signin.SlowRefusals(application, threads=10)
    ask()
    assert waited == [1] * waits
    signin.SlowRefusals(application, threads=4)(environ, lambda *answer: None)
    assert waited == [1] * waits, "no thread to spare"
