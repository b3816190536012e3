"""What is behind the site does not answer: status 503, when to come back, and the form as it was sent."""

import errno
import sqlite3
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import (
    DatabaseError,
    DataError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import RequestFactory
from django.urls import reverse

from publishing import views
from publishing.database import waiting
from publishing.models import Publication
from publishing.tests.factories import make_article
from publishing.web import outage

pytestmark = pytest.mark.django_db


class Full(MemoryFileUploadHandler):
    """Django keeps large uploads in files."""

    def receive_data_chunk(self, *args):
        raise OSError(errno.ENOSPC, "No space left on device")


@contextmanager
def failing(error=None):
    """Every statement ends with an error, by default that of a database that is gone."""

    def fail(*args):
        raise error or OperationalError("the connection is lost")

    with connection.execute_wrapper(fail):
        yield


def caused_by(code):
    """The error that Django makes of SQLite's."""
    cause = sqlite3.OperationalError("said by SQLite")
    cause.sqlite_errorcode = code
    error = OperationalError("said by SQLite")
    error.__cause__ = cause
    return error


BUSY_SNAPSHOT = sqlite3.SQLITE_BUSY | 2 << 8


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("gone"), InterfaceError("closed"), caused_by(sqlite3.SQLITE_FULL), caused_by(BUSY_SNAPSHOT),
        OSError(errno.ENOSPC, "full"), OSError(errno.EDQUOT, "quota"), OSError(errno.EROFS, "read only"),
    ],
)  # fmt: skip
def test_what_may_be_over_in_a_while_is_an_outage(error):
    assert outage.is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        caused_by(sqlite3.SQLITE_ERROR), ProgrammingError("no such column"), DataError("too long"), ValueError(),
        OSError(errno.EACCES, "not yours"), FileNotFoundError(errno.ENOENT, "not there"), None,
    ],
)  # fmt: skip
def test_a_fault_of_the_program_is_none(error):
    assert not outage.is_outage(error)


@pytest.mark.parametrize(
    "statement",
    ["SELECT missing FROM articles_tag", "SELECT 1 FROM missing", "INSERT INTO articles_tag (x) VALUES (1)"],
)
def test_what_the_database_does_not_have_is_an_outage_until_it_is_migrated(statement):
    with pytest.raises(DatabaseError) as found, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert not outage.is_outage(found.value)

    ((app, name),) = MigrationLoader(connection).graph.leaf_nodes("articles")
    MigrationRecorder(connection).record_unapplied(app, name)

    assert outage.is_outage(found.value)


FORMS = [
    ("/articles/about/comments/", {"name": "Ann", "body": "Typed with care.", "homepage": ""}),
    ("/comments/receipts/{receipt}/edit/", {"name": "Ann", "body": "Typed with care."}),
    ("/comments/receipts/{receipt}/withdraw/", {}),
    ("/comments/receipts/{receipt}/erase/", {"sure": "on"}),
    ("/comments/1/report/", {"reason": "spam"}),
    ("/articles/about/heart/", {}),
    ("/quizzes/about/", {"ticket": "x", "q1": "An answer in words"}),
    ("/quizzes/about/start/", {"extension": "50"}),
]


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_a_form_comes_back_as_it_was_sent_to_its_address(post_from_site, path, fields, signed_receipt):
    path = path.format(receipt=signed_receipt)
    with failing():
        response = post_from_site(path, fields)

    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert response["Cache-Control"] == "private, no-store"
    assert "Content-Security-Policy" in response.headers
    assert f'<form class="column" method="post" action="{path}">' in page
    for name, value in fields.items():
        assert f'name="{name}"' in page
        assert f">\n{value}</textarea>" in page or f'name="{name}" value="{value}"' in page


@pytest.fixture
def signed_receipt():
    from django.core import signing

    from comments.models import RECEIPT_SALT

    return signing.Signer(salt=RECEIPT_SALT).sign_object(1)


def test_text_stands_in_fields_with_their_labels_and_marks_up_nothing(post_from_site):
    fields = {"name": "Ann", "body": "</textarea><script>x</script>", "email": "", "kind": "question"}
    with failing():
        page = post_from_site("/articles/about/comments/", fields).content.decode()

    assert 'name="name" value="Ann"' in page
    assert "&lt;/textarea&gt;&lt;script&gt;x&lt;/script&gt;</textarea>" in page
    assert "<script>" not in page
    assert '<input type="hidden" name="kind" value="question">' in page
    assert str(outage.READ_ONLY) in page


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {}])
def test_a_form_of_another_site_is_not_shown(client, headers):
    with failing():
        response = client.post("/articles/about/comments/", {"body": "Not typed here."}, headers=headers)

    assert response.status_code == 503
    assert "Not typed here." not in response.content.decode()
    assert "<form" not in response.content.decode()


def test_an_upload_that_the_disk_does_not_take_is_answered_too(admin_client, settings):
    settings.FILE_UPLOAD_HANDLERS = ["publishing.tests.web.test_outage.Full"]
    admin_client.raise_request_exception = False
    picture = SimpleUploadedFile("picture.png", b"x" * 100)
    response = admin_client.post("/admin/articles/image/add/", {"alt": "A picture", "file": picture})

    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "<form" not in page
    assert ">Go back to the page</a>" in page


