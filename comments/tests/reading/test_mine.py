"""Everything that one browser wrote: its list, its file, its end."""

import json
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from articles.models.counts import Heart
from comments.models import Ban, Comment, EmailAddress, Report, Thread, Word
from comments.models.draft import Draft
from comments.moderation import decisions
from comments.tests.factories import comment_url, make_comment, sent
from comments.writing import submitting
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

MINE, EXPORT, ERASE = (reverse(f"comments:{name}") for name in ("mine", "mine-export", "mine-erase"))


@pytest.fixture
def write(client, clock):
    def send(article=None, browser=client, **fields):
        clock.shift(timedelta(minutes=15))
        known = set(Comment.objects.values_list("pk", flat=True))
        fields.setdefault("body", f"Remark {len(known)}.")
        browser.post(comment_url(article or make_article()), sent(**fields), headers={"sec-fetch-site": "same-origin"})
        return Comment.objects.exclude(pk__in=known).get()

    return send


def many(write, number):
    """More comments of the same reader than anybody could send in a day."""
    first = write()
    for index in range(number - 1):
        other = make_comment(first.article, created_at=first.created_at - timedelta(minutes=index))
        Comment.objects.filter(pk=other.pk).update(reader=first.reader)
    return first


def test_the_list_has_this_browsers_comments_newest_first(client, write):
    first, second = write(body="The first."), write(body="The second.")
    write(browser=Client(), body="Somebody else's.")

    response = client.get(MINE)

    html = response.content.decode()
    assert html.index("The second.") < html.index("The first.")
    assert "Somebody else" not in html
    for comment in (first, second):
        assert (
            f'<div class="comment" id="comment-{comment.pk}" data-status="pending" '
            f'data-article="{comment.article.slug}" data-depth="1"' in " ".join(html.split())
        )
        assert f'href="{comment.get_receipt_url().split(":")[0]}' in html
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in response.headers


def test_each_state_is_said_in_words_and_spam_is_not(client, write):
    moderator = make_user("moderator")
    write()
    decisions.approve(write(), moderator)
    decisions.reject(write(), moderator)
    decisions.mark_spam(write(), moderator)
    decisions.remove(write(), moderator)
    submitting.withdraw(write())

    html = client.get(MINE).content.decode()

    for words, number in [
        ("Waiting for a moderator", 1), ("Published", 1), ("Not published", 2), ("Removed by a moderator", 1),
        ("Withdrawn by you", 1),
    ]:  # fmt: skip
        assert html.count(f">{words}<") == number, words
    assert html.count('data-status="rejected"') == 2
    assert "spam" not in html.lower()


def test_one_articles_comments_can_be_picked_out(client, write):
    article = make_article()
    write(article, body="Under this one.")
    write(body="Under another.")

    html = client.get(MINE, {"article": article.slug}).content.decode()

    assert "Under this one." in html and "Under another." not in html
    assert "No comments about this article" in client.get(MINE, {"article": "no-such"}).content.decode()


