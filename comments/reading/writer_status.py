"""How comments stand, in the words that their writers read, and how long one usually waits."""

from datetime import timedelta
from statistics import median
from typing import NamedTuple

from django.utils import timezone
from django.utils.timesince import timesince

from ..models import WITHDRAWN, Comment, ModerationEntry, Status

# The wait is told from the first decisions of this time, the newest so many of them, and not from fewer than a few.
WAIT_WINDOW = timedelta(days=7)
DECISIONS_LOOKED_AT = 1000
FEWEST_DECISIONS = 5


class WriterStatus(NamedTuple):
    """What the writer is told. `status` never says "spam": that somebody was found out is no news for a spammer."""

    status: str
    words: str
    is_withdrawn: bool = False
    # Whether a rule turned it down, so that nobody has read it.
    is_unread: bool = False


WAITING = WriterStatus("pending", "Waiting for a moderator")
VISIBLE = WriterStatus("approved", "Published")
COVERED = WriterStatus("approved", "Approved, but hidden with the comment it replies to")
REJECTED = WriterStatus("rejected", "Not published")
STOPPED = WriterStatus("rejected", "Not published", is_unread=True)
REMOVED = WriterStatus("removed", "Removed by a moderator")
TAKEN_BACK = WriterStatus("removed", "Withdrawn by you", is_withdrawn=True)
ERASED = WriterStatus("removed", "Name and text erased")


def statuses(comments: list[Comment]) -> list[WriterStatus]:
    """How each comment stands, in the same order. One query if one neither waits nor is approved."""
    turned_down = [comment.pk for comment in comments if comment.status not in (Status.PENDING, Status.APPROVED)]
    entries = ModerationEntry.objects.filter(comment__in=turned_down).order_by("created_at", "pk")
    # The last one of each is the one that stays.
    rules = dict(entries.values_list("comment", "rule")) if turned_down else {}
    return [_status_of(comment, rules.get(comment.pk, "")) for comment in comments]


def _status_of(comment, rule):
    """`rule` is the one that its last change names."""
    if comment.erased_at:
        return ERASED
    if comment.status == Status.REMOVED:
        return TAKEN_BACK if rule == WITHDRAWN else REMOVED
    if comment.status == Status.APPROVED:
        return VISIBLE if comment.is_visible else COVERED
    if comment.status == Status.PENDING:
        return WAITING
    return STOPPED if rule else REJECTED


def median_wait() -> timedelta | None:
    """The median of the time from arrival to the first decision of a moderator, over the last seven days.

    None for fewer than `FEWEST_DECISIONS`. One query, over at most `DECISIONS_LOOKED_AT` rows of the record.
    """
    recent = ModerationEntry.objects.filter(created_at__gt=timezone.now() - WAIT_WINDOW, comment__isnull=False)
    rows = recent.order_by("-created_at", "-pk").values_list(
        "comment_id", "old_status", "moderator_id", "created_at", "comment__created_at"
    )
    waits = {}
    # From the newest back, so that the first decision about a comment is the one that stays.
    for number, old_status, moderator, decided_at, received_at in rows[:DECISIONS_LOOKED_AT]:
        if old_status == Status.PENDING and moderator is not None:
            waits[number] = decided_at - received_at
    return median(waits.values()) if len(waits) >= FEWEST_DECISIONS else None


def in_words(wait: timedelta) -> str:
    """A wait in its two largest units, rounded down: "1 hour, 30 minutes"."""
    if wait < timedelta(minutes=1):
        return "less than a minute"
    now = timezone.now()
    return timesince(now - wait, now)