@pytest.mark.parametrize("headers", [{"sec-fetch-dest": "empty"}, {"accept": "application/json"}])
def test_a_script_gets_a_short_answer(client, headers):
    with failing():
        response = client.post(
            "/articles/about/view/", headers={"sec-fetch-site": "same-origin", "user-agent": "Mozilla/5.0"} | headers
        )

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 503


@pytest.mark.parametrize(
    "path", ["/", "/articles/about/", "/archive/", "/feed.xml", "/sitemap.xml", "/comments/feed.xml", "/quizzes/about/"]
)
def test_a_page_says_when_to_come_back(client, path):
    with failing():
        response = client.get(path)

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert response["Cache-Control"] == "private, no-store"
    assert not response.cookies
    assert f'href="{path}">Try again</a>' in response.content.decode()


def test_a_page_with_its_text_needs_no_query(rf, count_queries):
    Publication.current()
    request = rf.post("/articles/about/comments/", {"body": "x"}, headers={"sec-fetch-site": "same-origin"})
    request.resolver_match = None

    with count_queries() as queries:
        assert outage.answer(request, OperationalError("gone")).status_code == 503
    assert queries == []


def test_the_desk_gives_back_what_an_editor_typed(admin_client):
    fields = {"name": "A category that took an hour", "slug": "hour"}
    with failing():
        response = admin_client.post("/admin/articles/category/add/", fields)

    page = response.content.decode()
    assert response.status_code == 503
    assert 'name="name" value="A category that took an hour"' in page
    assert 'name="slug" value="hour"' in page


def test_a_password_is_on_no_page(client):
    with failing():
        response = client.post("/admin/login/", {"username": "owner", "password": "a secret of mine"})

    assert response.status_code == 503
    assert "a secret of mine" not in response.content.decode()


def test_what_a_middleware_meets_is_answered_as_well(admin_client, monkeypatch):
    """A session that cannot be saved is met after the view, where no middleware can catch it."""
    admin_client.raise_request_exception = False
    monkeypatch.setattr("publishing.web.staff.SessionMiddleware.process_response", fail_with(OperationalError("full")))
    response = admin_client.get("/admin/")

    assert (response.status_code, response["Retry-After"]) == (503, "10")


def fail_with(error):
    def fail(*args, **kwargs):
        raise error

    return fail


def test_a_full_disk_is_an_outage_and_a_broken_program_is_not(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("articles.views.count_view", fail_with(OSError(errno.ENOSPC, "full")))
    path = reverse("articles:view", args=[make_article().slug])
    agent = {"sec-fetch-site": "same-origin", "user-agent": "Mozilla/5.0"}
    assert client.post(path, headers=agent).status_code == 503

    monkeypatch.setattr("articles.views.count_view", fail_with(OSError(errno.EACCES, "not yours")))
    assert client.post(path, headers=agent).status_code == 500


@pytest.mark.parametrize("template", ["500.html", "503.html"])
def test_pages_about_faults_need_no_list_of_static_files(template, monkeypatch):
    monkeypatch.setattr(StaticFilesStorage, "url", fail_with(ValueError("Missing staticfiles manifest entry")))
    page = outage.page(template, {"publication": Publication(name="The Indent"), "fields": []})

    assert "The Indent" in page
    assert "<h1>" in page
    assert "stylesheet" not in page


def test_a_program_that_breaks_without_static_files_says_so(monkeypatch):
    monkeypatch.setattr(StaticFilesStorage, "url", fail_with(ValueError("Missing staticfiles manifest entry")))

    assert views.server_error(RequestFactory().get("/")).status_code == 500


# --- how long is waited ---


def test_only_requests_have_a_limit_and_the_staff_a_longer_one(monkeypatch):
    assert waiting.seconds() is None
    monkeypatch.setattr(settings, "IS_SERVING", True)
    assert waiting.seconds() == settings.DATABASE_TIMEOUT <= 3
    with waiting.patiently():
        assert waiting.seconds() > settings.DATABASE_TIMEOUT
    assert waiting.seconds() == settings.DATABASE_TIMEOUT


def test_after_waiting_in_vain_one_request_tries_at_a_time(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(waiting.time, "monotonic", lambda: now[0])
    breaker = waiting.Breaker(pause=2)
    assert [breaker.may_try(), breaker.may_try()] == [True, True]

    breaker.silent()
    assert [breaker.may_try(), breaker.may_try()] == [False, False]
    now[0] += 2
    assert [breaker.may_try(), breaker.may_try()] == [True, False]
    breaker.silent()
    now[0] += 1
    assert not breaker.may_try()
    now[0] += 1
    assert breaker.may_try()
    breaker.answered()
    assert [breaker.may_try(), breaker.may_try()] == [True, True]


def test_a_try_that_says_nothing_holds_up_the_others_for_a_while_only(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(waiting.time, "monotonic", lambda: now[0])
    breaker = waiting.Breaker(pause=0)
    breaker.silent()

    assert [breaker.may_try(), breaker.may_try()] == [True, False]
    now[0] += waiting.TRY_SECONDS
    assert breaker.may_try()
