"""Pages for machines: robots, health, reports of browsers, and uploaded files."""

import json
import logging
import re
import resource
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image as Picture

from comments.mail.tasks import mail_confirmation, start_digest
from publishing.cache import changes
from publishing.in_redis.counters import RedisCounters
from publishing.maintenance import announcements
from publishing.maintenance.tests.factories import database_down
from publishing.tests.factories import make_article
from publishing.tests.served import free_port

pytestmark = pytest.mark.django_db
HOSTILE = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example", "x-forwarded-proto": "gopher"}


# --- robots, and addresses ---


def test_robots_may_read_everything_but_the_desk_and_previews(client):
    response = client.get("/robots.txt")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /preview/",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]


@pytest.mark.parametrize(
    "path", ["/sitemap.xml", "/sitemap-front-1.xml", "/robots.txt", "/feed.xml", "/atom.xml", "/feed.json"]
)
def test_addresses_start_with_ours_whatever_host_the_request_names(client, settings, path):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://publication.example"
    make_article()

    for headers in ({"host": "evil.example"}, {"host": "evil.example:8443"}, HOSTILE):
        text = client.get(path, headers=headers).content.decode()
        assert "https://publication.example/" in text
        hosts = set(re.findall(r"https?://([^/\"<\s]+)", text))
        assert hosts <= {
            "publication.example",
            "www.w3.org",
            "www.sitemaps.org",
            "purl.org",
            "search.yahoo.com",
            "jsonfeed.org",
        }


# --- the mark, and whom to tell of a hole ---


def test_the_mark_is_at_the_address_that_programs_guess(client):
    response = client.get("/favicon.ico")

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/x-icon"
    assert response.headers["Cache-Control"] == "public, max-age=604800"
    assert Picture.open(BytesIO(response.content)).info["sizes"] == {(16, 16), (32, 32), (48, 48)}


def test_whoever_finds_a_hole_is_told_whom_to_tell(client, settings, time_machine):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = ["mailto:security@publication.example", "https://publication.example/holes"]
    settings.SITE_URL = "https://publication.example"
    time_machine.move_to(datetime(2026, 6, 9, 23, 58, 1, tzinfo=UTC), tick=False)

    response = client.get("/.well-known/security.txt", headers={"host": "testserver"})

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "s-maxage=119" in response.headers["Cache-Control"]
    assert response.content.decode().splitlines() == [
        "Contact: mailto:security@publication.example",
        "Contact: https://publication.example/holes",
        "Expires: 2026-12-06T00:00:00Z",
        "Preferred-Languages: en",
        "Canonical: https://publication.example/.well-known/security.txt",
    ]


# --- health ---


def test_health_asks_nobody(client, count_queries):
    client.get("/healthz")
    with count_queries() as queries:
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert queries == []


def test_readiness_tells_the_state_of_each_part(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True, "tasks": "ok", "database": "ok", "changes": "ok", "disk": "ok", "maintenance": "off",
    }  # fmt: skip


def test_readiness_tells_of_tasks_that_nobody_does(client, clock):
    mail_confirmation.enqueue(1, 1)
    start_digest.using(run_after=timezone.now() + timedelta(hours=1)).enqueue()
    assert client.get("/readyz").json()["tasks"] == "ok"

    clock.shift(timedelta(minutes=16))
    response = client.get("/readyz")

    assert (response.status_code, response.json()["tasks"]) == (200, "late")
    DBTaskResult.objects.filter(task_path__endswith="mail_confirmation").delete()
    assert client.get("/readyz").json()["tasks"] == "ok"
    clock.shift(timedelta(hours=1))
    assert client.get("/readyz").json()["tasks"] == "late"


def test_a_closed_site_is_ready_and_says_that_it_is_closed(client):
    announcements.announce("closed", reason="Works", ends_at=timezone.now() + timedelta(hours=1))

    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["maintenance"] == "closed"
    assert client.get("/healthz").status_code == 200


def test_without_its_database_a_process_lives_but_is_not_ready(client):
    with database_down():
        assert client.get("/healthz").status_code == 200
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        "ready": False, "database": "down", "changes": "ok", "disk": "ok", "maintenance": "off",
    }  # fmt: skip
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("connection already closed")])
def test_a_broken_connection_is_not_an_error_page(client, error):
    def fail(*args):
        raise error

    with connection.execute_wrapper(fail):
        assert client.get("/readyz").status_code == 503


def test_a_process_whose_disk_takes_nothing_is_not_ready(client):
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, room[1]))
    try:
        response = client.get("/readyz")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, room)

    assert response.status_code == 503
    assert (response.json()["disk"], response.json()["database"]) == ("full", "ok")


