"""Bans: whom they keep out, what cannot be banned, and that no address is kept."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from comments.models import Ban, Comment, EmailAddress, NetworkKey
from comments.models.draft import Sender
from comments.screening import bans
from comments.tests.factories import comment_url, make_comment, sent
from publishing.cache import changes
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(post_from_site):
    """Send a comment from an address; returns the answer."""
    article = make_article(published_at=datetime(2020, 1, 1, tzinfo=UTC))

    def send(address="192.0.2.1", **fields):
        fields.setdefault("body", f"Remark {Comment.objects.count()}.")
        return post_from_site(comment_url(article), sent(**fields), REMOTE_ADDR=address)

    return send


def ban(made, **fields):
    made.reason, made.expires_at = "Rude.", fields.get("expires_at")
    bans.validate_end(made)
    bans.impose(made, by=None)
    return made


def ban_range(text, **fields):
    return ban(bans.of_range(bans.normal_range(text), to_store=True), **fields)


def assert_refused(response, text):
    html = response.content.decode()
    assert response.status_code == 403
    assert "You cannot comment here" in html
    assert f">\n{text}</textarea>" in html


# --- whom a ban keeps out ---


def test_a_banned_browser_is_refused_from_anywhere_and_keeps_its_text(client, post):
    post()
    ban(bans.of_comment(Comment.objects.get(), "reader"))

    assert_refused(post("198.51.100.9", body="Let me in", name="Other"), "Let me in")
    client.cookies.clear()
    assert post("198.51.100.9").status_code == 303
    assert Comment.objects.count() == 2


@pytest.mark.parametrize("typed", ["ann@mail.example", "ANN@Mail.Example", "ann+news@mail.example"])
def test_a_banned_e_mail_address_is_refused_however_it_is_written(client, post, typed):
    post(email="Ann@mail.example")
    ban(bans.of_comment(Comment.objects.select_related("notify").get(), "email"))
    client.cookies.clear()

    assert_refused(post("198.51.100.9", body="Again", email=typed), "Again")
    assert post("198.51.100.9", email="anna@mail.example").status_code == 303
    assert post("198.51.100.10").status_code == 303


def test_leaving_the_banned_address_out_does_not_help_in_the_browser_that_gave_it(client, post):
    post(email="ann@mail.example")
    ban(bans.of_email("Ann+x@mail.example"))

    assert_refused(post("198.51.100.9", body="Without it"), "Without it")
    assert_refused(post("198.51.100.9", body="With another", email="bob@mail.example"), "With another")
    client.cookies.clear()
    assert post("198.51.100.9").status_code == 303


def test_only_while_an_address_is_banned_is_a_sender_asked_for_theirs(clock, post, count_queries):
    clock.move_to(datetime(2026, 3, 10, 12, tzinfo=UTC))

    def questions():
        Comment.objects.update(network="")
        with count_queries() as queries:
            assert post().status_code == 303
        return sum("comments_emailaddress" in sql for sql in queries)

    ban_range("203.0.113.7")
    assert [questions(), questions()] == [0, 0]
    ban(bans.of_email("eve@mail.example"), expires_at=timezone.now() + timedelta(hours=1))
    assert [questions(), questions()] == [1, 1]
    clock.shift(timedelta(hours=1))
    assert [questions(), questions()] == [0, 0]


@pytest.mark.parametrize(
    ("seen", "wide", "inside", "outside"),
    [
        ("192.0.2.7", False, "192.0.2.7", "192.0.2.8"),
        ("192.0.2.7", True, "192.0.2.200", "192.0.3.7"),
        ("2001:db8:1:2::7", False, "2001:db8:1:2:ffff::9", "2001:db8:1:3::7"),
        ("2001:db8:1:2::7", True, "2001:db8:1:ffff::1", "2001:db8:2:2::7"),
        ("::ffff:192.0.2.7", False, "192.0.2.7", "192.0.2.8"),
    ],
)
def test_the_network_of_a_comment_is_refused_and_its_neighbours_are_not(client, post, seen, wide, inside, outside):
    post(seen)
    ban(bans.of_comment(Comment.objects.get(), "network", wide=wide))
    client.cookies.clear()

    assert_refused(post(inside, body="Me again"), "Me again")
    assert post(outside).status_code == 303


@pytest.mark.parametrize(
    ("typed", "inside", "outside"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("203.0.113.77/24", "203.0.113.1", "203.0.114.1"),
        ("203.0.0.0/16", "203.0.255.255", "203.1.0.0"),
        ("203.0.113.0/255.255.255.0", "203.0.113.9", "203.0.114.9"),
        (" 203.0.113.64/26 ", "203.0.113.127", "203.0.113.128"),
        ("2001:DB8::/32", "2001:db8:ffff::1", "2001:db9::1"),
        ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("::ffff:203.0.113.0/120", "203.0.113.8", "203.0.114.8"),
        ("fe80::1%eth0", "fe80::2", "fe80:0:0:1::2"),
    ],
)
def test_a_range_that_is_typed_is_refused_with_host_bits_cleared(post, typed, inside, outside):
    ban_range(typed)

    assert post(inside).status_code == 403
    assert post(outside).status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0.0.0.0/0", "too wide: /16"), ("10.0.0.0/15", "too wide: /16"), ("::/0", "too wide: /32"),
        ("2001:db8::/31", "too wide: /32"), ("::ffff:0:0/96", "too wide: /16"), ("192.0.2.0/33", "at most 32 for IPv4"),
        ("2001:db8::/129", "128 for IPv6"), ("192.0.2.0/99999999999999999999", "at most 32"),
        ("192.0.2.0/-1", "Enter an IP"), ("192.0.2", "Enter an IP"), ("", "Enter an IP"),
        ("192.0.2.1, 192.0.2.2", "Enter an IP"), ("everybody", "Enter an IP"), ("/24", "Enter an IP"),
        ("192.0.2.999", "Enter an IP"), ("192.0.2.0/24/24", "Enter an IP"), ("٣.0.2.1", "Enter an IP"),
        ("1" * 5000, "Enter an IP"), ("ann@mail.example", "Enter an IP"),
    ],
)  # fmt: skip
def test_what_is_no_range_or_too_wide_is_refused_in_words(typed, words):
    with pytest.raises(ValueError, match=words):
        bans.normal_range(typed)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "198.51.100.9"}, {"X-Forwarded-For": "198.51.100.9, 203.0.113.1"},
        {"X-Forwarded-For": "[2001:db8::1]:443"}, {"X-Forwarded-For": "unknown"},
        {"X-Forwarded-For": ", ".join(["198.51.100.9"] * 1000)}, {"X-Real-Ip": "198.51.100.9"},
        {"Forwarded": "for=198.51.100.9"}, {"CF-Connecting-IP": "198.51.100.9"},
    ],
)  # fmt: skip
def test_a_header_does_not_hide_where_a_comment_comes_from(post_from_site, headers):
    ban_range("192.0.2.1")

    response = post_from_site(comment_url(make_article()), sent(), headers=headers, REMOTE_ADDR="192.0.2.1")
    assert response.status_code == 403


def test_behind_a_proxy_of_ours_its_word_counts_and_nobody_elses(settings, post_from_site):
    settings.TRUSTED_PROXIES = 1
    ban_range("203.0.113.7")
    url = comment_url(make_article())

    def send(forwarded):
        return post_from_site(url, sent(), headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.1").status_code

    assert [send("203.0.113.7"), send("198.51.100.9, 203.0.113.7")] == [403, 403]
    assert send("203.0.113.7, 198.51.100.9") == 303


def test_rotating_through_a_64_does_not_help(post):
    ban_range("2001:db8:0:7::1")

    assert {post(f"2001:db8:0:7:{number:x}::{number:x}").status_code for number in range(1, 20)} == {403}


def test_with_hundreds_of_bans_nobody_waits(count_queries):
    for number in range(300):
        ban(bans.of_email(f"reader{number}@mail.example"))
    ban_range("192.0.2.7")
    keys = bans.live_keys()
    with pytest.raises(bans.Banned):
        bans.refuse(Sender("a" * 32, "192.0.2.7"), "", keys)

    with count_queries() as queries, pytest.raises(bans.Banned):
        bans.refuse(Sender("a" * 32, "192.0.2.7"), "ann@mail.example", keys)
    assert len(queries) == 1

    Ban.objects.filter(kind="email").delete()
    changes.invalidate(changes.SITE)
    with pytest.raises(bans.Banned):
        bans.refuse(Sender("a" * 32, "192.0.2.7"), "", keys)
    with count_queries() as queries, pytest.raises(bans.Banned):
        bans.refuse(Sender("a" * 32, "192.0.2.7"), "ann@mail.example", keys)
    assert queries == []


# --- until when ---


def test_a_ban_ends_by_itself_at_its_moment(clock, post):
    post()
    until = timezone.now() + timedelta(days=3)
    ban(bans.of_comment(Comment.objects.get(), "reader"), expires_at=until)

    clock.shift(timedelta(days=3, seconds=-5))
    response = post()
    assert response.status_code == 403
    assert f"until {until:%-d %B %Y}" in response.content.decode()
    clock.shift(timedelta(seconds=6))
    assert post().status_code == 303


def test_the_day_on_which_a_ban_ends_is_told_as_it_is_where_the_publication_is(settings, clock, post):
    settings.TIME_ZONE = "Europe/Vienna"
    clock.move_to(datetime(2026, 3, 10, 12, tzinfo=UTC))
    post()
    ban(bans.of_comment(Comment.objects.get(), "reader"), expires_at=datetime(2026, 3, 19, 23, 30, tzinfo=UTC))

    assert "until 20 March 2026." in post().content.decode()


def test_a_ban_that_is_taken_back_ends_at_once(post):
    post()
    standing = ban(bans.of_comment(Comment.objects.get(), "reader"))
    assert post("192.0.2.9").status_code == 403

    standing.delete()
    assert post("192.0.2.9").status_code == 303


@pytest.mark.parametrize("kind", ["reader", "network"])
def test_an_end_in_the_past_is_refused(post, kind):
    post()

    with pytest.raises(ValidationError, match="in the past"):
        ban(bans.of_comment(Comment.objects.get(), kind), expires_at=timezone.now() - timedelta(seconds=1))
    assert not Ban.objects.exists()


def test_a_ban_of_a_network_ends_with_the_key_of_its_day(clock, post):
    clock.move_to(datetime(2026, 3, 10, 12, tzinfo=UTC))
    post()
    latest = datetime(2026, 4, 9, tzinfo=UTC)

    made = ban(bans.of_comment(Comment.objects.get(), "network"))
    assert made.expires_at == latest
    clock.move_to(datetime(2026, 3, 20, tzinfo=UTC))
    assert bans.of_comment(Comment.objects.get(), "network").day == made.day, "the key is that of the comment's day"
    with pytest.raises(ValidationError, match="9 April 2026, 00:00 at the latest"):
        ban(bans.of_comment(Comment.objects.get(), "network"), expires_at=latest + timedelta(seconds=1))


def test_an_end_on_the_other_side_of_a_clock_change_is_the_moment_that_was_typed(settings, clock, post):
    settings.TIME_ZONE = "Europe/Vienna"
    vienna = ZoneInfo("Europe/Vienna")
    clock.move_to(datetime(2026, 3, 28, 12, tzinfo=vienna))
    post()
    ban(bans.of_comment(Comment.objects.get(), "reader"), expires_at=datetime(2026, 3, 29, 12, tzinfo=vienna))

    clock.move_to(datetime(2026, 3, 29, 9, 59, 50, tzinfo=UTC))
    assert post().status_code == 403
    clock.move_to(datetime(2026, 3, 29, 10, 0, 1, tzinfo=UTC))
    assert post().status_code == 303


def test_one_that_is_over_makes_place_for_another(clock, post):
    post()
    ban(bans.of_comment(Comment.objects.get(), "reader"), expires_at=timezone.now() + timedelta(hours=1))
    clock.shift(timedelta(hours=2))

    ban(bans.of_comment(Comment.objects.get(), "reader"))
    assert Ban.objects.get().expires_at is None


# --- what is not known ---


def test_nothing_is_banned_of_which_nothing_is_known(post):
    imported = make_comment()

    for kind in Ban.Kind.values:
        with pytest.raises(ValueError, match="stored|no longer known"):
            bans.of_comment(imported, kind)


def test_who_sits_behind_an_address_that_the_server_was_not_told_cannot_be_banned(post):
    post("")

    with pytest.raises(ValueError, match="is not known"):
        bans.of_comment(Comment.objects.get(), "network")


def test_after_thirty_days_nobody_knows_where_a_comment_came_from(clock, post):
    clock.move_to(datetime(2026, 3, 10, 12, tzinfo=UTC))
    post()
    comment = Comment.objects.get()

    clock.move_to(datetime(2026, 4, 8, 23, 59, tzinfo=UTC))
    assert bans.of_comment(comment, "network").value == comment.network
    clock.move_to(datetime(2026, 4, 9, 0, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="no longer known"):
        bans.of_comment(comment, "network")


# --- keys ---


def test_the_same_address_is_another_hash_every_day_and_known_within_24_hours(clock):
    clock.move_to(datetime(2026, 3, 10, 23, 59, tzinfo=UTC))
    first = bans.networks_of("192.0.2.7")
    clock.shift(timedelta(minutes=2))
    second = bans.networks_of("192.0.2.7")

    assert first.network != second.network
    assert first.network in second.lately
    assert first.network == bans.networks_of("192.0.2.7").lately[1]


def test_keys_are_destroyed_after_the_window_and_no_hash_matches_any_more(clock, post):
    clock.move_to(datetime(2026, 3, 10, 12, tzinfo=UTC))
    standing = ban_range("192.0.2.1")
    Ban.objects.update(expires_at=datetime(2027, 1, 1, tzinfo=UTC))

    clock.move_to(datetime(2026, 4, 8, 12, tzinfo=UTC))
    assert post().status_code == 403
    clock.move_to(datetime(2026, 4, 9, 0, 0, 1, tzinfo=UTC))
    assert post().status_code == 303
    assert standing.day not in NetworkKey.objects.values_list("day", flat=True)


def test_a_key_is_random_and_one_a_day(clock):
    for _ in range(40):
        bans.networks_of("192.0.2.7")
        clock.shift(timedelta(days=1))

    keys = [bytes(key) for key in NetworkKey.objects.values_list("key", flat=True)]
    assert len(keys) == len(set(keys)) == bans.WINDOW_DAYS
    assert {len(key) for key in keys} == {32}


def test_a_key_is_used_on_the_last_day_of_the_window_and_not_on_the_next(clock):
    """Whether or not it has been destroyed already."""
    clock.move_to(datetime(2026, 3, 10, 12, tzinfo=UTC))
    first = bans.networks_of("192.0.2.7").keys[date(2026, 3, 10)]

    clock.move_to(datetime(2026, 4, 8, 23, 59, tzinfo=UTC))
    assert bans.live_keys() == {date(2026, 3, 10): first}
    clock.move_to(datetime(2026, 4, 9, 0, 0, 1, tzinfo=UTC))
    assert bans.live_keys() == {}
    assert NetworkKey.objects.count() == 1
    clock.move_to(datetime(2026, 4, 8, 23, 59, tzinfo=UTC))
    assert bans.old_keys().delete()[0] == 0
    clock.move_to(datetime(2026, 4, 9, 0, 0, 1, tzinfo=UTC))
    assert bans.old_keys().delete()[0] == 1


def test_the_next_destruction_is_announced(clock):
    assert bans.next_destruction() is None
    clock.move_to(datetime(2026, 3, 10, 12, tzinfo=UTC))
    bans.networks_of("192.0.2.7")

    assert f"{bans.next_destruction():%Y-%m-%d}" == "2026-04-09"


def test_without_the_secret_key_a_hash_cannot_be_made_again(settings):
    key = b"k" * 32
    before = bans.hash_address("192.0.2.7", 32, key), bans.hashed_emails("ann@mail.example")[0]
    settings.SECRET_KEY = "another" * 10

    assert bans.hash_address("192.0.2.7", 32, key) != before[0]
    assert bans.hashed_emails("ann@mail.example")[0] != before[1]


def test_a_ban_by_e_mail_outlasts_a_new_secret_key_that_names_the_old_one(settings, post):
    ban(bans.of_email("ann@mail.example"))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10

    assert post(email="ann@mail.example").status_code == 403


def every_value():
    """Every value of every column of every table, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for value in row:
                    yield table, value.tobytes().hex() if isinstance(value, memoryview) else str(value)


