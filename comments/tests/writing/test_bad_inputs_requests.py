"""Requests that no browser sends by itself, by the numbers of the list that test_bad_inputs_list.py keeps whole."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from comments.models import MAX_DEPTH, Comment, ModerationEntry, Thread
from comments.moderation import decisions
from comments.tests.factories import comment_url, make_comment, sent
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
OURS = {"sec-fetch-site": "same-origin"}
TEXT = "Every word of it & more."


@pytest.fixture
def article():
    return make_article()


def assert_text_kept(response, status):
    assert response.status_code == status
    assert ">\nEvery word of it &amp; more.</textarea>" in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OURS, 303),
        (OURS | {"cookie": "csrftoken=abc"}, 303),
        ({"cookie": "csrftoken=abc"}, 403),
        ({"cookie": "csrftoken=abc", "x-csrftoken": "abc"}, 403),
        ({"sec-fetch-site": "none", "origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"origin": "http://testserver"}, 303),
    ],
)
def test_a_post_is_taken_from_our_own_pages_whatever_token_it_brings(article, headers, status):
    """69 and 70"""
    client = Client(enforce_csrf_checks=True)

    response = client.post(comment_url(article), sent(body=TEXT, csrfmiddlewaretoken="abc"), headers=headers)

    if status == 303:
        assert response.status_code == 303
    else:
        assert_text_kept(response, 403)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "GET"])
def test_a_header_does_not_change_the_method(client, article, method):
    """72"""
    override = {"x-http-method-override": method, "x-http-method": method, "x-method-override": method}

    assert client.post(comment_url(article), sent(), headers=OURS | override).status_code == 303
    assert (
        client.get(comment_url(article), sent(), headers=override | {"x-http-method-override": "POST"}).status_code
        == 302
    )
    assert client.generic(method if method != "GET" else "TRACE", comment_url(article)).status_code == 405
    assert Comment.objects.count() == 1


def test_a_file_beside_the_fields_is_not_kept(client, article):
    """73"""
    data = sent(body=TEXT) | {"upload": SimpleUploadedFile("x.html", b"<script>alert(1)</script>")}

    assert client.post(comment_url(article), data, headers=OURS).status_code == 303
    assert Comment.objects.get().body == TEXT


def test_a_file_instead_of_the_text_is_no_text(client, article):
    """73"""
    data = sent(body=None) | {"body": SimpleUploadedFile("x.txt", b"Text")}

    response = client.post(comment_url(article), data, headers=OURS)

    assert response.status_code == 422
    assert not Comment.objects.exists()


def test_an_answer_to_one_at_the_limit_of_depth_is_refused_with_its_text(client, article):
    """77"""
    above = None
    for _ in range(MAX_DEPTH):
        above = make_comment(article, status="approved", parent=above)

    response = client.post(comment_url(article), sent(body=TEXT, parent=above.pk), headers=OURS)

    assert response.status_code == 422
    assert ">\nEvery word of it &amp; more.</textarea>" in response.content.decode()
    assert set(Comment.objects.values_list("depth", flat=True)) == {1, 2, 3, 4, 5}
    assert "?reply=" + str(above.pk) not in client.get(article.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "timestamp", [None, "", "0", "-1", "99999999999", "soon", "1700000000:forged", "1700000000:" + "0" * 64, ["1", "2"]]
)
def test_a_time_that_a_program_sends_along_means_nothing(client, article, timestamp):
    """80: a form has no time of its own, so there is none to be forged, replayed or to run out."""
    assert client.post(comment_url(article), sent(timestamp=timestamp), headers=OURS).status_code == 303


@pytest.mark.parametrize("wait", [timedelta(seconds=0.2), timedelta(hours=26), timedelta(days=40)])
def test_a_form_may_be_sent_at_once_and_after_days(client, clock, article, wait):
    """81: whoever writes quickly, and whoever leaves the page open, loses no word."""
    client.get(article.get_absolute_url())
    clock.shift(wait)

    assert client.post(comment_url(article), sent(body=TEXT), headers=OURS).status_code == 303


def test_the_form_of_a_page_that_a_cache_kept_can_be_sent_by_anyone(article):
    """82"""
    page = Client().get(article.get_absolute_url())
    action = re.search(r'<form[^>]*action="([^"#]+/comments/)', page.content.decode())[1]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))

    assert "public" in page.headers["Cache-Control"] and not page.cookies
    assert Client().post(action, sent(body=TEXT) | fields, headers=OURS).status_code == 303


SPOOFED = {
    "one": {"x-forwarded-for": "203.0.113.9"},
    "a list": {"x-forwarded-for": "203.0.113.9, 203.0.113.10, 10.0.0.1"},
    "IPv6 with a port": {"x-forwarded-for": "[2001:db8::9]:443"},
    "unknown": {"x-forwarded-for": "unknown"},
    "a thousand": {"x-forwarded-for": ", ".join(f"203.0.113.{n % 250}" for n in range(1000))},
    "markup": {"x-forwarded-for": "<script>alert(1)</script>"},
    "X-Real-IP": {"x-real-ip": "203.0.113.9"},
    "Forwarded": {"forwarded": "for=203.0.113.9;proto=https"},
    "CF-Connecting-IP": {"cf-connecting-ip": "203.0.113.9"},
    "True-Client-IP": {"true-client-ip": "203.0.113.9"},
}


@pytest.mark.parametrize("headers", SPOOFED.values(), ids=SPOOFED.keys())
def test_a_header_of_the_sender_is_not_where_it_comes_from(client, article, headers):
    """86 and 87: without a proxy of ours everybody is who the connection says."""
    assert client.post(comment_url(article), sent(), headers=OURS).status_code == 303

    response = client.post(comment_url(article), sent(body=TEXT), headers=OURS | headers)

    assert response.status_code == 429
    assert "Every word of it &amp; more." in response.content.decode()
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("203.0.113.9", "198.51.100.1, 203.0.113.9", 429),
        ("203.0.113.9", "203.0.113.10", 303),
        ("::ffff:203.0.113.9", "203.0.113.9", 429),
        ("2001:db8::1", "2001:db8::2", 429),
        ("2001:db8::1", "2001:db8:0:0:ffff::1", 429),
        ("2001:db8::1", "2001:db8:0:1::1", 303),
        ("fe80::1%eth0", "fe80::1%eth1", 429),
        ("unknown", "nonsense", 429),
        ("[2001:db8::1]:443", "[2001:db8::2]:80", 429),
        ("<script>", "' OR 1=1", 429),
    ],
)
def test_behind_a_proxy_the_last_word_counts_by_household(client, settings, article, first, second, status):
    """86 and 88"""
    settings.TRUSTED_PROXIES = 1
    client.post(comment_url(article), sent(), headers=OURS | {"x-forwarded-for": first})

    response = client.post(comment_url(article), sent(body=TEXT), headers=OURS | {"x-forwarded-for": second})

    assert response.status_code == status
    stored = str(list(Comment.objects.values()))
    assert not any(address in stored for address in (first, second))


def test_a_browser_that_says_nothing_or_too_much_of_itself_is_served_alike(client, article):
    """89: nothing of it is stored, so nothing of it can be shown."""
    markup = "<script>alert(1)</script>" * 320
    answers = [
        client.post(
            comment_url(article), sent(body=f"{TEXT} {number}"), headers=OURS | headers, REMOTE_ADDR=f"192.0.2.{number}"
        )
        for number, headers in enumerate(
            [{}, {"user-agent": "", "referer": ""}, {"user-agent": markup, "referer": f"https://x.example/{markup}"}]
        )
    ]

    assert [answer.status_code for answer in answers] == [303] * 3
    assert "alert(1)" not in str(list(Comment.objects.values()) + list(ModerationEntry.objects.values()))


@pytest.mark.parametrize("target", ["//evil.example", "javascript:alert(1)", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_elsewhere_after_sending(client, article, target):
    """90"""
    url = f"{comment_url(article)}?next={target}"

    response = client.post(url, sent(next=target, redirect=target, return_to=target), headers=OURS)

    assert (response.status_code, response.url) == (303, f"{Comment.objects.get().get_receipt_url()}#main")


def test_without_cookies_every_comment_is_a_strangers(article):
    """92"""
    for number in range(2):
        response = Client().post(
            comment_url(article), sent(body=f"{TEXT} {number}"), headers=OURS, REMOTE_ADDR=f"192.0.2.{number}"
        )
        assert Client().get(response.url).status_code == 200
    first, second = Comment.objects.values_list("reader", flat=True)
    assert first != second


def test_an_answer_to_a_rejected_comment_is_approved_and_not_shown_until_that_one_is(client):
    """98"""
    moderator = make_user("moderator")
    parent = make_comment(status="approved")
    reply, late = (make_comment(parent.article, parent=parent) for _ in range(2))
    decisions.approve(reply, moderator)

    def in_thread():
        thread = Thread.objects.get(article=parent.article)
        html = client.get(parent.article.get_absolute_url()).content.decode()
        assert html.count('<article class="comment"') == thread.comment_count
        return thread.comment_count

    assert in_thread() == 2
    decisions.reject(parent, moderator)
    assert in_thread() == 0
    assert decisions.approve(late, moderator) and not late.is_visible
    assert in_thread() == 0
    decisions.approve(parent, moderator)
    assert in_thread() == 3


def test_a_ban_that_is_over_before_it_began_bans_nobody(client, article):
    """101"""
    from comments.models import Ban

    client.post(comment_url(article), sent(), headers=OURS)
    reader = Comment.objects.get().reader
    Ban.objects.create(kind="reader", value=reader, reason="x", expires_at=timezone.now() - timedelta(seconds=1))
    Comment.objects.update(network="")

    assert client.post(comment_url(article), sent(body=TEXT), headers=OURS).status_code == 303
