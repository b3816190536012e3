"""Signing in: limits before any password is checked, browsers that are known, and what is recorded."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from redis import Redis

from publishing.tests.factories import make_user
from publishing.tests.served import ROOT
from publishing.web import signin

pytestmark = pytest.mark.django_db

PASSWORD = "the right password of this test"  # noqa: S105
FROM_NETWORK, FROM_WIDE_NETWORK, BY_NAME = 10, 30, 5


@pytest.fixture
def checked(monkeypatch):
    """The passwords that were hashed, each in one step instead of a million."""
    hashed, encode = [], PBKDF2PasswordHasher.encode

    def counted(self, password, salt, iterations=None):
        hashed.append(password)
        return encode(self, password, salt, 1)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counted)
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1)
    return hashed


@pytest.fixture
def owner(checked):
    user = make_user("owner")
    user.set_password(PASSWORD)
    user.save()
    checked.clear()
    return user


def sign_in(name, password="wrong", address="192.0.2.1", browser=None):
    data = {"username": name, "password": password, "next": "/admin/"}
    return (browser or Client()).post("/admin/login/", data, REMOTE_ADDR=address)


def statuses(tries):
    return [sign_in(*a_try).status_code for a_try in tries]


# --- limits by network ---


def test_a_spray_of_names_from_one_address_is_stopped_before_a_password_is_checked(checked):
    found = statuses((f"name-{number}", "wrong") for number in range(60))

    assert found == [200] * FROM_NETWORK + [429] * (60 - FROM_NETWORK)
    assert len(checked) == FROM_NETWORK


def test_addresses_of_one_64_are_one_network(checked):
    found = statuses((f"name-{number}", "wrong", f"2001:db8::{number + 1:x}") for number in range(60))

    assert found == [200] * FROM_NETWORK + [429] * (60 - FROM_NETWORK)
    assert len(checked) == FROM_NETWORK


def test_a_64_behind_a_proxy_is_one_network_too(checked, settings):
    settings.TRUSTED_PROXIES = 1
    forwarded = ({"X-Forwarded-For": f"198.51.100.1, 2001:db8::{number + 1:x}"} for number in range(30))
    found = [Client(headers=headers).post("/admin/login/", {"username": "a", "password": "b"}) for headers in forwarded]

    assert [answer.status_code for answer in found].count(429) >= 30 - FROM_NETWORK
    assert len(checked) <= FROM_NETWORK


def test_20_networks_of_one_48_meet_the_wider_limit(checked):
    tries = [(f"name-{turn}-{site}", "wrong", f"2001:db8:7:{site:x}::1") for turn in range(3) for site in range(20)]
    found = statuses(tries)

    assert found == [200] * FROM_WIDE_NETWORK + [429] * (60 - FROM_WIDE_NETWORK)
    assert len(checked) == FROM_WIDE_NETWORK
    assert sign_in("name", address="2001:db8:8::1").status_code == 200, "another /48"


def test_after_a_while_one_may_try_again(checked, owner, clock):
    statuses((f"name-{number}", "wrong") for number in range(11))
    refused = sign_in(owner.username, PASSWORD)
    assert refused.status_code == 429

    clock.shift(timedelta(seconds=int(refused.headers["Retry-After"])))
    assert sign_in(owner.username, PASSWORD).status_code == 302


def test_changing_a_password_checks_one_too(checked, owner):
    browser = Client()
    browser.force_login(owner)
    checked.clear()
    found = [browser.post("/admin/password_change/", {"old_password": "wrong"}).status_code for _ in range(30)]

    assert found == [200] * FROM_NETWORK + [429] * (30 - FROM_NETWORK)
    assert len(checked) == FROM_NETWORK


@pytest.mark.parametrize("with_redis", [False, True])
def test_tries_at_the_same_moment_cannot_pass_the_limit(settings, request, rf, with_redis):
    if with_redis:
        settings.REDIS_URL = request.getfixturevalue("redis_url")
        Redis.from_url(settings.REDIS_URL).flushdb()
    start = threading.Barrier(16)

    def worker(number):
        start.wait()
        return sum(not signin._seconds_to_wait(rf.post("/admin/login/"), None) for _ in range(4))

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(worker, range(16))) == FROM_NETWORK


def test_no_other_method_checks_a_password(checked, owner):
    data = {"username": owner.username, "password": PASSWORD}
    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
        Client().generic(method, "/admin/login/", "username=a&password=b", "application/x-www-form-urlencoded")
        Client().generic(method, "/admin/login/", query_params=data)
    assert not checked


# --- the slow-down by name, and browsers that are known ---


def test_guesses_on_one_name_are_slowed_down_wherever_they_come_from(checked, owner):
    found = statuses((owner.username, "wrong", f"198.51.100.{number}") for number in range(20))

    assert found == [200] * BY_NAME + [429] * (20 - BY_NAME)
    assert len(checked) == BY_NAME
    assert sign_in(owner.username, PASSWORD, "203.0.113.9").status_code == 429, "a new browser waits like the others"


@pytest.mark.parametrize("spelling", ["{}", " {} ", "{}\u00a0"])
def test_the_name_is_counted_as_the_form_reads_it(checked, owner, spelling):
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in owner.username)
    names = [spelling.format(owner.username), wide, owner.username] * 4
    found = statuses((name, "wrong", f"198.51.100.{number}") for number, name in enumerate(names))

    assert found.count(200) == BY_NAME


def test_a_name_without_an_account_is_answered_alike(checked, owner):
    def texts(name):
        tries = [sign_in(name, address=f"2001:db8:{number}::1") for number in range(8)]
        return [(a_try.status_code, a_try.content.decode().replace(name, "")) for a_try in tries]

    with_account, without = texts(owner.username), texts("x" * len(owner.username))
    assert [status for status, _ in with_account] == [status for status, _ in without]
    assert with_account[-1] == without[-1]


def test_the_owner_gets_in_from_a_known_browser_while_others_guess(checked, owner):
    browser = Client()
    assert sign_in(owner.username, PASSWORD, browser=browser).status_code == 302
    browser.post("/admin/logout/")
    statuses((owner.username, "wrong", f"198.51.100.{number}") for number in range(20))
    statuses((f"name-{number}", "wrong") for number in range(20))

    assert sign_in(owner.username, PASSWORD, browser=Client()).status_code == 429
    assert sign_in(owner.username, PASSWORD, browser=browser).status_code == 302


def test_a_known_browser_has_a_limit_of_its_own(checked, owner):
    browser = Client()
    sign_in(owner.username, PASSWORD, browser=browser)
    copied = browser.cookies[signin.COOKIE].value
    checked.clear()

    thieves = [Client() for _ in range(20)]
    for thief in thieves:
        thief.cookies[signin.COOKIE] = copied
    found = [sign_in(owner.username, "wrong", f"198.51.100.{n}", thief).status_code for n, thief in enumerate(thieves)]
    assert found == [200] * 10 + [429] * 10
    assert len(checked) == 10


def test_a_known_browser_is_known_for_its_own_account_and_password(checked, owner):
    browser, other = Client(), make_user("editor")
    sign_in(owner.username, PASSWORD, browser=browser)
    statuses(
        (name, "wrong", f"198.51.100.{number}") for name in (owner.username, other.username) for number in range(8)
    )

    assert sign_in(other.username, browser=browser).status_code == 429
    assert sign_in(owner.username, browser=browser).status_code == 200
    owner.set_password("another password of this test")
    owner.save()
    assert sign_in(owner.username, browser=browser).status_code == 429, "a new password ends what the browser was"


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "W10:1abcde:x", "\x00", "é" * 3000])
def test_a_forged_cookie_is_a_new_browser_and_asks_no_database(checked, value, count_queries, rf):
    request = rf.post("/admin/login/", {"username": "owner"})
    request.COOKIES[signin.COOKIE] = value

    with count_queries() as queries:
        assert signin._known_browser(request, "owner") is None
    assert not queries


def test_the_cookie_is_for_the_admin_alone(checked, owner):
    browser = Client()
    sign_in(owner.username, PASSWORD, browser=browser)
    cookie = browser.cookies[signin.COOKIE]

    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/admin/", True, "Lax")
    assert cookie["max-age"] == 180 * 24 * 60 * 60
    assert owner.username not in cookie.value


def test_a_known_browser_of_an_old_cookie_is_new_again(checked, owner, clock):
    browser = Client()
    sign_in(owner.username, PASSWORD, browser=browser)
    clock.shift(timedelta(days=181))
    statuses((owner.username, "wrong", f"198.51.100.{number}") for number in range(8))

    assert sign_in(owner.username, PASSWORD, browser=browser).status_code == 429


# --- one at a time ---


def test_a_full_line_is_answered_with_the_form_and_without_a_check(checked, owner, monkeypatch):
    monkeypatch.setattr(signin.PasswordQueue, "PATIENCE", 0)
    with signin._queues[False].turn():
        answer = sign_in(owner.username, PASSWORD)

    assert answer.status_code == 429 and answer.headers["Retry-After"]
    assert b"Several people are signing in" in answer.content
    assert not checked


def test_known_browsers_have_a_line_of_their_own(checked, owner):
    browser = Client()
    sign_in(owner.username, PASSWORD, browser=browser)
    with signin._queues[False].turn():
        assert sign_in(owner.username, PASSWORD, browser=browser).status_code == 302


# --- what a refusal looks like ---


def test_a_refusal_keeps_the_name_and_says_when_to_try_again(checked, count_queries):
    browser = Client(enforce_csrf_checks=True)
    token = browser.get("/admin/login/").context["csrf_token"]
    data = {"csrfmiddlewaretoken": str(token), "username": '"><b>A & B', "password": "secret", "next": "/admin/x/"}
    for _ in range(FROM_NETWORK):
        browser.post("/admin/login/", data)
    with count_queries() as queries:
        answer = browser.post("/admin/login/", data)

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 300
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert 'value="&quot;&gt;&lt;b&gt;A &amp; B"' in answer.content.decode()
    assert 'name="next" value="/admin/x/"' in answer.content.decode()
    assert f'value="{token}"' in answer.content.decode()
    assert b"secret" not in answer.content
    assert [sql for sql in queries if "publication" not in sql] == []


def test_a_huge_form_is_refused_unread(checked):
    assert Client().post("/admin/login/", {"username": "x" * 70_000}).status_code == 413


# --- the record ---


def test_a_record_holds_name_network_and_moment_and_nothing_else(checked, owner):
    browser = Client(headers={"user-agent": "A browser", "accept": "text/html"})
    sign_in(owner.username, "wrong", "2001:db8:7:8:9::a", browser)
    sign_in(owner.username, PASSWORD, "192.0.2.99", browser)

    [failed], [row] = AccessFailureLog.objects.all(), AccessLog.objects.all()
    assert (failed.username, failed.ip_address) == (owner.username, "2001:db8:7::")
    assert (row.username, row.ip_address) == (owner.username, "192.0.2.0")
    for record in (failed, row):
        assert (record.user_agent, record.http_accept, record.path_info) == ("", "", "")
    assert row.session_hash == "" and row.logout_time is None
    assert not AccessAttempt.objects.exists()


def test_a_name_without_an_account_is_not_recorded(checked):
    """It may be a password in the wrong field."""
    sign_in("hunter2, that was the wrong field")

    assert not AccessFailureLog.objects.exists() and not AccessAttempt.objects.exists()


def test_a_sign_in_over_a_socket_is_recorded_without_an_address(checked, owner):
    sign_in(owner.username, PASSWORD, "")

    assert AccessLog.objects.get().ip_address is None


def daily_commands():
    """The commands of the systemd unit, with their arguments."""
    unit = (ROOT / "deploy" / "publishing-tidy.service").read_text().splitlines()
    return [line.split("manage.py ", 1)[1].split() for line in unit if line.startswith("ExecStart=")]


def test_the_daily_commands_forget_sign_ins_and_sessions(checked, owner, clock):
    browser = Client()
    sign_in(owner.username, browser=browser)
    sign_in(owner.username, PASSWORD, browser=browser)
    AccessAttempt.objects.create(username="of an older version", failures_since_start=1)
    clock.shift(timedelta(days=29))
    sign_in(owner.username, PASSWORD, browser=browser)

    for name, *arguments in daily_commands():
        if name in ("clearsessions", "axes_reset", "axes_reset_logs", "axes_reset_failure_logs"):
            call_command(name, *arguments)
    assert (AccessLog.objects.count(), AccessFailureLog.objects.count()) == (2, 1)
    assert Session.objects.filter(expire_date__lt=timezone.now()).count() == 0 < Session.objects.count()
    assert not AccessAttempt.objects.exists()

    clock.shift(timedelta(days=90))
    for name, *arguments in daily_commands():
        call_command(name, *arguments)
    assert not AccessLog.objects.exists() and not AccessFailureLog.objects.exists()
    assert not Session.objects.exists()


# --- in and out ---


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", ""])
def test_a_refused_target_leads_to_the_desk(checked, owner, target):
    browser = Client()
    data = {"username": owner.username, "password": PASSWORD, "next": target}

    answer = browser.post("/admin/login/", data)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    assert browser.get("/admin/").status_code == 200


def test_signing_out_clears_the_pages_that_the_browser_kept(checked, owner):
    browser = Client()
    sign_in(owner.username, PASSWORD, browser=browser)

    assert browser.post("/admin/logout/").headers["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in browser.get("/admin/login/").headers
