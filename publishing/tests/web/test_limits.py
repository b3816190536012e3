"""Rate limits: what is counted, how long one waits, and where the counting happens."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from redis import Redis

from publishing.tests.served import free_port
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


def test_memory_for_counting_is_bounded_and_those_who_keep_trying_are_not_forgotten(monkeypatch):
    monkeypatch.setattr(limits.InThisProcess, "KEYS", 100)
    seconds_to_wait("1/1 minute", "sign-in", "busy")
    for number in range(500):
        seconds_to_wait("1/1 minute", "sign-in", str(number))
        assert seconds_to_wait("1/1 minute", "sign-in", "busy") > 0

    assert len(limits._here._tries) == 100
