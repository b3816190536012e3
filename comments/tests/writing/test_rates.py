"""How much one network may send: each limit at its last allowed comment and one beyond, with the wait in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from comments.models import Comment
from comments.tests.factories import comment_url, make_comment, sent
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db
TEXT = "What everybody sends."
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def post(post_from_site):
    article = make_article(published_at=datetime(2020, 1, 1, tzinfo=UTC))

    def send(address="192.0.2.1", **fields):
        fields.setdefault("body", f"Remark {Comment.objects.count()}.")
        return post_from_site(comment_url(article), sent(**fields), REMOTE_ADDR=address)

    return send


def assert_must_wait(response, seconds, words):
    assert (response.status_code, response.headers["Retry-After"]) == (429, str(seconds))
    assert f"Try again in {words}." in response.content.decode()


def test_one_in_fifteen_seconds(clock, post):
    clock.move_to(datetime(2026, 3, 10, 12, tzinfo=UTC), tick=False)

    assert post().status_code == 303
    assert_must_wait(post(), 15, "15 seconds")
    clock.shift(timedelta(seconds=14, milliseconds=500))
    assert_must_wait(post(), 1, "1 second")
    clock.shift(timedelta(milliseconds=500))
    assert post().status_code == 303


def test_five_in_ten_minutes(clock, post):
    clock.move_to(datetime(2026, 3, 10, 12, tzinfo=UTC), tick=False)

    for _ in range(5):
        assert post().status_code == 303
        clock.shift(timedelta(seconds=30))
    assert_must_wait(post(), 450, "8 minutes")
    clock.shift(timedelta(seconds=449))
    assert_must_wait(post(), 1, "1 second")
    clock.shift(timedelta(seconds=1))
    assert post().status_code == 303


@pytest.mark.parametrize("hour", [1, 23])
def test_thirty_a_day_whether_or_not_the_key_of_the_hashes_changes_meanwhile(clock, post, hour):
    """At midnight UTC the same address becomes another hash."""
    clock.move_to(datetime(2026, 3, 10, hour, tzinfo=UTC), tick=False)

    for _ in range(30):
        assert post().status_code == 303
        clock.shift(timedelta(minutes=3))
    assert len(set(Comment.objects.values_list("network", flat=True))) == (2 if hour == 23 else 1)
    assert_must_wait(post(), 81_000, "23 hours")
    clock.shift(timedelta(seconds=80_999))
    assert_must_wait(post(), 1, "1 second")
    clock.shift(timedelta(seconds=1))
    assert post().status_code == 303


def test_what_others_send_does_not_push_ones_own_out_of_sight(clock, post):
    """However often others have sent the same text since."""
    assert post().status_code == 303
    for _ in range(120):
        make_comment(body=TEXT)

    assert post(body=TEXT).status_code == 429
    assert post("198.51.100.1", body=TEXT).status_code == 303


def test_what_many_have_sent_is_known_as_sent_before(clock, post):
    """However much the same network has sent besides."""
    make_comment(body=TEXT)
    for number in range(29):
        clock.shift(timedelta(minutes=5))
        assert post(body=f"Remark {number}").status_code == 303
    clock.shift(timedelta(minutes=5))

    assert post(body=TEXT).status_code == 303
    assert [hold["rule"] for hold in Comment.objects.latest("pk").holds] == ["duplicate"]


def fifty_then_one(clock, send):
    """Send ten at a time, the fiftieth of a day and one more; returns the last answer."""
    for number in range(50):
        assert send(number).status_code in (200, 303), number
        if number % 10 == 9:
            clock.shift(timedelta(minutes=10, seconds=1))
    return send(50)


def assert_next_day_is_free(clock, answer, send):
    assert answer.status_code == 429
    seconds = int(answer.headers["Retry-After"])
    assert 80_000 < seconds <= 86_400
    assert "Try again in 24 hours." in answer.content.decode() or "Try again in 23 hours." in answer.content.decode()
    clock.shift(timedelta(seconds=seconds + 1))
    assert send(51).status_code in (200, 303)


def test_fifty_reports_a_day(client, clock):
    comments = [make_comment(status="approved") for _ in range(52)]

    def send(number):
        address = reverse("comments:report", args=[comments[number].pk])
        return client.post(address, {"reason": "spam"}, headers=OURS)

    assert_next_day_is_free(clock, fifty_then_one(clock, send), send)


def test_fifty_changes_a_day(post, post_from_site, clock):
    post()
    address = f"{Comment.objects.get().get_receipt_url()}edit/"

    def send(number):
        return post_from_site(address, {"name": "Ann", "kind": "comment", "body": f"Version {number}"})

    assert_next_day_is_free(clock, fifty_then_one(clock, send), send)
