"""The writer's own page about a comment, and the address of a comment."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, EmailAddress, ModerationEntry, Word
from comments.models.draft import Draft
from comments.moderation import decisions
from comments.reading import writer_status
from comments.tests.factories import comment_url, make_comment, sent
from comments.writing import submitting
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "expected", "words"),
    [
        ("pending", writer_status.WAITING, "Waiting for a moderator"),
        ("approved", writer_status.VISIBLE, "Your comment is published"),
        ("rejected", writer_status.REJECTED, "Your comment was rejected"),
        ("spam", writer_status.REJECTED, "Your comment was rejected"),
        ("removed", writer_status.REMOVED, "Your comment was removed"),
    ],
)
def test_a_receipt_says_the_status_and_shows_the_text(client, status, expected, words):
    comment = make_comment(status=status, body="What I wrote & meant.")

    response = client.get(comment.get_receipt_url())

    html = response.content.decode()
    assert response.context["writer_status"] == expected
    assert words in html and "What happens next" in html
    assert "What I wrote &amp; meant." in html
    assert f'href="{comment.article.get_absolute_url()}"' in html
    assert (f'href="{comment.get_absolute_url()}"' in html) == (status == "approved")
    assert "spam" not in html.lower()


def test_a_rejection_gives_its_reason_and_note(client):
    comment = make_comment()
    decisions.reject(comment, make_user("moderator"), "off-topic", "Write it under the other article.")

    html = client.get(comment.get_receipt_url()).content.decode()

    assert Comment.objects.get().get_reason_display() in html
    assert "Write it under the other article." in html


def test_a_receipt_is_kept_by_no_cache_and_no_search_engine(client):
    response = client.get(make_comment().get_receipt_url())

    assert response.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert "Cache-Tag" not in response.headers


def test_a_receipt_cannot_be_guessed_or_changed(client):
    comment = make_comment()
    token = comment.get_receipt_url().split("/")[-2]
    others = [
        token[:-1] + ("A" if token[-1] != "A" else "B"), token[1:], "x", "a:b:c",
        signing.dumps(comment.pk), signing.dumps(comment.pk, salt="articles.preview"),
        signing.dumps(comment.pk + 1, salt="comments.receipt"),
    ]  # fmt: skip

    assert client.get(comment.get_receipt_url()).status_code == 200
    for other in others:
        assert client.get(reverse("comments:receipt", args=[other])).status_code == 404, other


def test_a_receipt_stays_when_the_article_goes_but_leads_nowhere(client):
    comment = make_comment(make_article(status="archived"), status="approved")

    html = client.get(comment.get_receipt_url()).content.decode()

    assert comment.article.get_absolute_url() not in html
    assert comment.get_absolute_url() not in html


def test_an_address_leads_to_the_comment_in_its_thread(client):
    comment = make_comment(status="approved")

    response = client.get(comment.get_absolute_url())

    assert response.url == f"{comment.article.get_absolute_url()}#comment-{comment.pk}"
    assert f'id="comment-{comment.pk}"' in client.get(comment.article.get_absolute_url()).content.decode()


@pytest.mark.parametrize("status", ["pending", "rejected", "spam", "removed"])
def test_what_readers_may_not_see_has_no_address(client, status):
    assert client.get(make_comment(status=status).get_absolute_url()).status_code == 404


@pytest.mark.parametrize("pk", ["0", "99999999999999999999", "9" * 5000])
def test_an_address_of_nothing_is_not_found(client, pk):
    assert client.get(f"/comments/{pk}/").status_code == 404


def test_a_comment_under_a_hidden_article_has_no_address(client):
    comment = make_comment(make_article(status="archived"), status="approved")

    assert client.get(comment.get_absolute_url()).status_code == 404
    assert Comment.objects.visible().exists()


# --- how things stand ---


def html_of(client, comment):
    return client.get(comment.get_receipt_url()).content.decode()


def writer_status_of(client, comment):
    """What its writer is told."""
    return client.get(comment.get_receipt_url()).context["writer_status"]


def test_nothing_leads_to_a_comment_that_cannot_be_seen(client):
    parent = make_comment(status="approved")
    reply = make_comment(parent.article, status="approved", parent=parent)
    assert reply.get_absolute_url() in html_of(client, reply)

    decisions.remove(parent, make_user("moderator"))

    assert writer_status_of(client, reply) == writer_status.HIDDEN
    assert reply.get_absolute_url() not in html_of(client, reply)


def test_what_its_writer_withdrew_is_not_said_to_be_removed(client):
    comment = make_comment()
    submitting.withdraw(comment)

    assert writer_status_of(client, comment) == writer_status.WITHDRAWN
    assert comment.body in html_of(client, comment)


def test_what_a_rule_rejected_is_not_said_to_have_been_read(client):
    comment = make_comment(body="Waits")
    Word.objects.create(text="viagra", severity="banned")
    comment = submitting.revise(comment, Draft(comment.name, "viagra"))

    assert writer_status_of(client, comment) == writer_status.REJECTED_BY_RULE
    stopped = html_of(client, comment)
    assert "Your comment was rejected" in stopped
    assert "A moderator rejected it" not in stopped and "An automatic rule rejected it" in stopped

    moderator = make_user("moderator")
    decisions.restore(comment, moderator)
    decisions.reject(comment, moderator)
    assert writer_status_of(client, comment) == writer_status.REJECTED
    assert "A moderator rejected it" in html_of(client, comment)


def test_a_rejection_by_an_account_that_is_gone_was_read(client):
    comment, gone = make_comment(), make_user("moderator")
    decisions.reject(comment, gone)
    gone.delete()

    assert writer_status_of(client, comment) == writer_status.REJECTED
    assert "A moderator rejected it" in html_of(client, comment)


def test_of_spam_its_writer_hears_no_reason(client):
    comment = make_comment()
    decisions.mark_spam(comment, make_user("moderator"))

    html = html_of(client, comment)

    assert writer_status_of(client, comment) == writer_status.REJECTED
    assert "Reason" not in html and "spam" not in html.lower()


def test_a_note_with_markup_is_text(client):
    comment = make_comment(name="<b>x</b>")
    decisions.reject(comment, make_user("moderator"), "other", "<script>alert(1)</script>")

    html = html_of(client, comment)

    assert "&lt;script&gt;alert(1)" in html and "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<script>alert" not in html


def test_reading_needs_no_cookie_and_sets_none(client, post_from_site):
    path = post_from_site(comment_url(make_article()), sent()).url.partition("#")[0]
    assert f"{path}edit/" in client.get(path).content.decode()
    stranger = Client()

    response = stranger.get(path)

    html = response.content.decode()
    assert response.status_code == 200 and not response.cookies
    assert f"{path}edit/" not in html and response.context["is_writer"] is False


def test_news_of_replies_are_mentioned_without_the_address(client, post_from_site):
    path = post_from_site(comment_url(make_article()), sent(email="writer@reader.example")).url

    without = client.get(make_comment().get_receipt_url()).content.decode()
    unconfirmed = client.get(path).content.decode()
    EmailAddress.objects.update(confirmed_at=timezone.now())
    confirmed = client.get(path).content.decode()

    assert "reader.example" not in unconfirmed + confirmed
    assert [page.count("about replies") for page in (without, unconfirmed, confirmed)] == [0, 1, 1]
    assert unconfirmed != confirmed


# --- the usual wait ---


def decided_after(*waits, moderator=None, days_ago=0):
    """Comments whose first decision by a moderator came after each of these times."""
    moderator = moderator or make_user("moderator")
    decided = timezone.now() - timedelta(days=days_ago)
    for wait in waits:
        comment = make_comment(created_at=decided - wait)
        ModerationEntry.objects.create(
            comment=comment, comment_number=comment.pk, article=comment.article, moderator=moderator,
            old_status="pending", new_status="approved", digest=comment.digest, created_at=decided,
        )  # fmt: skip


def usual_wait(client):
    found = re.search("reviewed within <strong>(.*?)</strong>", html_of(client, make_comment()))
    return found and found[1].replace("\xa0", " ")


MINUTES = [timedelta(minutes=minutes) for minutes in (2, 10, 90, 600, 5000)]


def test_a_receipt_tells_the_median_wait_of_seven_days(client):
    decided_after(*MINUTES)

    assert usual_wait(client) == "1 hour, 30 minutes"


def test_of_an_even_number_the_median_is_the_middle_of_two(client):
    decided_after(*MINUTES, timedelta(minutes=110))

    assert usual_wait(client) == "1 hour, 40 minutes"


def test_few_decisions_give_no_usual_wait(client):
    decided_after(*MINUTES[:4])

    assert usual_wait(client) is None


def test_what_is_old_or_was_decided_by_nobody_does_not_count(client):
    decided_after(*MINUTES[:4])
    decided_after(*MINUTES, days_ago=7.01)
    for _ in range(3):
        submitting.withdraw(make_comment(created_at=timezone.now() - timedelta(days=2)))
    assert usual_wait(client) is None

    decided_after(timedelta(seconds=30))

    assert usual_wait(client) == "10 minutes"


def test_only_the_first_decision_about_a_comment_counts(client):
    moderator = make_user("moderator")
    decided_after(*[timedelta(minutes=3)] * 4, moderator=moderator)
    comment = make_comment(created_at=timezone.now() - timedelta(minutes=3))
    decisions.approve(comment, moderator)
    Comment.objects.filter(pk=comment.pk).update(created_at=timezone.now() - timedelta(minutes=3))
    for _ in range(6):
        decisions.restore(comment, moderator)
        decisions.reject(comment, moderator)

    assert usual_wait(client) == "3 minutes"


def test_a_wait_of_seconds_is_less_than_a_minute(client):
    decided_after(*[timedelta(seconds=20)] * 5)

    assert usual_wait(client) == "less than a minute"


def test_a_receipt_asks_two_queries_whatever_was_decided(client, count_queries):
    comment = make_comment()
    for number in (0, 5, 40):
        decided_after(*[timedelta(minutes=1)] * number)
        html_of(client, comment)
        with count_queries() as queries:
            html_of(client, comment)
        assert len(queries) == 2, number
