"""The cookie of readers, and how a visit is counted without knowing whose it is."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import RequestFactory

from publishing.models import VisitorSalt
from publishing.web import anonymous_ids

KEY = "0123456789abcdef" * 2


def request(**meta):
    return RequestFactory().get("/", **meta)


def with_cookie(value):
    made = request()
    made.COOKIES[anonymous_ids.COOKIE] = value
    return made


# --- the cookie of a first write ---


def test_a_reader_is_recognised_by_the_cookie_that_was_set():
    response = HttpResponse()
    anonymous_ids.remember(response, KEY)

    cookie = response.cookies[anonymous_ids.COOKIE]
    assert anonymous_ids.known_key(with_cookie(cookie.value)) == KEY
    assert anonymous_ids.key_for_write(with_cookie(cookie.value)) == KEY
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 60 * 60
    assert not cookie["domain"]
    assert not cookie["secure"], "this site is http"


def test_under_https_the_cookie_stays_there(settings):
    settings.HTTPS = True
    response = HttpResponse()
    anonymous_ids.remember(response, KEY)

    assert response.cookies[anonymous_ids.COOKIE]["secure"]


def test_under_https_a_cookie_of_another_host_of_the_domain_does_not_count(monkeypatch, settings):
    settings.HTTPS = True
    own, planted = anonymous_ids._signer.sign("a" * 32), anonymous_ids._signer.sign("b" * 32)
    monkeypatch.setattr(anonymous_ids, "COOKIE", "__Host-reader")
    sent = RequestFactory().get("/")
    sent.COOKIES = {"__Host-reader": own, "reader": planted}
    assert anonymous_ids.known_key(sent) == "a" * 32

    sent.COOKIES = {"reader": own}
    assert anonymous_ids.known_key(sent) == "a" * 32, "the old name is read until the next write"
    anonymous_ids.remember(response := HttpResponse(), anonymous_ids.known_key(sent))
    assert response.cookies["__Host-reader"].value == own
    assert (response.cookies["__Host-reader"]["path"], response.cookies["__Host-reader"]["secure"]) == ("/", True)
    assert not response.cookies["__Host-reader"]["domain"]
    assert response.cookies["reader"]["max-age"] == 0


FORGED = {
    "nothing": "",
    "no signature": KEY,
    "a wrong signature": f"{KEY}:forged",
    "only a colon": ":",
    "20 kB": "a" * 20_000,
    "signed for another purpose": signing.Signer(salt="another purpose").sign(KEY),
    "signed by another site": signing.Signer(key="another site", salt="publishing.readers").sign(KEY),
    "signed, but no key": signing.Signer(salt="publishing.readers").sign("not a key"),
    "signed, with a line end": signing.Signer(salt="publishing.readers").sign(KEY + "\n"),
    "signed, in capitals": signing.Signer(salt="publishing.readers").sign(KEY.upper()),
    "signed, in other digits": signing.Signer(salt="publishing.readers").sign("٣" * 32),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_cookie_that_we_did_not_sign_is_nobodys(name):
    assert anonymous_ids.known_key(with_cookie(FORGED[name])) is None


def test_a_new_reader_gets_a_key_that_nobody_guesses():
    keys = {anonymous_ids.key_for_write(request()) for _ in range(50)}

    assert len(keys) == 50
    assert all(re.fullmatch(r"[0-9a-f]{32}", key) for key in keys)


# --- the address ---


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "address"),
    [
        (0, None, "192.0.2.1", "192.0.2.1"),
        (0, "198.51.100.7", "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.7", "192.0.2.1", "198.51.100.7"),
        (1, "1.1.1.1, 198.51.100.7", "192.0.2.1", "198.51.100.7"),
        (2, "1.1.1.1, 198.51.100.7, 192.0.2.9", "192.0.2.1", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1", "192.0.2.1"),
        (1, None, "192.0.2.1", "192.0.2.1"),
        (1, "", "192.0.2.1", "192.0.2.1"),
        (1, " , ,198.51.100.7 ", "192.0.2.1", "198.51.100.7"),
        (1, "evil<script>", "192.0.2.1", "unknown"),
        (0, None, "", "unknown"),
        (0, None, "unix:", "unknown"),
        (0, None, "::ffff:192.0.2.1", "192.0.2.1"),
        (0, None, "2001:DB8:0:0::1", "2001:db8::1"),
        (0, None, "fe80::1%eth0", "fe80::1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, forwarded, remote, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}

    assert anonymous_ids.client_address(request(REMOTE_ADDR=remote, **headers)) == address


@pytest.mark.parametrize(
    ("address", "network", "wide", "recorded"),
    [
        ("192.0.2.77", "192.0.2.77", "192.0.2.77", "192.0.2.0"),
        ("::ffff:192.0.2.77", "192.0.2.77", "192.0.2.77", "192.0.2.0"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64", "2001:db8:1::/48", "2001:db8:1::"),
        ("", "unknown", "unknown", None),
    ],
)
def test_networks_by_which_tries_are_counted_and_sign_ins_recorded(address, network, wide, recorded):
    sent = request(REMOTE_ADDR=address)

    assert anonymous_ids.network(sent) == network
    assert anonymous_ids.network(sent, bits=48) == wide
    assert anonymous_ids.recorded_network(sent) == recorded


@pytest.mark.parametrize(
    ("remote", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", "unknown"),
    ],
)
def test_limits_count_by_what_one_household_has(remote, network):
    assert anonymous_ids.network(request(REMOTE_ADDR=remote)) == network


# --- who is not a person ---


@pytest.mark.parametrize(
    ("agent", "is_bot"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", False),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1",
            False,
        ),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("curl/8.0", True),
        ("python-requests/2.32", True),
        ("Mozilla/5.0 HeadlessChrome/140.0", True),
        ("Feedly/1.0", True),
        ("", True),
    ],
)
def test_programs_that_name_themselves_are_not_counted(agent, is_bot):
    assert anonymous_ids.is_bot(request(HTTP_USER_AGENT=agent)) is is_bot


@pytest.mark.parametrize(
    ("headers", "ahead"),
    [
        ({}, False),
        ({"HTTP_SEC_PURPOSE": "prefetch"}, True),
        ({"HTTP_SEC_PURPOSE": "prefetch;prerender"}, True),
        ({"HTTP_PURPOSE": "prefetch"}, True),
    ],
)
def test_a_page_that_is_fetched_ahead_is_not_a_visit(headers, ahead):
    assert anonymous_ids.is_prefetch(request(**headers)) is ahead


# --- the hash of a day ---

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
ONE = {"REMOTE_ADDR": "192.0.2.1", "HTTP_USER_AGENT": "Firefox"}


@pytest.mark.django_db
def test_a_visitor_is_the_same_all_day_and_others_are_others(time_machine):
    time_machine.move_to(NOON)
    (today,) = anonymous_ids.visitor_hashes(request(**ONE))

    assert re.fullmatch(r"[0-9a-f]{64}", today)
    assert anonymous_ids.visitor_hashes(request(**ONE)) == [today]
    assert anonymous_ids.visitor_hashes(request(**ONE | {"REMOTE_ADDR": "192.0.2.2"})) != [today]
    assert anonymous_ids.visitor_hashes(request(**ONE | {"HTTP_USER_AGENT": "Safari"})) != [today]


@pytest.mark.django_db
def test_after_midnight_yesterdays_hash_is_still_known_and_a_day_later_nobody_can_make_it(time_machine):
    time_machine.move_to(NOON)
    (first,) = anonymous_ids.visitor_hashes(request(**ONE))

    time_machine.move_to(NOON + timedelta(days=1))
    second, known = anonymous_ids.visitor_hashes(request(**ONE))
    assert known == first != second
    time_machine.move_to(NOON + timedelta(days=2))
    assert first not in anonymous_ids.visitor_hashes(request(**ONE))
    assert sorted(VisitorSalt.objects.values_list("day", flat=True)) == [
        (NOON + timedelta(days=number)).date() for number in (1, 2)
    ]


@pytest.mark.django_db
def test_days_begin_at_midnight_utc(time_machine, settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    time_machine.move_to(datetime(2026, 6, 10, 23, 59, 59, tzinfo=UTC), tick=False)
    before = anonymous_ids.visitor_hashes(request(**ONE))
    time_machine.move_to(datetime(2026, 6, 11, 0, 0, 0, tzinfo=UTC), tick=False)

    after = anonymous_ids.visitor_hashes(request(**ONE))
    assert after[1:] == before


@pytest.mark.django_db
def test_a_visit_costs_one_query_and_the_first_of_a_day_a_few(count_queries):
    with count_queries() as first:
        anonymous_ids.visitor_hashes(request(**ONE))
    with count_queries() as second:
        anonymous_ids.visitor_hashes(request(**ONE))

    assert len([sql for sql in first if "SAVEPOINT" not in sql]) <= 4
    assert len(second) == 1


@pytest.mark.django_db
def test_the_address_itself_is_stored_nowhere():
    anonymous_ids.visitor_hashes(request(**ONE))

    salt = VisitorSalt.objects.get()
    assert len(bytes(salt.salt)) == 32
    assert {field.name for field in VisitorSalt._meta.get_fields()} == {"day", "salt"}
