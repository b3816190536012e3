"""Rate limits: what is counted, how long one waits, and where the counting happens."""

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import cache

import pytest
from redis import Redis

from publishing.tests.served import ROOT, free_port
from publishing.web import limits
from publishing.web.limits import seconds_to_wait

RATES = "2/10 seconds; 3/1 minute"


def test_tries_are_free_until_a_rate_is_used_up():
    assert [seconds_to_wait(RATES, "comment", "192.0.2.1") for _ in range(2)] == [0, 0]
    assert 1 <= seconds_to_wait(RATES, "comment", "192.0.2.1") <= 10


def test_a_try_after_the_wait_succeeds_and_one_before_does_not(clock):
    for _ in range(2):
        seconds_to_wait(RATES, "comment", "192.0.2.1")
    wait = seconds_to_wait(RATES, "comment", "192.0.2.1")

    clock.shift(timedelta(seconds=wait - 2))
    assert seconds_to_wait(RATES, "comment", "192.0.2.1") > 0
    clock.shift(timedelta(seconds=2))
    assert seconds_to_wait(RATES, "comment", "192.0.2.1") == 0


def test_the_longest_of_the_waits_is_told(clock):
    seconds_to_wait(RATES, "comment", "192.0.2.1")
    clock.shift(timedelta(seconds=11))
    for _ in range(2):
        seconds_to_wait(RATES, "comment", "192.0.2.1")

    assert 45 < seconds_to_wait(RATES, "comment", "192.0.2.1") <= 60 - 11, "both rates are used up"


def test_a_refused_try_is_not_counted(clock):
    for _ in range(20):
        seconds_to_wait("2/10 seconds", "comment", "192.0.2.1")

    clock.shift(timedelta(seconds=11))
    assert [seconds_to_wait("2/10 seconds", "comment", "192.0.2.1") for _ in range(2)] == [0, 0]


def test_a_try_that_one_rate_refuses_is_not_counted_by_the_other(clock):
    for _ in range(10):
        seconds_to_wait("1/1 second; 3/1 minute", "comment", "192.0.2.1")
    clock.shift(timedelta(seconds=2))

    assert seconds_to_wait("1/1 second; 3/1 minute", "comment", "192.0.2.1") == 0


def test_others_and_other_deeds_are_counted_apart():
    for _ in range(2):
        seconds_to_wait(RATES, "comment", "192.0.2.1")

    assert seconds_to_wait(RATES, "comment", "192.0.2.2") == 0
    assert seconds_to_wait(RATES, "heart", "192.0.2.1") == 0
    assert seconds_to_wait(RATES, "comment", "192.0.2.1") > 0


@pytest.mark.parametrize("who", ["", "unknown", "2001:db8::/64", "a/b:c*", "ü" * 300])
def test_anyone_can_be_counted(who):
    assert [seconds_to_wait("1/1 minute", "heart", who) == 0 for _ in range(2)] == [True, False]


def test_with_redis_all_processes_count_together(redis_url, settings):
    settings.REDIS_URL = redis_url
    Redis.from_url(redis_url).flushdb()
    assert [seconds_to_wait(RATES, "comment", "192.0.2.1") for _ in range(2)] == [0, 0]
    assert seconds_to_wait(RATES, "comment", "192.0.2.1") > 0

    keys = Redis.from_url(redis_url).keys("LIMITS*")
    assert len(keys) == 2
    settings.REDIS_URL = ""
    assert seconds_to_wait(RATES, "comment", "192.0.2.1") == 0, "it was Redis that counted"


