"""Faults that other maintenance modes have, of which ours has none.

What they let pass by a query, an address or a program's name is in test_passing.py, and what they take for a path that
stays open in test_groups.py and test_served.py.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from publishing.maintenance.announcements import announce, current_situation, end
from publishing.maintenance.models import Window
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

NOON = "2026-06-01T12:00:00Z"
MINUTE = timedelta(minutes=1)
ADMIN = "/admin/maintenance/window/"


def close(minutes=30, **fields):
    return announce("closed", ends_at=timezone.now() + minutes * MINUTE, **fields)


# --- LightStart (WP Maintenance Mode) ---


@pytest.mark.parametrize("word", ["feed", "login", "wp-login.php", "robots.txt", "quizzes", "admin", "static"])
@pytest.mark.parametrize("place", ["/any/?x={}", "/any/?{}", "/any-{}/", "/{}-any/", "/any/{}/", "/?{}=1"])
def test_a_word_somewhere_in_the_address_opens_nothing(client, word, place):
    close()

    assert client.get(place.format(word)).status_code == 503


@pytest.mark.parametrize("bot", ["Googlebot/2.1", "bingbot/2.0", "DuckDuckBot/1.1", "Baiduspider", "UptimeRobot/2.0"])
def test_search_engines_get_what_everybody_gets(client, bot):
    article = make_article()
    for state in ("banner", "closed"):
        announce(state, ends_at=timezone.now() + 30 * MINUTE)
        seen, other = (
            client.get(article.get_absolute_url(), headers={"user-agent": name}) for name in (bot, "Mozilla")
        )
        assert (seen.status_code, seen.content) == (other.status_code, other.content)


@pytest.mark.parametrize("path", ["/", "/articles/any/", "/categories/any/", "/about/", "/no/such/page/"])
def test_a_closed_page_answers_503_itself_and_redirects_nowhere(client, path):
    close()

    response = client.get(path)

    assert response.status_code == 503
    assert "Location" not in response and "Refresh" not in response
    assert '<meta name="robots" content="noindex">' in response.text
    assert "http-equiv" not in response.text.lower()


# --- django-maintenance-mode ---


def test_no_get_changes_the_state_not_even_in_the_browser_of_an_owner():
    browser = Client()
    browser.force_login(make_user("owner"))
    window = announce("banner")
    paths = [
        "/maintenance-mode/on/", "/maintenance-mode/off/", "/maintenance/on/", "/maintenance/off/",
        ADMIN, f"{ADMIN}add/?state=closed", f"{ADMIN}plan/closed/", f"{ADMIN}plan/off/", f"{ADMIN}undo/",
        f"{ADMIN}{window.pk}/end/", f"{ADMIN}{window.pk}/extend/",
        f"{ADMIN}?action=end_now&_selected_action={window.pk}",
    ]  # fmt: skip
    before = list(Window.objects.values())

    for path in paths:
        browser.get(path)
        browser.head(path)

    assert list(Window.objects.values()) == before
    assert current_situation().state == "banner"


def test_a_post_that_another_site_sends_changes_no_state():
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user("owner"))
    window = announce("banner")

    for path in (
        f"{ADMIN}plan/closed/",
        f"{ADMIN}{window.pk}/end/",
        f"{ADMIN}undo/",
        "/admin/maintenance/passlink/add/",
    ):
        answer = browser.post(path, {"name": "x", "hours": 24}, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
    assert current_situation().state == "banner"


@pytest.mark.parametrize("address", ["10.0.0.1", "10.0.0.123", "100000001", "10x0y0z1", "11.1.1.1", "127.0.0.1"])
@pytest.mark.parametrize("proxies", [0, 1])
def test_an_address_opens_nothing_however_it_is_written_or_forwarded(client, settings, address, proxies):
    settings.TRUSTED_PROXIES, settings.INTERNAL_IPS = proxies, ["10.0.0.1", "127.0.0.1"]
    close()

    for headers in ({}, {"x-forwarded-for": address}, {"x-forwarded-for": f"{address}, {address}"}):
        assert client.get("/", REMOTE_ADDR=address, headers=headers).status_code == 503


@pytest.mark.parametrize(("minutes", "seconds"), [(5, "300"), (30, "1800"), (90, "5400"), (0.5, "60"), (1440, "86400")])
@time_machine.travel(NOON, tick=False)
def test_retry_after_is_the_time_that_is_left(client, minutes, seconds):
    close(minutes)

    assert client.get("/")["Retry-After"] == seconds


def test_while_one_window_follows_another_the_site_is_at_no_moment_open(client):
    with time_machine.travel(NOON, tick=False) as clock:
        close(10)
        close(20)
        states = []
        for _ in range(5):
            states.append(client.get("/").status_code)
            clock.shift(5 * MINUTE)

    assert states == [503, 503, 503, 503, 200]


# --- all of them ---


def test_before_the_first_query_of_a_process_that_has_the_state_nothing_is_asked(client, count_queries):
    close()
    client.get("/")

    with count_queries() as queries:
        assert client.get("/articles/any/").status_code == 503
        assert client.post("/articles/any/comments/", {"body": "x"}).status_code == 503

    assert queries == []


def test_who_may_open_the_site_can_sign_in_and_open_it(client):
    user = make_user("owner")
    user.set_password("correct horse battery")
    user.save()
    close()

    signed_in = client.post("/admin/login/", {"username": user.username, "password": "correct horse battery"})

    assert signed_in.status_code == 302
    assert client.get(ADMIN).status_code == 200
    end(user)
    assert client.get("/").status_code == 200


# --- what ours promises besides ---


def main_content(html):
    return re.search(r"<main.*</main>", html, re.S)[0]


def test_a_banner_changes_nothing_but_the_banner(client):
    article = make_article()
    path = article.get_absolute_url()
    before = client.get(path)

    announce("banner")
    pages = [client.get(path, headers={"cookie": cookie}) for cookie in ("", "reader=x", "sessionid=y; staff=1")]

    for page in pages:
        assert page.status_code == 200 and not page.cookies
        assert page["Vary"] == "Accept-Encoding"
        assert page.text.count("data-nosnippet") == 1
        assert (page.content, page["ETag"]) == (pages[0].content, pages[0]["ETag"])
    assert main_content(pages[0].text) == main_content(before.text)


@pytest.mark.parametrize("state", ["read-only", "closed"])
def test_a_head_is_answered_as_the_get_and_options_pass(client, state):
    path = make_article().get_absolute_url()
    options = client.options(path).status_code
    announce(state, ends_at=timezone.now() + 30 * MINUTE)

    get, head = client.get(path), client.head(path)

    assert (head.status_code, head.content) == (get.status_code, b"")
    for name in ("Cache-Control", "Content-Type", "Content-Security-Policy", "Vary", "Retry-After"):
        assert head.get(name) == get.get(name), name
    assert client.options(path).status_code == options != 503


@pytest.mark.parametrize(
    "path",
    ["/quizzes/", "/robots.txt", "/sitemap.xml", "/healthz", "/readyz", "/admin/login/", "/manifest.webmanifest"],
)
def test_what_must_stay_open_is_open_while_everything_else_is_closed(client, path):
    close()

    assert client.get(path).status_code == 200


def test_feeds_answer_503_so_that_their_readers_keep_what_they_have(client):
    close()

    for path in ("/feed.xml", "/atom.xml", "/feed.json", "/comments/feed.xml", "/corrections/feed.xml"):
        assert client.get(path).status_code == 503
    assert client.get("/quizzes/feed.xml").status_code == 200


def test_a_window_for_feeds_alone_closes_feeds_alone(client):
    close(groups=["feeds"])

    assert client.get("/feed.xml").status_code == 503
    assert client.get("/").status_code == client.get("/search/").status_code == 200


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
def test_programs_get_a_problem_in_json(client, accept):
    close()

    response = client.get("/articles/any/", headers={"accept": accept})

    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")
    assert response["Cache-Control"] == "private, no-store"
    assert response.json()["status"] == 503
