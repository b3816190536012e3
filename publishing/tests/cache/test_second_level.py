"""Rendered pages outside of the processes: what another process finds, damage, bounds, and Redis."""

import os
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings

from publishing.cache import second_level
from publishing.cache.page import Page
from publishing.cache.second_level import FilePages
from publishing.in_redis.pages import RedisPages
from publishing.tests.served import free_port


def page(body=b"<p>one</p>", lasts=300.0, age=0.0):
    now = time.monotonic()
    return Page([("Content-Type", "text/html")], {"": body}, ("article:1",), 7, now - age, now - age + lasts)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "pages.sqlite3"


@pytest.fixture(params=["file", "redis"])
def pages(request, path):
    if request.param == "file":
        return FilePages(path)
    return RedisPages(request.getfixturevalue("redis_url"))


def test_a_page_comes_back_as_it_was_stored(pages):
    stored = page(age=5)
    pages.put("/", stored)

    found = pages.get("/")
    assert (found.headers, found.bodies, found.names, found.number) == (
        [("Content-Type", "text/html")], {"": b"<p>one</p>"}, ("article:1",), 7,
    )  # fmt: skip
    assert found.created == pytest.approx(stored.created, abs=0.5)
    assert found.expires == pytest.approx(stored.expires, abs=0.5)


def test_the_last_page_counts_until_it_is_deleted(pages):
    pages.put("/", page())
    pages.put("/", page(b"<p>two</p>"))

    assert pages.get("/").body() == b"<p>two</p>"
    assert pages.get("/other") is None
    pages.delete("/")
    assert pages.get("/") is None


def test_a_page_of_another_release_is_not_found(pages, monkeypatch):
    pages.put("/", page())

    monkeypatch.setattr(second_level, "release", lambda: "another")
    assert pages.get("/") is None


def test_another_process_finds_it(path):
    FilePages(path).put("/", page())
    code = (
        "import sys, django; django.setup();"
        "from publishing.cache.second_level import FilePages; print(FilePages(sys.argv[1]).get('/').body())"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "publishing.settings"}
    command = [sys.executable, "-c", code, str(path)]
    printed = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True, capture_output=True).stdout
    # Its release differs if its settings do; a page that is found is this one.
    assert printed.strip() == b"b'<p>one</p>'"


def test_a_page_from_the_future_is_not_found(pages, clock):
    pages.put("/", page())

    clock.shift(timedelta(hours=-1))
    assert pages.get("/") is None


def test_a_page_with_a_changed_byte_is_not_found(path):
    pages = FilePages(path)
    pages.put("/", page(b"<p>secret</p>"))
    with sqlite3.connect(path) as database:
        database.execute("UPDATE pages SET page = CAST(replace(page, 'secret', 'forged') AS BLOB)")

    assert pages.get("/") is None


@pytest.mark.parametrize("content", [b"", b"not a database" * 1000, b"SQLite format 3\x00" + bytes(5000)])
def test_a_damaged_file_is_begun_again(path, content, monkeypatch):
    monkeypatch.setattr(second_level, "PAUSE_SECONDS", 0)
    path.write_bytes(content)
    pages = FilePages(path)
    for _ in range(2):
        pages.put("/", page())

    assert pages.get("/").body() == b"<p>one</p>"


def test_damage_under_a_process_that_has_it_open_is_survived(path, monkeypatch):
    monkeypatch.setattr(second_level, "PAUSE_SECONDS", 0)
    here, there = FilePages(path), FilePages(path)
    for number in range(50):
        here.put(f"/{number}", page(os.urandom(5000)))
        there.get(f"/{number}")
    with path.open("r+b") as file:
        file.write(os.urandom(100_000))

    for _ in range(3):
        for pages in (here, there):
            pages.put("/", page())
            pages.get("/")
    assert here.get("/").body() == there.get("/").body() == b"<p>one</p>"


@pytest.mark.parametrize("folder", ["missing", "file"])
def test_without_a_place_for_the_file_nothing_is_shared_and_nothing_fails(tmp_path, folder):
    (tmp_path / "file").write_text("")
    pages = FilePages(tmp_path / folder / "pages.sqlite3")

    pages.put("/", page())
    assert pages.get("/") is None
    pages.delete("/")


def test_a_writer_that_holds_the_lock_delays_nobody(path):
    pages = FilePages(path)
    pages.put("/", page())
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        pages.put("/two", page())
        other.execute("ROLLBACK")

    assert FilePages(path).get("/") is not None
    assert FilePages(path).get("/two") is None


def test_the_file_stays_within_its_bytes_and_forgets_the_oldest(path, monkeypatch):
    monkeypatch.setattr(second_level, "FILE_BYTES", 300_000)
    monkeypatch.setattr(second_level, "PAGES_BETWEEN_TRIMS", 5)
    pages = FilePages(path)
    for number in range(100):
        pages.put(f"/{number}", page(os.urandom(10_000)))

    assert path.stat().st_size < 500_000
    assert pages.get("/0") is None
    assert pages.get("/99") is not None


def test_a_redis_that_is_away_costs_one_wait_and_shares_nothing():
    pages = RedisPages(f"redis://127.0.0.1:{free_port()}/0")

    pages.put("/", page())
    assert pages.get("/") is None
