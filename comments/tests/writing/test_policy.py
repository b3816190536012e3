"""Who may write under an article, and whose comments appear at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, CommentSettings, EmailAddress, ModerationEntry, Thread, Word
from comments.moderation import decisions
from comments.tests.factories import comment_url, sent
from comments.writing import trust
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make_article(published_at=timezone.now() - timedelta(days=10))


@pytest.fixture
def moderator():
    return make_user("moderator")


@pytest.fixture
def send(post_from_site):
    """Send a comment as the browser with the test's cookies, each time from another network; returns it."""

    def post(article, body=None, status=303, **fields):
        number = Comment.objects.count() + 1
        response = post_from_site(
            comment_url(article), sent(body=body or f"Remark {number}.", **fields), REMOTE_ADDR=f"192.0.2.{number}"
        )
        assert response.status_code == status
        return Comment.objects.latest("pk") if status == 303 else response

    return post


def rule(**fields):
    CommentSettings(**{"policy": "trust", "trusted_after": 2} | fields).save()


def rule_here(article, **fields):
    Thread.objects.update_or_create(article=article, defaults=fields)


def approved(send, moderator, article, number=2):
    """As many comments of this browser, approved by a moderator."""
    comments = [send(article) for _ in range(number)]
    for comment in comments:
        if comment.status == "pending":
            decisions.approve(comment, moderator)
    return comments


# --- which policy holds ---


def test_everything_is_held_if_nobody_says_otherwise(send, moderator, article):
    approved(send, moderator, article, 5)

    assert send(article).status == "pending"


@pytest.mark.parametrize(
    ("site", "here", "status"),
    [
        ("hold", "inherit", "pending"), ("hold", "trust", "approved"), ("hold", "hold", "pending"),
        ("trust", "inherit", "approved"), ("trust", "hold", "pending"), ("closed", "trust", "approved"),
    ],
)  # fmt: skip
def test_an_articles_own_policy_stands_over_the_sites(send, moderator, article, site, here, status):
    approved(send, moderator, article)
    rule(policy=site)
    rule_here(article, policy=here)

    assert send(article).status == status


@pytest.mark.parametrize(("site", "here"), [("closed", "inherit"), ("hold", "closed"), ("trust", "closed")])
def test_a_closed_thread_takes_nothing_and_gives_the_text_back(send, article, site, here):
    rule(policy=site)
    rule_here(article, policy=here)

    response = send(article, body="My long text & more", status=403)

    assert "My long text &amp; more" in response.content.decode()
    assert "closed" in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("site", "here", "open_days", "closed_days"),
    [(14, None, 13.99, 14.01), (90, None, 89.99, 90.01), (14, 90, 89.99, 90.01), (0, 14, 13.99, 14.01)],
)
def test_a_thread_closes_by_itself_so_many_days_after_publication(
    send, post_from_site, site, here, open_days, closed_days
):
    rule(close_after_days=site)
    open_article = make_article(published_at=timezone.now() - timedelta(days=open_days))
    closed_article = make_article(published_at=timezone.now() - timedelta(days=closed_days))
    for one in (open_article, closed_article):
        rule_here(one, close_after_days=here)

    send(open_article)
    send(closed_article, status=403)


@pytest.mark.parametrize(("site", "here"), [(0, None), (14, 0), (90, 0)])
def test_a_thread_that_never_closes_is_open_after_years(send, site, here):
    rule(close_after_days=site)
    article = make_article(published_at=timezone.now() - timedelta(days=4000))
    rule_here(article, close_after_days=here)

    assert send(article).status == "pending"


def test_a_thread_closes_between_the_page_and_the_post(client, clock, send, article):
    rule(close_after_days=14)
    assert client.get(article.get_absolute_url()).status_code == 200

    clock.shift(timedelta(days=5))
    send(article, status=403)


def test_the_moment_of_closing_is_known_before_and_after(article):
    rule(close_after_days=14)

    closes_at = CommentSettings.current().closes_at(article, Thread.for_article(article))
    assert closes_at == article.published_at + timedelta(days=14)
    rule(close_after_days=0)
    assert CommentSettings.current().closes_at(article, Thread.for_article(article)) is None


# --- who is known ---


