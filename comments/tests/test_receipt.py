"""The writer's own page about a comment, and the address of a comment."""

import pytest
from django.core import signing
from django.urls import reverse

from comments import moderation
from comments.models import Comment
from comments.tests.factories import make_comment
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("pending", "Waiting for a moderator"),
        ("approved", "Your comment is on the page"),
        ("rejected", "Your comment was rejected"),
        ("spam", "Your comment was rejected"),
        ("removed", "Your comment was removed"),
    ],
)
def test_a_receipt_says_how_things_stand_and_shows_the_text(client, status, words):
    comment = make_comment(status=status, body="What I wrote & meant.")

    response = client.get(comment.get_receipt_url())

    html = response.content.decode()
    assert words in html
    assert "What I wrote &amp; meant." in html
    assert "What happens next" in html
    assert f'href="{comment.article.get_absolute_url()}"' in html
    assert ("See it in the thread" in html) == (status == "approved")
    assert "spam" not in html.lower()


def test_a_rejection_gives_its_reason_and_note(client):
    comment = make_comment()
    moderation.reject(comment, make_user("moderator"), "off-topic", "Write it under the other article.")

    html = client.get(comment.get_receipt_url()).content.decode()

    assert "It is not about this article." in html
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
    assert Comment.objects.approved().exists()
