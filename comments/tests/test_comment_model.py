"""What the database itself refuses, and the order of a thread."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from comments.models import Comment, Status
from comments.querysets import CommentQuerySet
from comments.tests.factories import make_comment
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db


def reply_to(parent, **fields):
    return make_comment(parent.article, parent=parent, name="Ada", body="An answer.", status="approved", **fields)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "published"},
        {"name": ""},
        {"body": ""},
        {"body": "x" * 4001},
        {"status": "approved"},
        {"decided_at": "2026-01-01T00:00Z"},
        {"status": "rejected", "decided_at": "2026-01-01T00:00Z"},
        {"reason": "other"},
        {"note": "for a rejection only"},
        {"depth": 2},
        {"depth": 0},
        {"path": "12"},
    ],
    ids=str,
)
def test_a_state_that_makes_no_sense_cannot_be_stored(wrong):
    comment = make_comment()

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**wrong)


def test_two_comments_never_share_a_place():
    article = make_article()
    first, second = make_comment(article), make_comment(article)

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=second.pk).update(path=first.path)


def test_replies_follow_their_parents_and_stop_at_the_fifth_level():
    first = make_comment(status="approved")
    second = make_comment(first.article, status="approved")
    chain = [first]
    while len(chain) < 5:
        chain.append(reply_to(chain[-1]))

    assert list(Comment.objects.in_thread(first.article)) == [*chain, second]
    assert [len(comment.path) for comment in chain] == [12, 24, 36, 48, 60]
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(article=first.article, parent=chain[-1], name="Ada", body="Deeper.")


def test_a_comment_with_answers_is_not_deleted_alone_but_with_its_article():
    first = make_comment(status="approved")
    reply_to(first)

    with pytest.raises(models.RestrictedError):
        first.delete()
    first.article.delete()
    assert not Comment.objects.exists()


def test_the_queue_is_what_waits_with_the_longest_wait_first():
    now = timezone.now()
    for status in ("approved", "rejected", "spam", "removed"):
        make_comment(status=status)
    late, early = make_comment(created_at=now), make_comment(created_at=now - timedelta(days=1))
    worse, bad = (
        make_comment(body="http://a.example http://b.example"),
        make_comment(body="http://a.example http://b.example", created_at=now - timedelta(days=1)),
    )

    assert list(Comment.objects.pending()) == [early, late]
    assert list(Comment.objects.suspect()) == [bad, worse]


def test_what_readers_see_is_said_in_one_place():
    comments = {status: make_comment(status=status) for status in Status.values}

    assert isinstance(Comment.objects.all(), CommentQuerySet)
    assert list(Comment.objects.visible()) == [comments["approved"]]
    for status, comment in comments.items():
        assert Comment.objects.in_thread(comment.article).exists() == (status == "approved")
