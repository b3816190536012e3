"""No frequent query reads a whole table: each has its index."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from comments.models import Comment, ModerationEntry
from comments.moderation.queues import QUEUES, Place
from comments.tests.factories import make_comment
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db


def lately():
    return timezone.now() - timedelta(hours=24)


QUESTIONS = {
    "who sends the same text": lambda: Comment.objects.same_text("z" * 32, lately()),
    "what a network or a text has sent lately": lambda: Comment.objects.sent_lately(
        ["4/32:x", "4/32:y"], "z" * 32, lately()
    ),
    "what a reader wrote": lambda: Comment.objects.by_reader("a" * 32),
    "what became of what a reader wrote": lambda: ModerationEntry.objects.by_reader("a" * 32),
    "whose mailbox it was": lambda: Comment.objects.exclude(writer_hash="").filter(writer_hash__in=["z" * 64]),
    "a page of a thread": lambda: Comment.objects.roots(1).filter(path__gt="000000000001")[:21],
    "a page of a conversation": lambda: Comment.objects.visible().filter(root=1).order_by("path")[:20],
    "what is below a comment": lambda: Comment.objects.below(Comment(pk=2, root_id=1, path="1", depth=1)),
    "the feed of all comments": lambda: Comment.objects.decided("approved").on_published_articles().visible()[:40],
    "what was imported before": lambda: Comment.objects.filter(article=1, external_id="wordpress:1:1").exclude(
        external_id=""
    ),
    **{f"the queue {name}": lambda queue=queue: Place(queue).rows()[:25] for name, queue in QUEUES.items()},
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_an_index_answers(question):
    make_comment(make_article())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Of a table as small as this one it would rather read everything.
            cursor.execute("SET LOCAL enable_seqscan = off")

    plan = question().explain()

    # SQLite has no statistics of a new table. PostgreSQL reads the articles first, since there are few.
    if connection.vendor == "sqlite":
        assert "article_newest" not in plan
    # "SCAN … USING INDEX" walks along an index in its order; without one it reads the table.
    assert not re.search(r"SCAN comments_\w+(?! USING)\b(?! USING)", plan) and "Seq Scan" not in plan
