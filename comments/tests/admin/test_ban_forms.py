"""The forms of bans: typed ones, those from a comment, and what is shown before saving."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comments.models import Ban, Comment, NetworkKey
from comments.screening import bans
from comments.tests.factories import comment_url, make_comment, sent
from comments.tests.rule_pages import BAN, ban_data, errors_of, hidden, is_dry_run, text_of
from publishing.tests.factories import make_article
from publishing.web import anonymous_ids

pytestmark = pytest.mark.django_db


# --- bans that are typed ---


def test_a_range_is_banned_after_a_look_and_shown_without_an_address(client, moderator):
    shown = client.post(BAN, ban_data())
    assert is_dry_run(shown)
    assert not Ban.objects.exists() and not NetworkKey.objects.exists()

    client.post(BAN, hidden(shown) | {"_confirmed": "1"})

    ban = Ban.objects.get()
    assert (ban.kind, ban.label, ban.reason, ban.created_by) == ("network", "An IPv4 range, /24", "Rude.", moderator)
    midnight = datetime.combine(bans.destroyed_on(timezone.now().date()), time.min, UTC)
    assert ban.expires_at == midnight
    listed = client.get("/admin/comments/ban/").content.decode()
    assert "An IPv4 range, /24" in listed and "203.0.113" not in listed
    assert "203.0.113" not in client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("kind", "whom", "words"),
    [
        ("network", "0.0.0.0/0", "too wide"), ("network", "2001:db8::/31", "too wide"),
        ("network", "192.0.2.0/33", "at most 32"), ("network", "me", "Enter an IP address"),
        ("network", "", "required"), ("network", "1\x00", "Null"), ("email", "203.0.113.7", "valid email"),
        ("email", "ann", "valid email"), ("reader", "x", "valid choice"), ("", "x", "required"),
    ],
)  # fmt: skip
def test_what_cannot_be_banned_is_refused_in_words_with_what_was_typed(client, moderator, kind, whom, words):
    response = client.post(BAN, ban_data(kind=kind, whom=whom, _confirmed="1"))

    assert response.status_code == 200
    assert words in text_of(response)
    assert 'value="Rude."' in response.content.decode()
    assert not Ban.objects.exists()


@pytest.mark.parametrize(
    ("date", "hour", "words"),
    [("2020-01-01", "00:00", "in the past"), ("2999-01-01", "00:00", "at the latest"), ("soon", "", "valid date")],
)
def test_an_impossible_end_is_refused(client, moderator, date, hour, words):
    response = client.post(BAN, ban_data(expires_at_0=date, expires_at_1=hour, _confirmed="1"))

    assert words in text_of(response)
    assert not Ban.objects.exists()


@pytest.mark.parametrize("whom", ["127.0.0.1", "127.0.0.0/24", "127.0.0.0/16"])
def test_banning_ones_own_address_needs_a_tick(client, moderator, whom):
    warned = client.post(BAN, ban_data(whom=whom))

    assert list(errors_of(warned)) == ["ban_anyway"]
    assert 'type="checkbox" name="ban_anyway"' in warned.content.decode()
    client.post(BAN, ban_data(whom=whom, _confirmed="1"))
    assert not Ban.objects.exists(), "not by skipping the warning"

    shown = client.post(BAN, ban_data(whom=whom, ban_anyway="on"))
    client.post(BAN, hidden(shown) | {"_confirmed": "1"})
    assert Ban.objects.count() == 1


def test_banning_ones_own_mail_address_or_browser_is_warned_of_too(client, moderator, post_from_site):
    type(moderator).objects.update(email="me@staff.example")
    assert "ban_anyway" in errors_of(client.post(BAN, ban_data(kind="email", whom="Me@staff.example")))

    client.cookies[anonymous_ids.COOKIE] = anonymous_ids._signer.sign("a" * 32)
    post_from_site(comment_url(make_article()), sent())
    path = f"{BAN}?comment={Comment.objects.get().pk}&kind=reader"
    assert "ban_anyway" in errors_of(client.post(path, ban_data()))


def test_the_tick_is_not_offered_to_those_who_need_it_not(client, moderator):
    assert 'type="checkbox" name="ban_anyway"' not in client.get(BAN).content.decode()


def test_what_is_banned_already_is_not_banned_twice(client, moderator):
    client.post(BAN, ban_data(_confirmed="1"))

    response = client.post(BAN, ban_data(whom="203.0.113.9/24", _confirmed="1"))
    assert "__all__" in errors_of(response)
    assert Ban.objects.count() == 1


def test_a_mail_address_is_banned_without_being_kept(client, moderator):
    client.post(BAN, ban_data(kind="email", whom="Ann@Mail.example", _confirmed="1"))

    ban = Ban.objects.get()
    assert (ban.value, ban.label, ban.expires_at) == (
        bans.hashed_emails("ann@mail.example")[0],
        "An e-mail address",
        None,
    )


def test_of_a_ban_only_reason_and_end_can_be_changed(client, moderator):
    client.post(BAN, ban_data(_confirmed="1"))
    ban = Ban.objects.get()
    path = reverse("admin:comments_ban_change", args=[ban.pk])
    until = timezone.now() + timedelta(days=2)
    data = {
        "reason": "Very rude.",
        "expires_at_0": f"{until:%Y-%m-%d}",
        "expires_at_1": "00:00",
        "value": "x",
        "kind": "reader",
    }

    assert is_dry_run(client.post(path, data))
    client.post(path, data | {"_confirmed": "1"})

    changed = Ban.objects.get()
    assert (changed.value, changed.kind, changed.reason) == (ban.value, "network", "Very rude.")
    assert changed.expires_at < ban.expires_at
    too_late = client.post(path, data | {"expires_at_0": "2999-01-01", "_confirmed": "1"})
    assert list(errors_of(too_late)) == ["expires_at"]


@pytest.mark.parametrize("way", ["delete", "action"])
def test_taking_a_ban_back_lets_its_writer_in_at_once(client, moderator, post_from_site, way):
    client.post(BAN, ban_data(whom="203.0.113.7", _confirmed="1"))
    url = comment_url(make_article())
    assert post_from_site(url, sent(), REMOTE_ADDR="203.0.113.7").status_code == 403

    if way == "delete":
        client.post(reverse("admin:comments_ban_delete", args=[Ban.objects.get().pk]), {"post": "yes"})
    else:
        data = {"action": "delete_selected", "_selected_action": [Ban.objects.get().pk], "post": "yes"}
        client.post("/admin/comments/ban/", data)
    assert post_from_site(url, sent(), REMOTE_ADDR="203.0.113.7").status_code == 303


def test_the_next_destruction_of_a_key_is_shown(client, moderator):
    assert client.get("/admin/comments/ban/").context["destroyed_on"] is None
    bans.make_key(timezone.now().date() - timedelta(days=3))
    day = timezone.now().date() + timedelta(days=27)

    for path in ("/admin/comments/ban/", BAN):
        page = client.get(path)
        assert page.context["destroyed_on"] == day and f"{day.day} {day:%B %Y}" in text_of(page)


# --- bans from a comment ---


@pytest.fixture
def comment(post_from_site, client):
    post_from_site(comment_url(make_article()), sent(email="ann@mail.example"), REMOTE_ADDR="203.0.113.7")
    client.cookies.pop(anonymous_ids.COOKIE)
    return Comment.objects.get()


@pytest.mark.parametrize(
    ("kind", "breadth", "label"),
    [
        ("reader", None, "The browser that wrote comment {}"), ("email", None, "The e-mail address of comment {}"),
        ("network", "one", "The address of comment {}, /32"), ("network", "range", "The address of comment {}, /24"),
    ],
)  # fmt: skip
def test_the_writer_of_a_comment_is_banned_from_there(client, post_from_site, comment, moderator, kind, breadth, label):
    path = f"{BAN}?comment={comment.pk}&kind={kind}"
    page = client.get(path)
    assert page.status_code == 200
    assert comment.body in page.content.decode() and "ann@mail" not in page.content.decode()
    assert ('name="breadth"' in page.content.decode()) == (kind == "network")

    shown = client.post(path, ban_data() | ({"breadth": breadth} if breadth else {}))
    client.post(path, hidden(shown) | {"_confirmed": "1"})

    ban = Ban.objects.get()
    assert (ban.kind, ban.label) == (kind, label.format(comment.pk))
    near = "203.0.113.200" if breadth == "range" else "203.0.113.7"
    client.cookies[anonymous_ids.COOKIE] = anonymous_ids._signer.sign(comment.reader)
    again = post_from_site(comment_url(comment.article), sent(body="Again", email="ann@mail.example"), REMOTE_ADDR=near)
    assert again.status_code == 403


@pytest.mark.parametrize(
    "query",
    ["comment=x&kind=reader", "comment=999&kind=reader", "comment=1", "kind=reader",
     f"comment={'9' * 30}&kind=reader", "comment={pk}&kind=everybody", "comment=-1&kind=network",
     "comment=١&kind=email"],
)  # fmt: skip
def test_an_address_that_names_no_comment_is_404(client, comment, moderator, query):
    path = f"{BAN}?{query.format(pk=comment.pk)}"

    assert [client.get(path).status_code, client.post(path, ban_data()).status_code] == [404, 404]


def test_what_is_not_known_of_a_writer_is_said(client, moderator):
    imported = make_comment()

    for kind in Ban.Kind.values:
        response = client.post(f"{BAN}?comment={imported.pk}&kind={kind}", ban_data(breadth="one", _confirmed="1"))
        assert "__all__" in errors_of(response)
    assert not Ban.objects.exists()
