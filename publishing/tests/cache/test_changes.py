"""Counters of changes that processes share, and values that are cached until a change has their name."""

import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

from publishing.cache import changes, counters, values
from publishing.cache.counters import EVERY_PAGE, FileCounters
from publishing.cache.values import CachedValue
from publishing.in_redis.counters import RedisCounters
from publishing.models import Publication
from publishing.tests.served import free_port, wait_for

RECORD = "import sys; from publishing.cache.counters import FileCounters; FileCounters(sys.argv[1]).record([7])"


class Source:
    """A value to load that counts its calls."""

    def __init__(self):
        self.calls, self.fails = 0, None

    def __call__(self):
        self.calls += 1
        if self.fails:
            raise self.fails
        return f"value {self.calls}"


# --- CachedValue ---


def test_a_value_is_loaded_once_until_a_change_is_announced():
    source = Source()
    cached = CachedValue(source)

    assert [cached.get(), cached.get(), cached.get()] == ["value 1"] * 3
    changes.invalidate("site")
    assert [cached.get(), cached.get()] == ["value 2"] * 2
    assert source.calls == 2


def test_an_empty_value_is_kept_too():
    calls = []
    cached = CachedValue(lambda: calls.append(1))

    assert cached.get() is None
    assert cached.get() is None
    assert len(calls) == 1


def test_a_change_during_loading_is_not_missed():
    source = Source()

    def load():
        if not source.calls:
            changes.invalidate("site")
        return source()

    cached = CachedValue(load)

    assert cached.get() == "value 1"
    assert cached.get() == "value 2"


def test_what_nobody_announced_is_seen_after_a_while(monkeypatch):
    cached = CachedValue(Source())
    cached.get()

    monkeypatch.setattr(values, "CACHED_SECONDS", 0)
    assert cached.get() == "value 2"


@pytest.mark.parametrize("error", [DatabaseError("down"), InterfaceError("closed")])
def test_while_the_database_fails_the_last_known_value_stands(error):
    source = Source()
    cached = CachedValue(source, default=lambda: "default")
    cached.get()

    source.fails = error
    changes.invalidate("site")
    assert [cached.get(), cached.get()] == ["value 1"] * 2
    assert source.calls == 2, "it is not called at every request"


def test_once_the_database_is_back_the_value_is_read_again(monkeypatch):
    source = Source()
    cached = CachedValue(source)
    cached.get()
    source.fails = DatabaseError("down")
    changes.invalidate("site")
    cached.get()

    source.fails = None
    monkeypatch.setattr(values, "CACHED_SECONDS", values.RETRY_SECONDS)
    assert cached.get() == "value 3"


def test_without_a_known_value_the_default_stands_but_is_not_kept():
    source = Source()
    source.fails = DatabaseError("down")
    cached = CachedValue(source, default=lambda: "default")

    assert cached.get() == "default"
    source.fails = None
    assert cached.get() == "value 2"


def test_without_a_default_the_error_is_told():
    source = Source()
    source.fails = DatabaseError("down")

    with pytest.raises(DatabaseError):
        CachedValue(source).get()


def test_errors_that_are_not_the_databases_are_told():
    source = Source()
    cached = CachedValue(source, default=lambda: "default")
    cached.get()
    source.fails = ValueError("a bug")
    changes.invalidate("site")

    with pytest.raises(ValueError, match="a bug"):
        cached.get()


def test_a_value_is_kept_while_other_names_change():
    source = Source()
    cached = CachedValue(source, names=("menu",))
    cached.get()

    changes.record("article:1")
    assert cached.get() == "value 1"
    changes.record("menu")
    assert cached.get() == "value 2"


# --- recording ---


def test_a_change_is_announced_when_it_is_committed_and_not_before(transactional_db):
    before = changes.current()

    with transaction.atomic():
        Publication(name="The Other").save()
        assert changes.current() == before
    assert changes.current() > before


def test_a_change_that_is_rolled_back_is_not_announced(transactional_db):
    before = changes.current()

    with pytest.raises(RuntimeError), transaction.atomic():
        Publication(name="The Other").save()
        raise RuntimeError
    assert changes.current() == before


def test_the_wording_costs_no_query_until_it_changes(db, count_queries):
    Publication.current()

    with count_queries() as queries:
        assert Publication.current().name == "A publication"
    assert queries == []
    Publication(name="The Other").save()
    assert Publication.current().name == "The Other"


def test_the_wording_is_there_without_its_table(transactional_db):
    # The table has columns of the release before, which the model does not know.
    table, elsewhere = Publication._meta.db_table, "publishing_elsewhere"
    with connection.schema_editor() as editor:
        editor.alter_db_table(Publication, table, elsewhere)
    try:
        changes.invalidate("site")
        assert Publication.current().name == "A publication"
    finally:
        with connection.schema_editor() as editor:
            editor.alter_db_table(Publication, elsewhere, table)


# --- the counters in a file ---


def test_a_change_is_seen_by_another_process_and_the_other_way_round(tmp_path):
    here = FileCounters(tmp_path / "changes")
    before = here.current()
    here.record([3])

    subprocess.run([sys.executable, "-c", RECORD, str(tmp_path / "changes")], cwd=settings.BASE_DIR, check=True)

    there = FileCounters(tmp_path / "changes")
    assert here.current() == there.current() == before + 2
    for seen in (here, there):
        assert [seen.changed_since(before, (slot,)) for slot in (3, 7, 5)] == [True, True, False]
    assert [here.changed_since(before + 1, (slot,)) for slot in (3, 7)] == [False, True]
    assert here.answers()