def test_without_redis_a_process_that_should_hear_of_changes_is_not_ready(client, monkeypatch):
    generation = RedisCounters(f"redis://127.0.0.1:{free_port()}/0")
    monkeypatch.setattr(changes, "_counters", lambda: generation)

    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["changes"] == "down"


# --- reports of browsers ---

REPORT = {"csp-report": {"violated-directive": "script-src", "blocked-uri": "https://evil.example/x.js"}}


def report(client, body, content_type="application/csp-report"):
    return client.post("/csp-report", body, content_type=content_type)


def test_a_report_is_logged_on_one_line(client, caplog):
    with caplog.at_level(logging.WARNING, "publishing.views"):
        response = report(client, json.dumps({**REPORT, "forged": "a\r\n2026-01-01 ERROR root All is lost"}))

    assert (response.status_code, response.content) == (204, b"")
    assert "evil.example/x.js" in caplog.text
    assert len([record for record in caplog.records if "\n" in record.getMessage()]) == 0


def test_a_report_comes_without_token_cookie_or_origin():
    browser = Client(enforce_csrf_checks=True, headers={"origin": "null", "sec-fetch-site": "cross-site"})

    response = report(browser, json.dumps([REPORT]), "application/reports+json")
    assert response.status_code == 204
    assert not response.cookies


@pytest.mark.parametrize("depth", [10, 500, 900, 990, 2000, 4000])
def test_nesting_does_not_break_it(client, depth):
    assert report(client, "[" * depth + "]" * depth).status_code in (204, 400)


@pytest.mark.parametrize("body", ["", "{", "\xff\xfe", b"\xff\xfe\x00", "9" * 5000, "{'a': 1}", '"\\ud800'])
def test_nonsense_is_refused(client, body):
    assert report(client, body).status_code == 400


@pytest.mark.parametrize("body", ["NaN", "1e400", '{"a": 1, "a": 2}', "null", '"\\ud800"', '"' + "x" * 8000 + '"'])
def test_odd_reports_are_taken_as_they_are(client, body, caplog):
    with caplog.at_level(logging.WARNING, "publishing.views"):
        assert report(client, body).status_code == 204
    assert all(len(record.getMessage()) < 2100 for record in caplog.records)


@pytest.mark.parametrize("size", [8193, 100_000, 5_000_000])
def test_a_report_of_more_than_eight_kilobytes_is_not_read(client, size, caplog):
    response = report(client, '"' + "x" * size + '"')

    assert response.status_code == 413
    assert "xxx" not in caplog.text


def test_a_flood_is_dropped_quietly(client, caplog):
    with caplog.at_level(logging.WARNING, "publishing.views"):
        statuses = {report(client, json.dumps(REPORT)).status_code for _ in range(30)}

    assert statuses == {204}
    assert len(caplog.records) == 10


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_a_report_is_posted(client, method):
    assert getattr(client, method)("/csp-report").status_code == 405


# --- uploaded files ---

NAME = "0123456789abcdef0123456789abcdef.webp"


@pytest.fixture
def stored():
    assert default_storage.save(NAME, ContentFile(b"RIFF....WEBP")) == NAME
    yield f"/media/{NAME}"
    default_storage.delete(NAME)


def test_an_uploaded_file_is_kept_for_ever_under_its_name(client, stored):
    response = client.get(stored)

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"RIFF....WEBP"
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_head_of_a_file_tells_its_size(client, stored):
    response = client.head(stored)

    assert response.headers["Content-Length"] == "12"
    assert b"".join(response) == b""


def test_many_ranges_are_answered_with_one_whole_file(client, stored):
    response = client.get(stored, headers={"range": "bytes=" + ",".join(["0-0"] * 1000)})

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"RIFF....WEBP"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "f" * 32 + ".webp",
        "0123456789ABCDEF0123456789ABCDEF.webp",
        "0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef.webp/",
        "0123456789abcdef0123456789abcdef.webp%00.html",
        "0123456789abcdef0123456789abcdef.webp%0a",
        "../test.sqlite3",
        "..%2ftest.sqlite3",
        "%2e%2e/test.sqlite3",
        "..%5ctest.sqlite3",
        "%2fetc%2fpasswd",
        "//etc/passwd",
        "./0123456789abcdef0123456789abcdef.webp",
        ".",
        "generation",
    ],
)
def test_no_other_file_is_reached(client, stored, name):
    response = client.get(f"/media/{name}")

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_files_are_only_read_here(client, stored, method):
    assert getattr(client, method)(stored).status_code == 405
