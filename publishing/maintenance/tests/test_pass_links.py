"""Links with which testers without an account use the site during maintenance."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment
from comments.tests.factories import sent
from publishing.maintenance.announcements import announce
from publishing.maintenance.models import PassLink
from publishing.maintenance.passing import links
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db

FROM_SITE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def link():
    return PassLink.objects.create(name="Ines", expires_at=timezone.now() + timedelta(hours=24))


@pytest.fixture
def closed():
    return announce("closed", ends_at=timezone.now() + timedelta(hours=1))


@pytest.fixture
def tester(link, closed):
    """A browser that has used the link."""
    browser = Client(headers={"user-agent": "Mozilla/5.0 Firefox/140.0"})
    browser.post(path_of(link), headers=FROM_SITE)
    return browser


def path_of(link):
    return links.address_of(link).removeprefix("http://testserver")


def test_the_link_works_on_a_closed_site_and_its_button_lets_the_browser_in(client, link, closed):
    page = client.get(path_of(link))

    assert page.status_code == 200 and not page.cookies
    assert "Use the site</button>" in page.text
    assert client.get("/").status_code == 503, "looking at the page is not enough"
    answer = client.post(path_of(link), headers=FROM_SITE)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert client.get("/").status_code == 200


def test_the_cookie_is_for_this_browser_and_host_and_ends_with_the_link(client, link):
    client.post(path_of(link), headers=FROM_SITE)

    cookie = client.cookies[links.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/" and not cookie["domain"]
    assert 86_300 < cookie["max-age"] <= 86_400


def test_over_https_other_hosts_of_the_domain_cannot_set_the_cookie():
    code = "import django; django.setup(); from publishing.maintenance.passing import links; print(links.COOKIE)"
    environment = os.environ | {
        "SITE_URL": "https://example.org", "DJANGO_SETTINGS_MODULE": "publishing.settings", "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "example.org",
    }  # fmt: skip
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "__Host-maintenance-pass"


@pytest.mark.parametrize("path", ["/", "/feed.xml", "/nowhere/", "/search/?q=x"])
def test_what_a_tester_gets_is_for_them_alone(tester, path):
    response = tester.get(path)

    assert response.status_code in (200, 404)
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert "Cache-Tag" not in response and not response.cookies


def test_a_tester_sends_a_comment_while_the_site_is_closed_or_read_only(tester):
    article = make_article()
    address = f"{article.get_absolute_url()}comments/"

    assert tester.post(address, sent(), headers=FROM_SITE).status_code == 303
    announce("read-only")
    with time_machine.travel(timezone.now() + timedelta(minutes=10), tick=False):
        assert tester.post(address, sent(body="Another one."), headers=FROM_SITE).status_code == 303
    assert Comment.objects.count() == 2
    assert tester.post(address, sent(), headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_tester_gets_into_no_admin_and_no_draft(tester):
    draft = make_article(status="draft")

    assert tester.get("/admin/").status_code == 302
    assert tester.get(draft.get_absolute_url()).status_code == 404


def test_a_link_costs_one_query_and_only_where_a_request_would_be_refused(tester):
    tester.get("/nowhere/")

    def asked(path):
        with CaptureQueriesContext(connection) as queries:
            tester.get(path)
        return [query["sql"] for query in queries if "passlink" in query["sql"]]

    assert len(asked("/nowhere/")) == 1
    assert asked("/quizzes/") == asked("/robots.txt") == []
    announce("read-only")
    assert asked("/") == []


def over(link):
    link.expires_at = timezone.now()
    link.save()


def revoked(link):
    link.revoked_at = timezone.now()
    link.save()


@pytest.mark.parametrize("end", [over, revoked, PassLink.delete])
def test_a_link_that_is_over_or_revoked_ends_at_once_for_all_who_used_it(tester, link, end):
    path = path_of(link)
    assert tester.get("/").status_code == 200

    end(link)

    assert tester.get("/").status_code == 503
    assert tester.get(path).status_code == 404
    assert tester.post(path, headers=FROM_SITE).status_code == 404


def test_it_ends_by_the_clock(tester, link):
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1), tick=False):
        announce("closed", ends_at=timezone.now() + timedelta(hours=1))
        assert tester.get("/").status_code == 503
        assert Client().get(path_of(link)).status_code == 404


def test_a_database_that_is_restored_gives_no_old_token_to_a_new_link(client, link, closed):
    path = path_of(link)
    key = link.pk
    link.delete()
    PassLink.objects.create(pk=key, name="Another", expires_at=timezone.now() + timedelta(hours=1))

    assert client.get(path).status_code == 404


CHANGES = [lambda value: value[:-5] + "AAAAA", lambda value: "A" + value, str.upper, lambda value: ""]


@pytest.mark.parametrize("change", CHANGES)
def test_a_cookie_that_was_changed_is_refused_without_a_query(tester, change):
    tester.cookies[links.COOKIE] = change(tester.cookies[links.COOKIE].value)

    with CaptureQueriesContext(connection) as queries:
        response = tester.get("/")

    assert response.status_code == 503
    assert not any("passlink" in query["sql"] for query in queries)


def test_a_token_is_no_cookie_and_a_cookie_no_token(tester, link):
    token, cookie = path_of(link).split("/")[-2], tester.cookies[links.COOKIE].value

    assert tester.get(f"/maintenance/{cookie}/").status_code == 404
    tester.cookies[links.COOKIE] = token
    assert tester.get("/").status_code == 503


@pytest.mark.parametrize("salt", ["", "articles.preview", "maintenance", "django.core.signing"])
def test_what_was_signed_for_another_purpose_is_refused(client, link, closed, salt):
    value = signing.Signer(salt=salt or None).sign_object([link.pk, link.created_at.isoformat()])
    client.cookies[links.COOKIE] = value

    assert client.get("/").status_code == 503
    assert client.get(f"/maintenance/{value}/").status_code == 404


def test_a_new_key_ends_all_links_unless_the_old_one_is_still_accepted(tester, link, settings):
    path = path_of(link)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 5, [settings.SECRET_KEY]
    assert (tester.get("/").status_code, tester.get(path).status_code) == (200, 200)

    settings.SECRET_KEY_FALLBACKS = []

    assert (tester.get("/").status_code, tester.get(path).status_code) == (503, 404)


@pytest.mark.parametrize("token", ["x", "1:2", "%00", "%F0%9F%92%A5", "a" * 3000, "W10:x", "null"])
def test_a_token_of_no_sense_is_not_found(client, token):
    assert client.get(f"/maintenance/{token}/").status_code == 404


def test_another_site_cannot_let_a_browser_in(client, link, closed):
    answer = client.post(path_of(link), headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403 and not answer.cookies
    assert client.get("/").status_code == 503


def test_the_page_of_the_link_takes_the_cookie_away_again(tester, link):
    assert 'name="leave"' in tester.get(path_of(link)).text

    answer = tester.post(path_of(link), {"leave": "yes"}, headers=FROM_SITE)

    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert tester.get("/").status_code == 503


def test_the_page_is_not_stored_and_not_found(client, link):
    response = client.get(path_of(link))

    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert client.head(path_of(link)).status_code == 200
    assert client.put(path_of(link)).status_code == 405
