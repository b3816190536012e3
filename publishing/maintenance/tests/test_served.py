"""A closed site as it is served, asked byte by byte: a test client or a browser would tidy up addresses before."""

import socket

import pytest

from publishing.tests.test_browser import OPINION

SIGN_IN = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from publishing.tests.factories import make_user
user = make_user("{role}")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[-1]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(settings.SESSION_COOKIE_NAME + "=" + session.session_key)
"""
BEGIN = """
from datetime import timedelta
from django.utils import timezone
from publishing.maintenance.announcements import announce
announce("{state}", ends_at=timezone.now() + timedelta(hours=1), groups={groups})
"""
OPEN = "from publishing.maintenance.announcements import end; end()"
# The notice of the demo, for the tests that come after.
BANNER = "from publishing.maintenance.announcements import announce; announce('banner')"
MAKE_LINK = """
from datetime import timedelta
from django.utils import timezone
from publishing.maintenance.models import PassLink
from publishing.maintenance.passing import links
link = PassLink.objects.create(name="Ines", expires_at=timezone.now() + timedelta(hours=1))
print(links.address_of(link))
"""


class Answer:
    def __init__(self, received: bytes):
        head, _, self.body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def is_private(self):
        return self.headers["cache-control"] == "private, no-store" and self.headers["x-robots-tag"] == "noindex"


def ask(site, target, method="GET", body="", **headers):
    sent = {"Host": f"127.0.0.1:{site.port}", "Connection": "close", "Content-Length": len(body)} | headers
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in sent.items())
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as connection:
        connection.sendall(f"{method} {target} HTTP/1.1\r\n{lines}\r\n{body}".encode("latin-1"))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    return Answer(received)


@pytest.fixture
def closed(site):
    # So that a copy of it was stored while the site was open.
    assert ask(site, "/").status == 200
    site.run(BEGIN.format(state="closed", groups=[]))
    yield site
    site.run(BANNER)


@pytest.fixture
def passes(site):
    """Cookies of staff and of a tester who pass."""
    address = site.run(MAKE_LINK).strip().removeprefix(site.url)
    given = ask(site, address, "POST", Sec_Fetch_Site="same-origin")
    assert given.status == 303
    yield [site.run(SIGN_IN.format(role="owner")).strip(), given.headers["set-cookie"].split(";")[0]]
    site.run("PassLink.objects.all().delete(); User.objects.filter(username__regex='^[a-z]+-[0-9]+$').delete()")


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/quizzes/", 200),
        ("/quizzes/?feed", 200),
        ("/%71uizzes/", 200),
        ("/quizzes%2F", 200),
        ("/quizzes", 301),
        ("/quizzes/no-such-quiz/", 404),
        ("/robots.txt", 200),
        ("/healthz", 200),
        ("/sitemap.xml", 200),
        ("/static/nothing.css", 404),
        ("/media/nothing.png", 404),
        ("/admin/login/", 200),
        ("/", 503),
        ("/?feed", 503),
        ("/?/quizzes/", 503),
        ("/feed.xml", 503),
        ("//quizzes/", 503),
        ("/%2fquizzes/", 503),
        ("/quizzes-evil/", 503),
        ("/quizzes-evil", 503),
        ("/QUIZZES/", 503),
        ("/quizzes;x/", 503),
        ("/quizzes%00/", 503),
        ("/quizzes/../about/", 503),
        ("/quizzes/%2e%2e/about/", 503),
        ("/quizzes/./", 503),
        ("/static/../about/", 503),
        # The admin's own answer to a page that it does not have.
        ("/admin/../about/", 302),
        ("/x/quizzes/", 503),
    ],
)
def test_each_way_to_write_an_address_has_its_answer(closed, target, status):
    assert ask(closed, target).status == status


def test_a_head_has_the_headers_of_the_get(closed):
    get, head = ask(closed, "/"), ask(closed, "/", "HEAD")

    # A message without a body has no coding of it.
    varying = {"date", "x-request-id", "server-timing", "transfer-encoding"}
    assert head.status == get.status == 503
    assert head.body == b"" != get.body
    assert {n: v for n, v in head.headers.items() if n not in varying} == {
        n: v for n, v in get.headers.items() if n not in varying
    }


def test_options_pass_and_programs_get_json(closed):
    assert ask(closed, "/", "OPTIONS").status != 503
    answer = ask(closed, "/", Accept="application/json")
    assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")


def test_staff_and_testers_pass_and_leave_nothing_for_the_next_visitor(closed, passes):
    for number in range(4):
        for held in passes:
            answer = ask(closed, "/", Cookie=f"reader=x; {held}")
            assert answer.status == 200 and answer.is_private() and b"<h1" in answer.body
            assert "age" not in answer.headers, "it came from no store"
        assert ask(closed, "/").status == 503, number
        assert ask(closed, "/", Cookie="reader=x; staff=1").status == 503

    author = closed.run(SIGN_IN.format(role="author")).strip()
    assert ask(closed, "/", Cookie=author).status == 503
    closed.run(OPEN)
    for held in ("", *passes):
        answer = ask(closed, "/", Cookie=held)
        assert answer.status == 200 and answer.headers["cache-control"].startswith("public"), held


def test_while_it_is_read_only_the_forms_of_who_passes_are_on_and_those_of_all_others_off(site, passes):
    author = site.run(SIGN_IN.format(role="author")).strip()
    site.run(BEGIN.format(state="read-only", groups=[]))
    try:
        for number in range(6):
            for held in passes:
                answer = ask(site, OPINION, Cookie=f"reader=x; {held}")
                assert answer.status == 200 and answer.is_private() and "age" not in answer.headers
                assert b'id="no-hearts"' not in answer.body and b'id="read-only"' not in answer.body
            for held in ("reader=x", author):
                answer = ask(site, OPINION, Cookie=held)
                assert answer.headers["cache-control"].startswith("public"), number
                assert b'id="no-hearts"' in answer.body and ("age" in answer.headers or not number)
        site.run(OPEN)
        for held in passes:
            answer = ask(site, OPINION, Cookie=held)
            assert answer.headers["cache-control"].startswith("public") and b'id="no-hearts"' not in answer.body
    finally:
        site.run(BANNER)


def test_pages_of_other_groups_stay_stored_while_one_is_closed(site, passes):
    path = "/about/"
    site.run(BEGIN.format(state="closed", groups=["comments"]))
    try:
        ask(site, path)
        again = ask(site, path, Cookie=passes[0])
        assert again.status == 200
        assert again.headers["cache-control"].startswith("public")
        assert "age" in again.headers, "it came from the store, also for staff"
        assert ask(site, "/comments/mine/").status == 503
    finally:
        site.run(BANNER)