@pytest.mark.parametrize(
    ("address", "traces"),
    [
        ("203.0.113.77", ["203.0.113", "cb00714d", "3405803853"]),
        ("2001:db8:aaaa:bbbb::77", ["2001:db8", "2001:0db8", "20010db8aaaabbbb"]),
    ],
)
def test_a_dump_of_the_database_holds_no_address(client, post, address, traces):
    client.force_login(make_user("moderator"))
    post(address, email="ann@mail.example")
    data = {
        "kind": "network",
        "whom": address,
        "reason": "Rude.",
        "_confirmed": "1",
        "expires_at_0": "",
        "expires_at_1": "",
    }
    assert client.post("/admin/comments/ban/add/", data).status_code == 302
    client.post("/admin/comments/ban/add/", data | {"kind": "email", "whom": "bob@mail.example"})
    assert post(address).status_code == 403
    assert Ban.objects.count() == 2

    values = list(every_value())
    assert len(values) > 200
    assert [(table, value) for table, value in values for trace in traces if trace in value.lower()] == []
    assert [table for table, value in values if "bob@mail" in value] == []
    assert {table for table, value in values if "ann@mail" in value} <= {"comments_emailaddress"}
    assert not re.search(r"ip|address(?!_)", " ".join(f.name for f in Comment._meta.get_fields() if f.name != "notify"))


def test_nothing_but_the_readers_wish_for_mail_is_kept_of_an_e_mail_address():
    columns = [
        (model, field)
        for model in apps.get_app_config("comments").get_models()
        for field in model._meta.concrete_fields
        if "mail" in field.name or field.get_internal_type() in ("GenericIPAddressField", "EmailField")
    ]

    assert [(model, field.name) for model, field in columns] == [(EmailAddress, "email"), (EmailAddress, "mailbox")]