@pytest.mark.parametrize(
    "query",
    [{"page": "0"}, {"page": "2"}, {"page": "9" * 5000}, {"page": "x"}, {"article": "a b"}, {"article": "\x00"},
     {"article": "a" * 201}],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_not_found(client, write, query):
    write()

    assert client.get(MINE, query).status_code == 404


def test_the_list_is_paged_and_costs_the_same_on_every_page(client, write, count_queries):
    many(write, 41)
    assert "Page 1 of 3" in client.get(MINE).content.decode()
    costs = []
    for number, rows in [(1, 20), (2, 20), (3, 1)]:
        with count_queries() as queries:
            html = client.get(MINE, {"page": number}).content.decode()
        assert html.count('<div class="comment"') == rows
        costs.append(len(queries))

    assert costs == [2, 2, 2]


def test_without_the_cookie_the_list_says_how_it_works(client):
    html = client.get(MINE).content.decode()

    assert "No comments" in html
    assert "cookie" in html


def test_a_comment_under_an_archived_article_stays_in_the_list_without_a_link(client, write):
    comment = write()
    type(comment.article).objects.update(status="archived")

    html = client.get(MINE).content.decode()

    assert comment.body in html
    assert comment.article.get_absolute_url() not in html


# --- the file ---


def test_the_file_holds_everything_of_this_browser(client, write):
    comment = write(body="Naïve – or “not”?\nSecond line.", email="writer@reader.example", kind="question")
    spam = write()
    decisions.mark_spam(spam, make_user("moderator"))
    write(browser=Client(), body="Somebody else's.", email="other@reader.example")

    response = client.get(EXPORT)

    data = json.loads(response.content)
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-comments.json"'
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert [row["number"] for row in data["comments"]] == [spam.pk, comment.pk]
    row = data["comments"][1]
    assert (row["name"], row["kind"], row["body"]) == ("Marisol", "question", "Naïve – or “not”?\nSecond line.")
    assert row["state_in_words"] == "Waiting for a moderator"
    assert client.get(row["receipt"].removeprefix("http://testserver")).status_code == 200
    (address,) = data["email_addresses"]
    assert (address["email"], address["confirmed_at"], address["mails_ended"]) == ("writer@reader.example", None, False)
    assert "spam" not in response.content.decode()


def test_the_file_holds_what_was_never_shown(client, write):
    """Texts before a change, what screening found, decisions, hashes; reports, hearts and bans of the browser."""
    Word.objects.create(text="kudubull")
    article, moderator = make_article(), make_user("moderator")
    comment = write(article, body="About the kudubull.", email="writer@reader.example")
    submitting.revise(comment, Draft("Marisol", "About the kudubull, again."))
    comment.refresh_from_db()
    decisions.reject(comment, moderator, reason="other", note="Not about kudus.")
    gone = write(article)
    decisions.reject(gone, moderator)
    Comment.objects.filter(pk=gone.pk).delete()
    about = make_comment(article, status="approved")
    Report.objects.create(comment=about, reader=comment.reader, reason="spam", network="4/32:x")
    Heart.objects.create(article=article, reader=comment.reader)
    Ban.objects.create(kind="reader", value=comment.reader, reason="Only for colleagues.")
    Ban.objects.create(kind="reader", value="f" * 32, reason="Somebody else.")
    comment.refresh_from_db()

    response = client.get(EXPORT)

    data = response.json()
    (row,) = data["comments"]
    assert [text["body"] for text in row["earlier_texts"]] == ["About the kudubull."]
    assert len(row["held_because"]) == 1 and "kudubull" in row["held_because"][0]
    (decision,) = row["decisions"]
    assert (decision["by"], decision["from"], decision["to"]) == ("a moderator", "pending", "rejected")
    assert decision["note"] == row["note"] == "Not about kudus."
    assert row["hashes"]["network"] == comment.network and row["hashes"]["text"] == comment.text_key
    assert [entry["comment"] for entry in data["decisions_about_deleted_comments"]] == [gone.pk]
    assert [report["comment"] for report in data["reports_made"]] == [about.pk]
    assert [heart["article"] for heart in data["hearts"]] == [article.title]
    assert [ban["of"] for ban in data["bans"]] == ["This browser"] and "colleagues" not in response.content.decode()
    assert data["browsers"] == [row["browser"]] == [comment.reader]
    assert moderator.username not in response.content.decode()


def test_the_file_costs_the_same_for_two_and_for_twelve(client, write, count_queries):
    costs = []
    for number in (2, 12):
        client.cookies.clear()
        many(write, number)
        client.get(EXPORT)
        with count_queries() as queries:
            assert len(client.get(EXPORT).json()["comments"]) == number
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_the_file_of_nobody_is_empty(client, write):
    write(browser=Client())

    data = client.get(EXPORT).json()

    assert data["comments"] == [] and data["email_addresses"] == []


# --- the end ---


def erase(client, site="same-origin", **data):
    return client.post(ERASE, data, headers={"sec-fetch-site": site})


def test_everything_of_one_browser_can_be_erased(client, write, clock):
    article = make_article()
    parent = write(article, body="Gone soon.", email="writer@reader.example")
    decisions.approve(parent, make_user("moderator"))
    answer = make_comment(article, status="approved", parent=parent, body="An answer that stays.")
    write(article, body="Still waiting.")
    other = write(article, browser=Client(), body="Somebody else's.")

    response = erase(client, sure="on")

    assert response.status_code == 303
    assert "are deleted" in client.get(response.url).content.decode()
    own = Comment.objects.exclude(reader=other.reader).exclude(pk=answer.pk)
    assert set(own.values_list("name", "body")) == {("", "")}
    assert Thread.objects.get(article=article).comment_count == 2
    html = client.get(article.get_absolute_url()).content.decode()
    assert "An answer that stays." in html and "Gone soon." not in html
    assert EmailAddress.objects.count() == 0
    other.refresh_from_db()
    assert other.body == "Somebody else's."


def test_erasing_needs_the_tick_and_our_own_page(client, write):
    comment = write()

    assert erase(client).status_code == 422
    assert erase(client, site="cross-site", sure="on").status_code == 403
    assert client.get(ERASE).status_code == 405
    assert Comment.objects.filter(pk=comment.pk, body=F("body"), erased_at=None).exists()


def test_without_the_cookie_nothing_is_erased(client, write):
    write(browser=Client())

    assert erase(client, sure="on").status_code == 303
    assert Comment.objects.filter(erased_at=None).count() == 1