def test_without_an_answer_from_redis_this_process_counts(settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"

    assert [seconds_to_wait(RATES, "comment", "192.0.2.1") == 0 for _ in range(3)] == [True, True, False]


def let_through_at_once(tries):
    """How many of so many tries at the same moment may go ahead, of 30 that a rate allows."""
    start = threading.Barrier(16)

    def worker(number):
        start.wait()
        return sum(seconds_to_wait("30/1 minute; 1000/1 hour", "sign-in", "all") == 0 for _ in range(tries // 16))

    with ThreadPoolExecutor(16) as threads:
        return sum(threads.map(worker, range(16)))


def test_tries_at_the_same_moment_are_counted_exactly():
    assert let_through_at_once(1600) == 30


def test_tries_at_the_same_moment_are_counted_exactly_in_redis(redis_url, settings):
    settings.REDIS_URL = redis_url
    Redis.from_url(redis_url).flushdb()

    assert let_through_at_once(320) == 30


# --- the file, and counting without it ---

START = """
import resource, signal, sys
from pathlib import Path
from django.conf import settings
settings.configure(SECRET_KEY="of a test", VAR_DIR=Path(sys.argv[1]), REDIS_URL="", IS_SERVING=True)
from publishing.web.limits import seconds_to_wait
"""
TRIES = "print([seconds_to_wait('30/1 minute; 1000/1 hour', 'sign-in', 'all') for _ in range(100)].count(0))"


def start(folder, code=TRIES):
    """Another process that counts in the file of that folder."""
    command = [sys.executable, "-c", START + code, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def numbers(*processes):
    return [int(process.communicate(timeout=60)[0]) for process in processes]


def test_processes_count_together_and_a_new_one_continues(tmp_path):
    assert sum(numbers(*[start(tmp_path) for _ in range(3)])) == 30
    assert numbers(start(tmp_path)) == [0]


def test_with_a_full_disk_a_process_counts_by_itself(tmp_path):
    full = "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"

    assert numbers(start(tmp_path, full + TRIES)) == [30]


def test_a_site_that_starts_makes_the_file_and_counting_needs_no_more_room(tmp_path):
    full = "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (%d, %d))\n"
    numbers(start(tmp_path, "from publishing.web import limits; limits.prepare(); print(0)"))
    size = (tmp_path / "limits.sqlite3").stat().st_size
    code = full % (size, size) + TRIES

    assert sum(numbers(start(tmp_path, code), start(tmp_path, code))) == 30
    assert [path.name for path in tmp_path.iterdir()] == ["limits.sqlite3"]
    assert numbers(start(tmp_path)) == [0]


@pytest.fixture
def file(monkeypatch, settings, tmp_path):
    """A new file, in which one try is counted."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(limits, "_file", cache(limits._file.__wrapped__))
    seconds_to_wait("3/1 minute", "heart", "all")
    return tmp_path / "limits.sqlite3"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda file: file.unlink(), id="deleted"),
        pytest.param(lambda file: file.write_bytes(b""), id="truncated"),
        pytest.param(lambda file: file.write_bytes(b"\xff" * 100_000), id="overwritten"),
        pytest.param(lambda file: (file.unlink(), file.mkdir()), id="replaced by a folder"),
    ],
)
def test_a_damaged_file_stops_no_request_and_no_limit(file, damage):
    damage(file)
    found = [seconds_to_wait("3/1 minute", "heart", "all") == 0 for _ in range(20)]

    assert 2 <= sum(found) <= 6, "counting may start again once, in the process or in a new file"
    assert not any(found[7:])


def test_after_damage_processes_count_together_again(file, clock):
    file.write_bytes(b"\xff" * 100_000)
    seconds_to_wait("1/1 minute", "heart", "all")
    limits._file()._breaker.answered()

    assert seconds_to_wait("1/1 minute", "comment", "all") == 0
    limits._file.cache_clear()
    limits._here.reset()
    assert seconds_to_wait("1/1 minute", "comment", "all") > 0


def test_rows_of_the_file_are_bounded_and_long_limits_outlast_short_ones(file, monkeypatch):
    monkeypatch.setattr(limits.InFile, "ROWS", 100)
    monkeypatch.setattr(limits.InFile, "TIDY_TRIES", 10)
    seconds_to_wait("1/1 day", "sign-in", "name")
    for number in range(500):
        seconds_to_wait("1/1 minute", "view", str(number))

    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT count(*) FROM tries").fetchone()[0] <= 110
    assert seconds_to_wait("1/1 day", "sign-in", "name") > 0


def test_tries_are_deleted_from_the_file_when_their_rate_ends(file, clock, monkeypatch):
    monkeypatch.setattr(limits.InFile, "TIDY_TRIES", 1)
    clock.shift(timedelta(minutes=2))
    seconds_to_wait("1/1 minute", "view", "one")

    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT count(*) FROM tries").fetchone()[0] == 1


@pytest.mark.parametrize("works", [True, False])
def test_a_clock_that_was_set_back_makes_no_one_wait(file, clock, works):
    if not works:
        file.unlink()
        file.mkdir()
    seconds_to_wait("1/1 minute", "heart", "all")
    clock.shift(timedelta(hours=-1))
    assert seconds_to_wait("1/1 minute", "heart", "all") == 0
    assert 55 < seconds_to_wait("1/1 minute", "heart", "all") <= 60


def test_memory_for_counting_is_bounded_and_those_who_keep_trying_are_not_forgotten(monkeypatch):
    monkeypatch.setattr(limits.InThisProcess, "KEYS", 100)
    here, items = limits.InThisProcess(), limits.parse_many("1/1 minute")
    here.seconds_to_wait(items, ("sign-in", "busy"))
    for number in range(500):
        here.seconds_to_wait(items, ("sign-in", str(number)))
        assert here.seconds_to_wait(items, ("sign-in", "busy")) > 0

    assert len(here._tries) == 100