def test_a_reader_with_enough_approved_comments_is_shown_at_once(client, send, moderator, article):
    rule()
    assert send(article).status == "pending"
    decisions.approve(Comment.objects.get(), moderator)
    approved(send, moderator, article, 1)

    third = send(article)

    assert (third.status, third.is_visible) == ("approved", True)
    entry = ModerationEntry.objects.get(comment=third)
    assert (entry.old_status, entry.new_status, entry.rule, entry.moderator) == ("", "approved", "known", None)
    assert Thread.objects.get(article=article).comment_count == 3
    assert third.body in client.get(article.get_absolute_url()).content.decode()


def test_one_comment_less_is_not_enough(send, moderator, article):
    rule(trusted_after=3)
    approved(send, moderator, article, 2)

    assert send(article).status == "pending"


def test_nobody_is_known_by_a_typed_name_or_address(client, send, moderator, article):
    rule()
    approved(send, moderator, article, 3)
    EmailAddress.objects.create(reader="a" * 32, email="ann@mail.example", confirmed_at=timezone.now())

    client.cookies.clear()
    assert send(article, name="Marisol", email="ann@mail.example").status == "pending"
    client.cookies["reader"] = Comment.objects.first().reader
    assert send(article).status == "pending", "a cookie that is not signed"


def test_a_reader_with_a_confirmed_address_is_shown_at_once(send, article):
    rule()
    first = send(article, email="ann@mail.example")
    assert send(article).status == "pending", "not confirmed yet"
    EmailAddress.objects.filter(reader=first.reader).update(confirmed_at=timezone.now())

    assert send(article).status == "approved"


@pytest.mark.parametrize("verb", [decisions.reject, decisions.mark_spam, decisions.remove])
def test_trust_is_lost_with_a_rejection_and_won_again_by_approvals_since(send, moderator, article, verb):
    rule()
    approved(send, moderator, article, 4)
    EmailAddress.objects.create(reader=Comment.objects.first().reader, email="a@b.example", confirmed_at=timezone.now())
    verb(send(article), moderator)

    again = [send(article) for _ in range(2)]
    assert [comment.status for comment in again] == ["pending", "pending"]
    decisions.approve(again[0], moderator)
    assert send(article).status == "pending"
    decisions.approve(again[1], moderator)
    assert send(article).status == "approved"


def test_a_rejection_that_is_undone_took_nothing_away(send, moderator, article):
    rule()
    approved(send, moderator, article)
    wrongly = send(article)
    decisions.reject(wrongly, moderator)
    assert send(article).status == "pending"

    decisions.undo(ModerationEntry.objects.filter(comment=wrongly).latest("pk"), moderator)
    assert send(article).status == "approved"


def test_what_is_put_back_into_the_queue_counts_for_nothing(send, moderator, article):
    rule()
    first, _ = approved(send, moderator, article)
    decisions.restore(first, moderator)

    assert send(article).status == "pending"


def test_a_rejection_by_screening_ends_trust_too(send, moderator, article):
    rule()
    approved(send, moderator, article)
    Word.objects.create(text="viagra", severity="banned")
    assert send(article, body="viagra").status == "rejected"

    assert send(article).status == "pending"


def test_a_purged_rejection_is_remembered(send, moderator, article):
    rule()
    approved(send, moderator, article)
    bad = send(article)
    decisions.reject(bad, moderator)
    bad.delete()

    assert send(article).status == "pending"


@pytest.mark.parametrize(
    ("fields", "rule_name"),
    [
        ({"body": "https://a.example https://b.example"}, "links"), ({"body": "casino"}, "suspect-word"),
        ({"name": "Editor"}, "staff-name"), ({"name": "www.pills.com"}, "link-in-name"),
    ],
)  # fmt: skip
def test_a_known_writer_is_held_for_what_screening_finds(send, moderator, article, fields, rule_name):
    rule()
    approved(send, moderator, article)
    Word.objects.create(text="casino")

    comment = send(article, **fields)
    assert (comment.status, comment.holds[0]["rule"]) == ("pending", rule_name)


def test_a_known_writers_answer_appears_only_under_what_is_visible(send, moderator, article):
    rule()
    parent, _ = approved(send, moderator, article)

    assert send(article, parent=parent.pk).is_visible
    decisions.remove(parent, moderator)
    send(article, parent=parent.pk, status=422)


def test_asking_who_is_known_costs_two_queries_at_most(send, moderator, article, count_queries):
    rule()
    approved(send, moderator, article, 12)
    reader = Comment.objects.first().reader
    CommentSettings.current()

    for who, number in ((reader, 1), ("b" * 32, 2), ("", 0)):
        with count_queries() as queries:
            trust.is_known(who)
        assert len(queries) == number
