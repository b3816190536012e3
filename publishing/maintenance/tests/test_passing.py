"""Who uses the site while it is closed or read-only: staff with the permission, and nobody by what they claim."""

from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment
from comments.tests.factories import sent
from publishing.maintenance.announcements import announce
from publishing.maintenance.models import State
from publishing.tests.factories import make_article, make_user

from .factories import database_down

pytestmark = pytest.mark.django_db

ROLES = {"author": False, "moderator": False, "editor": True, "owner": True, "superuser": True}
FROM_SITE = {"sec-fetch-site": "same-origin"}


def close(state="closed", **fields):
    return announce(state, ends_at=timezone.now() + timedelta(hours=1), **fields)


def browser_of(role):
    """A browser in which somebody has signed in to the admin."""
    browser = Client(headers={"user-agent": "Mozilla/5.0 Firefox/140.0"})
    browser.force_login(make_user(role))
    return browser


def queries_of(browser, path, **kwargs):
    # What every process knows after its first request is fetched before.
    browser.get(path, **kwargs)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = browser.get(path, **kwargs)
    return response, [query["sql"] for query in queries]


# --- staff ---


@pytest.mark.parametrize("role", ROLES)
def test_staff_with_the_permission_read_a_closed_site_and_others_do_not(role):
    article = make_article()
    close()

    response = browser_of(role).get(article.get_absolute_url())

    assert response.status_code == (200 if ROLES[role] else 503)


def test_the_permission_alone_is_enough():
    user = make_user("author")
    user.user_permissions.add(Permission.objects.get(codename="bypass_maintenance"))
    browser = Client()
    browser.force_login(user)
    close()

    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("state", ["closed", "read-only"])
@pytest.mark.parametrize("role", ["author", "owner"])
def test_staff_with_the_permission_send_forms_during_maintenance(state, role):
    article = make_article()
    close(state)

    response = browser_of(role).post(f"{article.get_absolute_url()}comments/", sent(), headers=FROM_SITE)

    assert response.status_code == (303 if ROLES[role] else 503)
    assert Comment.objects.count() == ROLES[role]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/feed.xml", "/nowhere/", "/search/?q=x", "/articles"])
def test_what_staff_get_is_for_them_alone(path):
    browser = browser_of("owner")
    close()

    response = browser.get(path)

    assert response.status_code in (200, 301, 404)
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert "Cache-Tag" not in response and not response.cookies


def test_a_form_that_another_site_sends_in_the_browser_of_staff_is_refused():
    article = make_article()
    close()

    response = browser_of("owner").post(
        f"{article.get_absolute_url()}comments/", sent(), headers={"sec-fetch-site": "cross-site"}
    )

    assert response.status_code == 403
    assert not Comment.objects.exists()


def test_staff_still_see_that_the_site_is_closed():
    close(sentence="We are moving house.")

    assert "We are moving house." in browser_of("owner").get("/").text


# --- the cost, and what is not touched ---


def test_no_query_asks_who_it_is_while_nothing_would_be_refused():
    browser, reader = browser_of("owner"), Client(headers={"cookie": "reader=x; csrftoken=y"})
    article = make_article().get_absolute_url()

    # While it is read-only, staff who pass get an article with its forms on.
    for state, asked, path in (
        ("off", browser, article),
        (State.BANNER, browser, article),
        (State.READ_ONLY, reader, article),
        (State.READ_ONLY, browser, "/"),
    ):
        if state != "off":
            close(state)
        queries = " ".join(queries_of(asked, path)[1])
        assert "articles_article" in queries
        assert not any(table in queries for table in ("django_session", "auth_user", "maintenance_"))


def test_a_reader_is_refused_without_a_query_whatever_cookies_they_have():
    close()
    browser = Client()
    browser.cookies.load({"reader": "x", "staff": "1", "csrftoken": "y"})

    assert queries_of(browser, "/")[1] == []
    assert queries_of(Client(), "/")[1] == []


def test_quizzes_ask_nobody_who_they_are():
    close()

    response, queries = queries_of(browser_of("owner"), "/quizzes/")

    assert response.status_code == 200
    assert not any("session" in query for query in queries)


@pytest.mark.parametrize("key", ["", "x", "a" * 32, "A\x00" * 16, "é" * 32, "../../etc/passwd", "a" * 4000])
def test_a_session_that_does_not_exist_is_refused(key):
    close()
    browser = Client(headers={"cookie": f"{configured.SESSION_COOKIE_NAME}={key}"})

    assert browser.get("/").status_code == 503
    assert not Session.objects.exists()


def test_who_has_signed_out_or_lost_their_account_is_refused():
    close()
    browser = browser_of("owner")
    cookie = browser.cookies[configured.SESSION_COOKIE_NAME].value
    assert browser.get("/").status_code == 200

    browser.logout()
    browser.cookies[configured.SESSION_COOKIE_NAME] = cookie
    assert browser.get("/").status_code == 503

    user = make_user("owner")
    browser.force_login(user)
    user.is_active = False
    user.save()
    assert browser.get("/").status_code == 503


def test_who_is_no_longer_staff_is_refused():
    close()
    user = make_user("editor")
    browser = Client()
    browser.force_login(user)
    user.is_staff = False
    user.save()

    assert browser.get("/").status_code == 503


def test_a_session_is_only_looked_at():
    """Django deletes the session of an old password when it sees one; here that would be a GET that writes."""
    user = make_user("owner")
    browser = Client()
    browser.force_login(user)
    close()
    before = list(Session.objects.values())
    user.set_password("another one")
    user.save()

    assert browser.get("/").status_code == 503
    assert list(Session.objects.values()) == before


def test_a_session_of_an_old_key_stays_valid_and_is_not_renamed(settings):
    browser = browser_of("owner")
    close()
    before = list(Session.objects.values())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key " * 5

    response = browser.get("/")

    assert (response.status_code, response.cookies) in ((200, {}), (503, {}))
    assert list(Session.objects.values()) == before


def test_nobody_passes_while_the_database_does_not_answer():
    browser = browser_of("owner")
    close()
    browser.get("/")

    with database_down():
        assert browser.get("/").status_code == 503


# --- what anyone can claim ---


@pytest.mark.parametrize(
    "claim",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": "10.0.0.1, 127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1;host=localhost"},
        {"Client-IP": "10.0.0.1"},
        {"User-Agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"},
        {"User-Agent": "feed login wp-admin"},
        {"Referer": "http://testserver/quizzes/"},
        {"X-Original-URL": "/quizzes/"},
        {"X-Rewrite-URL": "/admin/"},
        {"X-HTTP-Method-Override": "OPTIONS"},
        {"Cookie": "staff=1"},
        {"Cookie": "maintenance-pass=1"},
        {"Authorization": "Basic b3duZXI6b3duZXI="},
    ],
)
def test_no_header_lets_a_visitor_pass(client, claim):
    close()

    for method in (client.get, client.post):
        assert method("/", headers=claim).status_code == 503


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "10.0.0.123", "1.1.1.1", "11.1.1.1"])
def test_no_address_lets_a_visitor_pass(client, address):
    close()

    assert client.get("/", REMOTE_ADDR=address).status_code == 503


@pytest.mark.parametrize("query", ["feed", "x=feed", "login", "next=/quizzes/", "/admin/", "preview=1"])
def test_no_query_lets_a_visitor_pass(client, query):
    close()

    assert client.get(f"/?{query}").status_code == 503
    assert client.get(f"/articles/any/?{query}").status_code == 503