@pytest.mark.parametrize("while_open", [True, False])
@pytest.mark.parametrize("damage", [b"\xff", bytes(1), b"\x01", b""], ids=["ones", "zeros", "nonsense", "cut off"])
def test_after_damage_everything_is_invalid_once_and_later_changes_count(tmp_path, damage, while_open):
    path = tmp_path / "changes"
    here = FileCounters(path)
    for _ in range(5):
        here.record([3])
    before = here.current()
    with path.open("r+b") as file:
        file.truncate(0)
        file.write(damage * 8 * (8 + counters.SLOTS))
    if not while_open:
        here = FileCounters(path)

    damaged = here.current()
    assert damaged > before
    assert here.changed_since(before, (EVERY_PAGE,))
    assert not here.changed_since(damaged, tuple(range(counters.SLOTS)))
    here.record([3])
    assert here.current() == damaged + 1
    assert here.changed_since(damaged, (3,))
    assert not here.changed_since(damaged, (4,))


@pytest.mark.parametrize("content", [b"", b"\xff" * 20], ids=["empty", "short"])
def test_a_cut_off_file_is_begun_again(tmp_path, content):
    path = tmp_path / "changes"
    path.write_bytes(content)

    begun = FileCounters(path).current()
    assert begun > 0
    assert FileCounters(path).current() == begun
    assert path.stat().st_size == 8 * (8 + counters.SLOTS)


def test_a_deleted_file_is_begun_again_by_all_processes(tmp_path, monkeypatch):
    path = tmp_path / "changes"
    here = FileCounters(path)
    before = here.current()
    path.unlink()
    there = FileCounters(path)
    there.record([3])

    monkeypatch.setattr(here, "_next_check", 0)
    assert here.current() == there.current() > before
    assert here.changed_since(before, (EVERY_PAGE,))


def test_a_change_after_the_file_was_deleted_is_recorded_in_the_new_one(tmp_path):
    path = tmp_path / "changes"
    here = FileCounters(path)
    here.record([3])
    path.unlink()
    there = FileCounters(path)
    before = there.current()

    here.record([3])
    assert there.changed_since(before, (3,))


def test_a_clock_that_was_put_back_makes_no_number_smaller(tmp_path, time_machine):
    here = FileCounters(tmp_path / "changes")
    before = here.current()
    time_machine.move_to("2001-01-01")
    (tmp_path / "changes").write_bytes(bytes(8 * (8 + counters.SLOTS)))

    assert here.current() > before


def test_no_change_is_lost_between_threads(tmp_path):
    shared = FileCounters(tmp_path / "changes")
    before = shared.current()
    threads = [threading.Thread(target=lambda: [shared.record([1]) for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert shared.current() == before + 8 * 50


# --- the counters in Redis ---


@pytest.fixture
def stoppable_redis(redis_url):
    """Starts a Redis of this test's own, again on the same port when it is called again."""
    port, running = free_port(), []

    def start():
        command = ["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        wait_for(port, running[-1])
        return f"redis://127.0.0.1:{port}/0"

    def stop():
        running[-1].terminate()
        running[-1].wait()

    start.stop = stop
    yield start
    for process in running:
        process.kill()
        process.wait()


def _seen(number_at_least, shared):
    """Wait, for ten seconds at most, until the thread of `shared` has read a number."""
    deadline = time.monotonic() + 10
    while shared.current() < number_at_least and time.monotonic() < deadline:
        time.sleep(0.02)
    return shared.current()


def test_a_change_in_redis_is_seen_here_at_once_and_elsewhere_soon(redis_url):
    here, there = RedisCounters(redis_url), RedisCounters(redis_url)
    before = here.current()
    assert there.current() == before

    here.record([3])
    assert here.current() == before + 1
    assert here.changed_since(before, (3,))
    assert _seen(before + 1, there) == before + 1
    assert there.changed_since(before, (3,))
    assert not there.changed_since(before, (EVERY_PAGE, 4))
    assert here.answers()


def test_a_process_that_starts_later_sees_all_changes_since(redis_url):
    here = RedisCounters(redis_url)
    before = here.current()
    for slot in (3, 4, 3):
        here.record([slot])

    late = RedisCounters(redis_url)
    assert late.current() == here.current() == before + 3
    assert [late.changed_since(before + 1, (slot,)) for slot in (3, 4, 5)] == [True, True, False]


def test_a_change_while_redis_is_away_touches_every_page_here_and_later_everywhere(stoppable_redis):
    url = stoppable_redis()
    here, there = RedisCounters(url), RedisCounters(url)
    here.record([3])
    before, before_there = here.current(), _seen(here.current(), there)
    stoppable_redis.stop()

    assert not here.answers()
    assert here.current() == before
    here.record([3])
    assert here.current() > before
    assert here.changed_since(before, (EVERY_PAGE,))

    stoppable_redis()
    assert _seen(before_there + 1, there) > before_there
    assert there.changed_since(before_there, (EVERY_PAGE,))


def test_no_number_becomes_smaller_although_redis_was_started_again_empty(stoppable_redis):
    shared = RedisCounters(stoppable_redis())
    for _ in range(5):
        shared.record([3])
    before = shared.current()
    stoppable_redis.stop()
    stoppable_redis()

    assert _seen(before + 1, shared) > before
    assert shared.changed_since(before, (EVERY_PAGE,))
    shared.record([3])
    assert shared.current() > before + 1


def test_a_redis_that_was_never_there_does_not_stop_anything():
    shared = RedisCounters(f"redis://127.0.0.1:{free_port()}/0")

    assert shared.current() == 0
    shared.record([3])
    assert shared.current() == 1
    assert not shared.answers()
