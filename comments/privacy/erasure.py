"""What is not kept: texts that somebody wants gone, and what nobody needs any more.

The decisions stay in the record, without notes and digests, so that trust lost stays lost. The key of a reader's
cookie stays with them: it is a random number that stands for nobody once name, text and e-mail address are gone.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from ..models import (
    ERASURE,
    Ban,
    Batch,
    Comment,
    EmailAddress,
    ModerationEntry,
    NetworkKey,
    Report,
    Revision,
    Status,
    Thread,
)
from ..moderation import decisions
from ..screening import bans

CHUNK = 500
# What an erased comment has left of itself: its place, its state, its kind, and when it came.
EMPTY = {
    "name": "", "body": "", "html": "", "note": "", "holds": [], "is_suspect": False, "text_key": "", "network": "",
    "network_range": "", "notify": None, "writer_hash": "", "edited_at": None, "open_reports": 0, "claimed_by": None,
    "claimed_until": None,
}  # fmt: skip
UNCONFIRMED_DAYS = 7


def erase(comments: Iterable[Comment]) -> int:
    """Make name and text of the comments go, and all that was derived from them; returns how many had any.

    A comment that is on the page keeps its place, so the thread's shape and the number in thread stay. One that
    waits is removed first: there is nothing left to decide about. Reports are answered, since what they were about
    is gone. One transaction for each article in every 500.
    """
    iterator, erased = iter(comments), 0
    while chunk := list(islice(iterator, CHUNK)):
        articles = defaultdict(list)
        for comment in chunk:
            articles[comment.article_id].append(comment.pk)
        erased += sum(_erase_in(article, numbers) for article, numbers in articles.items())
    return erased


def erase_reader(reader: str) -> int:
    """Erase everything that one reader wrote, and delete their e-mail addresses; returns the number of comments.

    `reader` is the key of publishing.web.anonymous_ids. Raises ValueError for an empty one, which stands for nobody.
    """
    if not reader:
        raise ValueError("A reader's key is needed.")
    erased = erase(Comment.objects.by_reader(reader).iterator())
    EmailAddress.objects.filter(reader=reader).delete()
    return erased


def _erase_in(article_id, numbers):
    """Erase comments of one article, with nobody else changing its thread meanwhile."""
    with transaction.atomic():
        Thread.objects.select_for_update().get(article=article_id)
        rows = Comment.objects.filter(pk__in=numbers, erased_at=None)
        for waiting in rows.filter(status=Status.PENDING).select_related("parent"):
            decisions.change_state(waiting, Status.REMOVED, rule=ERASURE)
        numbers = list(rows.values_list("pk", flat=True))
        now = timezone.now()
        rows.update(**EMPTY, erased_at=now)
        Report.objects.filter(comment__in=numbers, answered_at=None).update(answered_at=now)
        Revision.objects.filter(comment__in=numbers).erase()
        ModerationEntry.objects.filter(comment__in=numbers).forget_text()
        Thread.objects.filter(pinned__in=numbers).update(pinned=None)
        Thread.invalidate(article_id)
    return len(numbers)


def purge(days: int, *, dry_run: bool = False) -> dict[str, int]:
    """Delete what nobody needs any more; returns how much, by what it is. Running it again finds nothing.

    Spam and rejected comments decided more than `days` ago go, and what the record says of them goes without words.
    One with an answer that stays is erased instead. With them go e-mail addresses that nobody confirmed for a week,
    bans that are over, the texts before a change of comments that do not wait any more, the lists of old bulk
    decisions (their entries in the record stay), and old network keys.
    """
    now = timezone.now()
    unwanted = Comment.objects.filter(
        status__in=[Status.REJECTED, Status.SPAM], decided_at__lte=now - timedelta(days=days)
    )
    rest = {
        "unconfirmed e-mail addresses": EmailAddress.objects.filter(
            confirmed_at=None, created_at__lte=now - timedelta(days=UNCONFIRMED_DAYS)
        ),
        "bans that are over": Ban.objects.filter(expires_at__lte=now),
        "texts before a change": Revision.objects.exclude(comment__status=Status.PENDING),
        "bulk decisions": Batch.objects.filter(created_at__lte=now - timedelta(days=days)),
    }
    if dry_run:
        counts = _would_go(unwanted) | {name: rows.count() for name, rows in rest.items()}
        return counts | {"network keys": NetworkKey.objects.count() - len(bans.live_keys())}
    counts = {
        "comments deleted": _delete_unanswered(unwanted.exclude(_ANSWERED)),
        "comments erased": erase(unwanted.filter(erased_at=None).iterator()),
    }
    for name, rows in rest.items():
        counts[name] = rows.erase() if rows.model is Revision else rows.delete()[1].get(rows.model._meta.label, 0)
    return counts | {"network keys": bans.destroy_old_keys()}


_ANSWERED = Exists(Comment.objects.filter(parent=OuterRef("pk")))


def _would_go(unwanted):
    """How many of the `unwanted` would be deleted, and how many stay in their place for the sake of an answer."""
    kept = [
        comment
        for comment in unwanted.filter(_ANSWERED).iterator()
        if Comment.objects.below(comment).exclude(pk__in=unwanted.filter(article=comment.article_id)).exists()
    ]
    erased = sum(comment.erased_at is None for comment in kept)
    return {"comments deleted": unwanted.count() - len(kept), "comments erased": erased}


def _delete_unanswered(rows):
    """Delete in chunks, answers first: what was answered only by them can go after them."""
    deleted = 0
    while numbers := list(rows.order_by("-depth", "pk").values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            # Looked at again: a comment may have been answered, or put back into the queue, meanwhile.
            numbers = list(rows.filter(pk__in=numbers).select_for_update().values_list("pk", flat=True))
            ModerationEntry.objects.filter(comment__in=numbers).forget_text()
            Comment.objects.filter(pk__in=numbers).delete()
        deleted += len(numbers)
    return deleted
