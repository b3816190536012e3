"""The switch that works without the database: a file that every process sees, and a variable of the environment."""

import os
import time
from datetime import timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from publishing.cache import changes
from publishing.cache.page_store import PageStore
from publishing.maintenance import announcements, switch
from publishing.maintenance.models import LONGEST, State
from publishing.tests.cache.wsgi import MemoryPages, ask
from publishing.tests.factories import make_article
from publishing.tests.test_settings import run

from .factories import database_down

pytestmark = pytest.mark.django_db


class File:
    """The file of the switch. Each change of it is seen as if a second had passed."""

    def __init__(self, path, monkeypatch):
        self.path, self._monkeypatch = path, monkeypatch
        self.started_as("")

    def started_as(self, state):
        """A process that starts now, with `MAINTENANCE` as it says."""
        self._monkeypatch.setattr(switch, "_switch", switch.Switch(str(self.path), state))

    def says(self, text, age=timedelta()):
        self.path.write_bytes(text if isinstance(text, bytes) else text.encode())
        moment = (timezone.now() - age).timestamp()
        os.utime(self.path, (moment, moment))
        self.look()

    def goes(self):
        self.path.unlink()
        self.look()

    def look(self):
        switch._switch._next_look = 0.0


@pytest.fixture
def one_connection():
    """Django closes the connection after a request, and with it the transaction that a test runs in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def file(tmp_path, monkeypatch):
    return File(tmp_path / "maintenance", monkeypatch)


def test_a_file_closes_the_site_without_the_database(client, file, count_queries):
    file.says("closed\nThe database is being moved <b>tonight</b>.\n")
    with database_down(), count_queries() as queries:
        responses = [client.get("/"), client.get("/articles/any/")]

    for response in responses:
        assert (response.status_code, response["Retry-After"]) == (503, "3600")
        assert "The database is being moved &lt;b&gt;tonight&lt;/b&gt;." in response.content.decode()
    assert not [query for query in queries if "maintenance_window" in query]
    assert client.get("/quizzes/").status_code == 200
    assert client.get("/admin/login/").status_code == 200


def test_it_wins_over_the_windows_and_they_count_again_when_it_goes(client, file):
    announcements.announce("closed")
    file.says("off")
    assert client.get("/quizzes/").status_code == client.get("/").status_code == 200
    file.says("banner\nOf the switch.")
    assert "Of the switch." in client.get("/").content.decode()
    file.goes()
    assert client.get("/").status_code == 503


def test_read_only_gives_a_comment_back(client, post_from_site, file):
    article = make_article()
    file.says("read-only\n\nAnything may stand below.")
    response = post_from_site(
        f"{article.get_absolute_url()}comments/", {"name": "Ann", "body": "Typed.", "homepage": ""}
    )

    assert response.status_code == 503
    assert "Typed." in response.content.decode()
    assert client.get(article.get_absolute_url()).status_code == 200


def test_the_environment_says_what_no_file_says(file):
    file.started_as("closed")
    assert (switch.current().state, switch.current().source) == ("closed", "MAINTENANCE")
    file.says("banner")
    assert (switch.current().state, switch.current().source) == ("banner", "MAINTENANCE_FILE")
    file.goes()
    assert announcements.current_situation().state == "closed"


@pytest.mark.parametrize("state", switch.STATES)
def test_it_ends_by_itself_after_the_longest_time_of_its_state(file, state, clock):
    longest = LONGEST.get(state, LONGEST[State.CLOSED])
    file.says(state, age=longest)
    assert switch.current() is None

    file.says(state, age=longest - timedelta(minutes=1))
    assert announcements.current_situation().changes_at - timezone.now() <= timedelta(minutes=1)
    clock.shift(timedelta(minutes=1))
    assert switch.current() is None


def test_a_process_that_was_started_closed_opens_after_a_day(file, clock):
    file.started_as("closed")
    clock.shift(LONGEST[State.CLOSED] - timedelta(seconds=1))
    assert announcements.current_situation().state == "closed"
    clock.shift(timedelta(seconds=1))
    assert announcements.current_situation().state == "off"


def test_a_file_from_the_future_ends_too(file, clock):
    file.says("closed", age=timedelta(days=-4000))

    assert switch.current().over_at <= timezone.now() + LONGEST[State.CLOSED]


@pytest.mark.parametrize(
    "text",
    ["", "\nclosed", "close", "CLOSED", "closed please", "announced", b"\xff\xfe\x00c", "closed\x00", "x" * 100_000],
)
def test_what_is_no_state_is_logged_once_and_ignored(file, caplog, text):
    file.says(text)
    for _ in range(5):
        file.look()
        assert switch.current() is None

    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert str(file.path) in caplog.text


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_not_waited_for(file, caplog, make):
    make(file.path)
    for _ in range(3):
        file.look()
        assert switch.current() is None

    assert "it is no file" in caplog.text
    assert len(caplog.records) == 1


def test_a_file_that_could_not_be_read_counts_once_it_is_given_to_who_reads_it(file, monkeypatch):
    """A new owner leaves the time of its content as it was."""
    really_open = open

    def forbidden(path, *arguments):
        if str(path) == str(file.path):
            raise PermissionError(13, "Permission denied", path)
        return really_open(path, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", forbidden)
        file.says("closed")
        assert switch.current() is None
    os.chown(file.path, os.getuid(), os.getgid())
    file.look()

    assert switch.current().state == "closed"


def test_a_file_that_is_too_old_is_named_in_the_log_once(file, caplog):
    """One that was prepared long ago and is moved to its place does nothing until it is touched."""
    file.says("closed", age=LONGEST[State.CLOSED])
    for _ in range(3):
        file.look()
        assert switch.current() is None

    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert str(file.path) in caplog.text and "touch" in caplog.text


def test_a_sentence_is_one_line_of_letters(file):
    file.says("\ufeffclosed \r\n  Back\tat\u202e \x07noon.  " + "x" * 500 + "\r\nNot shown.")

    assert switch.current().state == "closed"
    assert switch.current().sentence.startswith("Back at noon. xxx")
    assert len(switch.current().sentence) == 200


def test_it_is_logged_when_it_is_first_seen_and_when_it_goes(file, caplog):
    caplog.set_level("WARNING")
    file.says("closed")
    for _ in range(3):
        file.look()
        switch.current()
    file.goes()
    switch.current()

    assert ["says closed until" in record.message for record in caplog.records] == [True, False]
    assert "the windows count again" in caplog.text


def test_the_file_is_looked_at_once_a_second(file, monkeypatch):
    now, looks = [time.monotonic()], []
    monkeypatch.setattr(switch.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(switch.os, "stat", lambda path: looks.append(path) or os.lstat(path))
    file.look()
    for _ in range(100):
        switch.current()
    assert len(looks) == 1
    now[0] += switch.LOOK_SECONDS
    switch.current()
    assert len(looks) == 2


def test_pages_in_the_page_store_are_those_of_the_switch(file, one_connection):
    """Each is rendered once for a state, and those of before are there when it is over."""
    store = PageStore(WSGIHandler(), shared=MemoryPages(), variant=switch.variant)
    assert ask(store)[0] == ask(store)[0] == "200 OK"
    file.says("closed")
    assert ask(store)[0] == "503 Service Unavailable"
    file.says("banner\nOf the switch.")
    assert b"Of the switch." in ask(store)[2]
    assert b"Of the switch." in ask(store)[2]
    file.goes()
    assert b"Of the switch." not in ask(store)[2]

    assert (store.renders, store.hits) == (2, 3)


def test_a_page_that_the_switch_meets_while_it_is_rendered_is_not_kept(file, one_connection):
    def render(environ, start_response):
        file.says("banner\nOf the switch.")
        return WSGIHandler()(environ, start_response)

    shared = MemoryPages()
    assert b"Of the switch." in ask(PageStore(render, shared=shared, variant=switch.variant))[2]
    assert not shared.pages


def test_with_a_banner_and_without_a_database_the_pages_of_before_are_served(file, one_connection):
    store = PageStore(WSGIHandler(), shared=MemoryPages(), variant=switch.variant)
    before = ask(store)[2]
    file.says("banner")
    with database_down():
        assert ask(store)[::2] == ("200 OK", before)


@pytest.mark.parametrize(("state", "status"), [("off", 200), ("banner", 200), ("closed", 503)])
def test_a_process_that_never_read_the_windows_is_in_the_state_of_the_settings(client, settings, state, status):
    settings.MAINTENANCE_DEFAULT = state
    with database_down():
        assert announcements.current_situation().state == state
        assert client.get("/robots.txt").status_code == 200
        assert client.get("/healthz").status_code == 200
        assert client.get("/").status_code == 503
    changes.record(changes.SITE)
    assert client.get("/").status_code == 200
    with database_down():
        changes.record(changes.SITE)
        assert announcements.current_situation().state == "off"


@pytest.mark.parametrize("name", ["MAINTENANCE", "MAINTENANCE_DEFAULT"])
def test_it_does_not_start_with_a_state_that_there_is_not(tmp_path, name):
    finished = run(["manage.py", "check"], tmp_path, **{name: "close"})

    assert finished.returncode != 0
    assert "off, banner, read-only, closed" in finished.stderr
