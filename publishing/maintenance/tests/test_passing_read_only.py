"""Whose forms are on while they are off for others, and that nobody else ever gets such a page."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment, EmailAddress
from comments.tests.factories import make_comment, sent
from publishing.cache.page_store import PageStore
from publishing.maintenance.announcements import announce, end
from publishing.maintenance.groups import Group
from publishing.maintenance.models import PassLink
from publishing.maintenance.passing import links
from publishing.maintenance.passing.visitors import may_carry_pass
from publishing.tests.cache.wsgi import MemoryPages, ask
from publishing.tests.factories import make_article, make_user
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db

FROM_SITE = {"sec-fetch-site": "same-origin"}
OFF = re.compile(r"<(?:fieldset|button)[^>]*\sdisabled\b")


@pytest.fixture
def store(monkeypatch):
    """The page store in front of Django, whose requests leave open the transaction of the test."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    return PageStore(WSGIHandler(), shared=MemoryPages(), may_carry_pass=may_carry_pass)


def cookie_of(role):
    """As a browser sends it: of staff with a role, of a tester with a link, or of a reader."""
    browser = Client()
    if role == "tester":
        link = PassLink.objects.create(name="Ines", expires_at=timezone.now() + timedelta(hours=24))
        browser.post(links.address_of(link).removeprefix(settings.SITE_URL), headers=FROM_SITE)
    elif role != "reader":
        browser.force_login(make_user(role))
    return "; ".join(["reader=x", *(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())])


def read_only(state="read-only", *groups):
    return announce(state, ends_at=timezone.now() + timedelta(minutes=20), groups=list(groups))


def page_of(store, path, cookie=""):
    """Status, headers and text of a page from the store."""
    status, headers, body = ask(store, path, **({"cookie": cookie} if cookie else {}))
    return status, headers, body.decode()


@pytest.mark.parametrize("role", ["owner", "tester"])
def test_who_passes_gets_a_page_of_their_own_with_its_forms_on(store, role):
    article = make_article()
    make_comment(article, status="approved")
    path, cookie = article.get_absolute_url(), cookie_of(role)
    before = page_of(store, path)[2]
    read_only()

    for number in range(5):
        public = page_of(store, path)
        _status, headers, own = page_of(store, path, cookie)
        assert len(OFF.findall(public[2])) == 2 and public[1]["Cache-Control"].startswith("public"), number
        assert not OFF.search(own) and "no-hearts" not in own and "data-reply" in own
        assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("private, no-store", "noindex")
        assert "Age" not in headers and "Set-Cookie" not in headers
        assert public[2] == page_of(store, path, "reader=x; theme=dark")[2]
    assert "You can read, but not send anything." in own, "they are told as everybody is"
    assert store.renders == 2, "one before, and one for all others"
    end()
    status, headers, after = page_of(store, path, cookie)
    assert after == before and headers["Cache-Control"].startswith("public")
    assert page_of(store, path, cookie)[1]["Age"] == "0", "from the store again"


@pytest.mark.parametrize("role", ["author", "moderator", "reader"])
def test_who_does_not_pass_gets_the_stored_page_of_everybody(store, role):
    path, cookie = make_article().get_absolute_url(), cookie_of(role)
    read_only()
    public = page_of(store, path)

    for _ in range(4):
        status, headers, text = page_of(store, path, cookie)
        assert (status, text, headers["ETag"], headers["Age"]) == ("200 OK", public[2], public[1]["ETag"], "0")
        assert headers["Cache-Control"] == public[1]["Cache-Control"]
    assert store.renders == 1


def test_a_link_that_ends_meanwhile_turns_the_forms_off_again(store):
    path, cookie = make_article().get_absolute_url(), cookie_of("tester")
    read_only()
    assert not OFF.search(page_of(store, path, cookie)[2])

    links.revoke(PassLink.objects.all(), by=None)

    assert page_of(store, path, cookie)[2] == page_of(store, path)[2]


def test_after_the_window_has_ended_by_the_clock_pages_are_those_of_everybody_again():
    path, cookie = make_article().get_absolute_url(), cookie_of("owner")
    read_only()
    assert Client(headers={"cookie": cookie}).get(path)["Cache-Control"] == "private, no-store"

    with time_machine.travel(timezone.now() + timedelta(minutes=21), tick=False):
        own, public = Client(headers={"cookie": cookie}).get(path), Client().get(path)
    assert own.text == public.text and not OFF.search(own.text)
    assert own["Cache-Control"] == public["Cache-Control"]


def test_forms_of_a_closed_group_on_open_pages_are_on_for_who_passes():
    article, owner = make_article(), Client(headers={"cookie": cookie_of("owner")})
    read_only("closed", Group.COMMENTS)
    path = article.get_absolute_url()

    assert OFF.search(Client().get(path).text)
    response = owner.get(path)
    assert not OFF.search(response.text) and response["Cache-Control"] == "private, no-store"
    assert owner.post(f"{path}comments/", sent(), headers=FROM_SITE).status_code == 303
    assert Comment.objects.count() == 1


def test_a_quiz_and_the_pages_of_a_writer_are_on_for_who_passes():
    quiz, cookie = make_quiz(), cookie_of("owner")
    report = make_comment(make_article(), status="approved").get_report_url()
    confirm = EmailAddress.objects.create(reader="0" * 32, email="writer@reader.example").get_confirm_url()
    read_only("read-only", *Group.values)

    for path in (quiz.get_absolute_url(), report, confirm):
        assert OFF.search(Client().get(path).text), path
        response = Client(headers={"cookie": cookie}).get(path)
        assert not OFF.search(response.text), path
        assert response["Cache-Control"] == "private, no-store"


def test_a_page_without_forms_is_that_of_everybody(store):
    make_article()
    cookie = cookie_of("owner")
    read_only()
    public = page_of(store, "/")

    with CaptureQueriesContext(connection) as queries:
        _status, headers, text = page_of(store, "/", cookie)

    assert (text, headers["Age"], len(queries)) == (public[2], "0", 0)
