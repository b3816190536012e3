"""The shared number of changes, and what is remembered for one value of it."""

import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

from publishing.cache import generations
from publishing.cache.generations import CachedValue, FileGeneration, RedisGeneration
from publishing.models import Publication
from publishing.tests.served import free_port, wait_for

BUMP = "import sys; from publishing.cache.generations import FileGeneration; FileGeneration(sys.argv[1]).bump()"


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
    generations.invalidate()
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
            generations.invalidate()
        return source()

    cached = CachedValue(load)

    assert cached.get() == "value 1"
    assert cached.get() == "value 2"


def test_what_nobody_announced_is_seen_after_a_while(monkeypatch):
    cached = CachedValue(Source())
    cached.get()

    monkeypatch.setattr(generations, "CACHED_SECONDS", 0)
    assert cached.get() == "value 2"


@pytest.mark.parametrize("error", [DatabaseError("down"), InterfaceError("closed")])
def test_while_the_database_fails_the_last_known_value_stands(error):
    source = Source()
    cached = CachedValue(source, default=lambda: "default")
    cached.get()

    source.fails = error
    generations.invalidate()
    assert [cached.get(), cached.get()] == ["value 1"] * 2
    assert source.calls == 2, "it is not called at every request"


def test_once_the_database_is_back_the_value_is_read_again(monkeypatch):
    source = Source()
    cached = CachedValue(source)
    cached.get()
    source.fails = DatabaseError("down")
    generations.invalidate()
    cached.get()

    source.fails = None
    monkeypatch.setattr(generations, "CACHED_SECONDS", generations.RETRY_SECONDS)
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
    generations.invalidate()

    with pytest.raises(ValueError, match="a bug"):
        cached.get()


# --- announcing ---


def test_a_change_is_announced_when_it_is_committed_and_not_before(transactional_db):
    before = generations.current()

    with transaction.atomic():
        Publication(name="The Other").save()
        assert generations.current() == before
    assert generations.current() > before


def test_a_change_that_is_rolled_back_is_not_announced(transactional_db):
    before = generations.current()

    with pytest.raises(RuntimeError), transaction.atomic():
        Publication(name="The Other").save()
        raise RuntimeError
    assert generations.current() == before


def test_the_wording_costs_no_query_until_it_changes(db, count_queries):
    Publication.current()

    with count_queries() as queries:
        assert Publication.current().name == "A publication"
    assert queries == []
    Publication(name="The Other").save()
    assert Publication.current().name == "The Other"


def test_the_wording_is_there_without_its_table(transactional_db):
    with connection.schema_editor() as editor:
        editor.delete_model(Publication)
    try:
        generations.invalidate()
        assert Publication.current().name == "A publication"
    finally:
        with connection.schema_editor() as editor:
            editor.create_model(Publication)


# --- the number in a file ---


def test_a_bump_is_seen_by_another_process_and_the_other_way_round(tmp_path):
    here = FileGeneration(tmp_path / "generation")
    here.bump()

    subprocess.run([sys.executable, "-c", BUMP, str(tmp_path / "generation")], cwd=settings.BASE_DIR, check=True)

    assert here.current() == 2
    assert FileGeneration(tmp_path / "generation").current() == 2
    assert here.answers()


# Not an empty file under a process that has it mapped: the kernel ends that process, and gunicorn starts another one.
@pytest.mark.parametrize(
    ("damage", "while_mapped"),
    [
        (b"\xff" * 8, True),
        (bytes(8), True),
        (b"\xff" * 8, False),
        (bytes(8), False),
        (b"", False),
        (b"\xff" * 20, False),
    ],
)
def test_a_damaged_file_is_a_number_to_count_on_from(tmp_path, damage, while_mapped):
    path = tmp_path / "generation"
    for _ in range(5):
        FileGeneration(path).bump()
    here = FileGeneration(path)
    seen = [here.current()]
    with path.open("r+b") as file:
        file.truncate(len(damage))
        file.write(damage)
    if not while_mapped:
        here = FileGeneration(path)
        seen = [here.current()]
    for _ in range(3):
        here.bump()
        seen.append(here.current())

    assert seen == sorted(set(seen))
    assert path.stat().st_size == max(8, len(damage))


def test_no_bump_is_lost_between_threads(tmp_path):
    class Hesitant(FileGeneration):
        """Lets the others go ahead between reading and writing."""

        def current(self):
            number = super().current()
            time.sleep(0.001)
            return number

    generation = Hesitant(tmp_path / "generation")
    threads = [threading.Thread(target=lambda: [generation.bump() for _ in range(10)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert generation.current() == 8 * 10


# --- the number in Redis ---


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


def test_a_bump_in_redis_is_seen_here_at_once_and_elsewhere_soon(redis_url, monkeypatch):
    here, there = RedisGeneration(redis_url), RedisGeneration(redis_url)
    before = here.current()
    assert there.current() == before

    here.bump()
    assert here.current() == before + 1
    assert there.current() == before, "Redis is read once a second, not at every request"
    monkeypatch.setattr(generations, "REDIS_POLL_SECONDS", 0)
    assert there.current() == before + 1
    assert here.answers()


def test_while_redis_is_away_the_last_number_stands_and_own_changes_still_count(stoppable_redis, monkeypatch):
    monkeypatch.setattr(generations, "REDIS_POLL_SECONDS", 0)
    generation = RedisGeneration(stoppable_redis())
    generation.bump()
    before = generation.current()
    stoppable_redis.stop()

    assert generation.current() == before
    assert not generation.answers()
    generation.bump()
    assert generation.current() == before + 1


def test_the_number_never_shrinks_although_redis_was_started_anew(stoppable_redis, monkeypatch):
    monkeypatch.setattr(generations, "REDIS_POLL_SECONDS", 0)
    generation = RedisGeneration(stoppable_redis())
    for _ in range(5):
        generation.bump()
    before = generation.current()
    stoppable_redis.stop()
    stoppable_redis()

    seen = [generation.current()]
    for _ in range(3):
        generation.bump()
        seen.append(generation.current())
    assert seen[0] > before
    assert seen == sorted(set(seen))


def test_a_redis_that_was_never_there_does_not_stop_anything():
    generation = RedisGeneration(f"redis://127.0.0.1:{free_port()}/0")

    assert generation.current() == 0
    generation.bump()
    assert generation.current() == 1
    assert not generation.answers()
