"""Erases names and texts for their writers, and deletes expired data.

The decisions stay in the record, without notes and digests, so that lost trust stays lost; with them the key of the
reader's cookie, a random number that identifies nobody once name, text and e-mail address are deleted.
"""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from ..models import ERASURE, Ban, Batch, Comment, EmailAddress, ModerationEntry, Report, Revision, Status, Thread
from ..moderation import decisions
from ..screening import bans

CHUNK = 500
# All else stays: its place, its state, its kind, and when it was sent.
EMPTY = {
    "name": "", "body": "", "html": "", "note": "", "holds": [], "is_suspect": False, "text_key": "", "network": "",
    "network_range": "", "notify": None, "writer_hash": "", "edited_at": None, "open_reports": 0, "claimed_by": None,
    "claimed_until": None,
}  # fmt: skip
UNCONFIRMED_DAYS = 7


def erase(comments: Iterable[Comment]) -> int:
    """Delete name and text of the comments, and all that is derived from them; returns how many had any.

    A visible comment keeps its place in the thread and in its number. A waiting one is removed, and reports count as
    answered. One transaction for each run of comments on the same article.
    """
    articles = groupby(comments, key=attrgetter("article_id"))
    return sum(_erase_in(article, [comment.pk for comment in on_it]) for article, on_it in articles)


def erase_reader(reader: str) -> int:
    """Erase all comments of the reader with this key and delete their e-mail addresses; returns how many comments.
    Raises ValueError for an empty key."""
    if not reader:
        raise ValueError("A reader's key is needed.")
    erased = erase(Comment.objects.by_reader(reader).order_by("article", "pk").iterator())
    EmailAddress.objects.filter(reader=reader).delete()
    return erased


def _erase_in(article_id, numbers):
    """Erase comments of one article, with its thread locked."""
    with transaction.atomic():
        Thread.objects.select_for_update().get(article=article_id)
        rows = Comment.objects.filter(pk__in=numbers, erased_at=None)
        for waiting in rows.filter(status=Status.PENDING).select_related("parent"):
            decisions.change_state(waiting, Status.REMOVED, rule=ERASURE)
        is_visible = dict(rows.values_list("pk", "is_visible"))
        numbers, now = list(is_visible), timezone.now()
        rows.update(**EMPTY, erased_at=now)
        Report.objects.filter(comment__in=numbers, answered_at=None).update(answered_at=now)
        Revision.objects.filter(comment__in=numbers).erase()
        ModerationEntry.objects.filter(comment__in=numbers).forget_text()
        Thread.objects.filter(pinned__in=numbers).update(pinned=None)
        if any(is_visible.values()):
            Thread.withdraw(article_id)
    return len(numbers)


def purge(days: int, *, dry_run: bool = False) -> dict[str, int]:
    """Delete expired data; returns how much of each. A second run deletes nothing.

    Spam and rejected comments go `days` after the decision, whose entry stays without texts; one with a reply that
    stays is erased instead. Also e-mail addresses not confirmed within a week, bans that are over, earlier texts of
    decided comments, the lists of old bulk decisions (their entries stay), and old network keys.
    """
    now = timezone.now()
    then, week_ago = now - timedelta(days=days), now - timedelta(days=UNCONFIRMED_DAYS)
    unwanted = Comment.objects.filter(status__in=[Status.REJECTED, Status.SPAM], decided_at__lte=then)
    rest = {
        "unconfirmed e-mail addresses": EmailAddress.objects.filter(confirmed_at=None, created_at__lte=week_ago),
        "bans that are over": Ban.objects.filter(expires_at__lte=now),
        "texts before a change": Revision.objects.exclude(comment__status=Status.PENDING),
        "bulk decisions": Batch.objects.filter(created_at__lte=then),
        "network keys": bans.old_keys(),
    }
    if dry_run:
        return _would_go(unwanted) | {name: rows.count() for name, rows in rest.items()}
    counts = {
        "comments deleted": _delete_unanswered(unwanted.exclude(_ANSWERED)),
        "comments erased": erase(unwanted.filter(erased_at=None).order_by("article", "pk").iterator()),
    }
    for name, rows in rest.items():
        counts[name] = rows.erase() if rows.model is Revision else rows.delete()[1].get(rows.model._meta.label, 0)
    return counts


_ANSWERED = Exists(Comment.objects.filter(parent=OuterRef("pk")))


def _would_go(unwanted):
    """How many of the `unwanted` would be deleted, and how many erased because a reply stays."""
    kept = [
        comment
        for comment in unwanted.filter(_ANSWERED).iterator()
        if Comment.objects.below(comment).exclude(pk__in=unwanted.filter(article=comment.article_id)).exists()
    ]
    erased = sum(comment.erased_at is None for comment in kept)
    return {"comments deleted": unwanted.count() - len(kept), "comments erased": erased}


def _delete_unanswered(rows):
    """Delete in chunks, replies first, so that their parents have none left."""
    deleted = 0
    while numbers := list(rows.order_by("-depth", "pk").values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            # Selected again: a comment may have got a reply, or gone back into the queue, meanwhile.
            numbers = list(rows.filter(pk__in=numbers).select_for_update().values_list("pk", flat=True))
            ModerationEntry.objects.filter(comment__in=numbers).forget_text()
            Comment.objects.filter(pk__in=numbers).delete()
        deleted += len(numbers)
    return deleted
