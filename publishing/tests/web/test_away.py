"""The database turns read-only or goes away: it is left alone for 15 seconds at a time, and readers hear so at once."""

import sqlite3
import time
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, connections, transaction

from publishing.cache import changes
from publishing.cache.values import CachedValue
from publishing.database import away
from publishing.database.postgresql.base import DatabaseWrapper as PostgreSQL
from publishing.database.sqlite.base import DatabaseWrapper as SQLite
from publishing.tests.factories import make_article
from publishing.tests.postgres import Postgres
from publishing.web import outage

pytestmark = pytest.mark.django_db
TYPED = {"name": "Ann", "body": "Typed with care.", "homepage": ""}


@contextmanager
def read_only():
    """The database takes no writes."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA query_only=ON")
        try:
            yield
        finally:
            connection.cursor().execute("PRAGMA query_only=OFF")
        return
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION READ ONLY")
        yield
        transaction.set_rollback(True)


@contextmanager
def gone():
    """Every statement ends as if no connection can be made."""

    class Unreachable(OperationalError, away.Unreachable):
        pass

    def fail(*arguments):
        raise Unreachable("connection refused")

    with connection.execute_wrapper(fail):
        yield


@pytest.fixture
def later(monkeypatch):
    """Time goes on: `later(seconds)`."""
    now = [time.monotonic()]
    monkeypatch.setattr(away.time, "monotonic", lambda: now[0])

    def go_on(seconds):
        now[0] += seconds

    return go_on


@pytest.fixture
def comments():
    return f"{make_article().get_absolute_url()}comments/"


def test_a_comment_comes_back_with_its_text_and_the_next_one_without_a_query(
    post_from_site, comments, count_queries, caplog
):
    with read_only():
        first = post_from_site(comments, TYPED)
        with count_queries() as queries:
            second = post_from_site(comments, TYPED)

    for response in (first, second):
        page = response.content.decode()
        assert (response.status_code, response["Retry-After"]) == (503, "15")
        assert str(outage.READ_ONLY) in page
        assert ">\nTyped with care.</textarea>" in page
    assert queries == []
    assert sum("is not asked for" in record.message for record in caplog.records) == 1


def test_pages_are_read_as_before_and_the_admin_writes_as_soon_as_it_can(
    client, admin_client, post_from_site, comments
):
    with read_only():
        post_from_site(comments, TYPED)
        page, desk = client.get("/archive/"), admin_client.get("/admin/")
        refused = admin_client.post("/admin/articles/tag/add/", {"name": "Hours", "slug": "hours"})

    assert (page.status_code, desk.status_code, refused.status_code) == (200, 200, 503)
    assert 'value="Hours"' in refused.content.decode()

    # The pause of readers is not over.
    sent = admin_client.post("/admin/articles/tag/add/", {"name": "Hours", "slug": "hours"})
    assert sent.status_code == 302
    assert post_from_site(comments, TYPED).status_code == 503


def test_the_first_write_after_fifteen_seconds_is_tried_and_taken(post_from_site, comments, later):
    with read_only():
        assert post_from_site(comments, TYPED).status_code == 503
        later(away.SECONDS)
        assert post_from_site(comments, TYPED).status_code == 503
    later(away.SECONDS - 1)
    assert post_from_site(comments, TYPED).status_code == 503
    later(1)
    assert post_from_site(comments, TYPED).status_code == 303


def test_what_keeps_nothing_in_the_database_goes_on(post_from_site, client, comments):
    with read_only():
        post_from_site(comments, TYPED)
        report = client.post("/csp-report", b"{}", content_type="application/json")
        ready = client.get("/readyz")

    assert report.status_code == 204
    assert (ready.status_code, ready.json()["database"]) == (200, "read-only")


def test_a_page_that_the_database_is_needed_for_says_when_to_come_back(client):
    with gone():
        responses = [client.get("/archive/"), client.get("/archive/")]

    assert [(response.status_code, response["Retry-After"]) for response in responses] == [(503, "15")] * 2
    assert str(outage.READ_ONLY) in responses[0].content.decode()
    assert client.get("/robots.txt").status_code == 200


def caused_by(code):
    error = OperationalError("said by SQLite")
    error.__cause__ = sqlite3.OperationalError("said by SQLite")
    error.__cause__.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    "code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR]
)
def test_a_busy_database_and_a_full_disk_begin_no_pause(code):
    away.note(caused_by(code))
    away.note(OSError(28, "No space left on device"))

    assert not away.state()


def test_a_pause_is_not_made_longer_by_those_who_run_into_it(later):
    away.note(caused_by(sqlite3.SQLITE_READONLY))
    later(away.SECONDS - 1)
    away.note(caused_by(sqlite3.SQLITE_READONLY))
    later(1)

    assert not away.state()


def test_a_file_of_sqlite_that_is_gone_is_left_alone_and_found_again(tmp_path, settings, monkeypatch):
    settings.IS_SERVING = True
    file = tmp_path / "disk" / "site.sqlite3"
    options = connections.settings["default"] | {"NAME": str(file), "OPTIONS": {}}
    database = SQLite(options, "default")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(file))

    away.note(_failed_to_connect(database))
    assert away.state() == away.AWAY
    file.parent.mkdir()
    assert "a moment ago" in str(_failed_to_connect(database))
    with away.asking():
        database.ensure_connection()
    database.close()
    assert not away.state()


@pytest.mark.parametrize("pool", [False, {"min_size": 1, "max_size": 2, "timeout": 2, "reconnect_timeout": 1}])
def test_a_postgresql_that_is_stopped_is_left_alone_and_found_again(tmp_path, settings, pool):
    settings.IS_SERVING = True
    postgres = Postgres(tmp_path)
    options = connections.settings["default"] | {"NAME": "postgres", "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 0}
    options |= {"OPTIONS": {"pool": pool, "connect_timeout": 2, "host": postgres.address.partition("host=")[2]}}
    database = PostgreSQL(options | {"USER": "postgres", "HOST": "", "PORT": "", "PASSWORD": ""}, "default")
    try:
        database.ensure_connection()
        with pytest.raises(OperationalError) as refused, database.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY; CREATE TABLE written (id int)")
        assert away.kind_of(refused.value) == away.READ_ONLY
        database.close()

        postgres.stop()
        away.note(_failed_to_connect(database))
        assert away.state() == away.AWAY
        started = time.monotonic()
        assert "a moment ago" in str(_failed_to_connect(database))
        # A try takes two seconds.
        assert time.monotonic() - started < 1
        postgres.start()
        with away.asking():
            _until_connected(database)
        assert not away.state()
    finally:
        database.close()
        database.close_pool()
        postgres.cleanup()


def _failed_to_connect(database):
    with pytest.raises(OperationalError) as failed:
        database.ensure_connection()
    return failed.value


def _until_connected(database):
    """One request after the other tries: the breaker lets one through in two seconds."""
    last = time.monotonic() + 20
    while True:
        try:
            return database.ensure_connection()
        except OperationalError:
            assert time.monotonic() < last
            time.sleep(0.2)


def test_the_last_values_are_used_without_a_try():
    loads = []
    value = CachedValue(lambda: loads.append("read") or len(loads))
    value.get()
    away.note(away.Unreachable())
    changes.record(changes.SITE)

    assert value.get() == 1
    away.answered()
    assert value.get() == 2
