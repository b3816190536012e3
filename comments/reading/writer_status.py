"""The status of comments as their writers see it, and how long a review usually takes."""

from datetime import timedelta
from statistics import median
from typing import NamedTuple

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import models
from ..models import Comment, ModerationEntry, Status

# The wait is the median over the latest first decisions of this time, and unknown with fewer than a few.
WAIT_WINDOW = timedelta(days=7)
DECISIONS_COUNTED = 1000
FEWEST_DECISIONS = 5


class WriterStatus(NamedTuple):
    """`status` is never "spam", so that spammers learn nothing."""

    status: str
    words: str
    is_withdrawn: bool = False
    # Rejected by a rule, so no person has read it.
    is_unread: bool = False


WAITING = WriterStatus("pending", _("Waiting for a moderator"))
VISIBLE = WriterStatus("approved", _("Published"))
HIDDEN = WriterStatus("approved", _("Approved, but hidden with the comment it replies to"))
REJECTED = WriterStatus("rejected", _("Not published"))
REJECTED_BY_RULE = WriterStatus("rejected", _("Not published"), is_unread=True)
REMOVED = WriterStatus("removed", _("Removed by a moderator"))
WITHDRAWN = WriterStatus("removed", _("Withdrawn by you"), is_withdrawn=True)
ERASED = WriterStatus("removed", _("Name and text erased"))


def statuses(comments: list[Comment]) -> list[WriterStatus]:
    """The status of each comment, in the same order. One query, none if all are waiting or approved."""
    decided = [comment.pk for comment in comments if comment.status not in (Status.PENDING, Status.APPROVED)]
    entries = ModerationEntry.objects.filter(comment__in=decided).order_by("created_at", "pk")
    # The rule of the last entry of each.
    rules = dict(entries.values_list("comment", "rule"))
    return [_status_of(comment, rules.get(comment.pk, "")) for comment in comments]


def _status_of(comment, rule):
    if comment.erased_at:
        return ERASED
    if comment.status == Status.REMOVED:
        return WITHDRAWN if rule == models.WITHDRAWN else REMOVED
    if comment.status == Status.APPROVED:
        return VISIBLE if comment.is_visible else HIDDEN
    if comment.status == Status.PENDING:
        return WAITING
    return REJECTED_BY_RULE if rule else REJECTED


def usual_wait() -> str:
    """The median time to a moderator's first decision: "1 hour, 30 minutes"; empty for too few decisions."""
    recent = ModerationEntry.objects.filter(created_at__gt=timezone.now() - WAIT_WINDOW, comment__isnull=False)
    rows = recent.order_by("-created_at", "-pk").values_list(
        "comment_id", "old_status", "moderator_id", "created_at", "comment__created_at"
    )
    # From the newest back, so that the first decision about a comment is the one that stays.
    waits = {
        number: decided_at - received_at
        for number, old_status, moderator, decided_at, received_at in rows[:DECISIONS_COUNTED]
        if old_status == Status.PENDING and moderator is not None
    }
    if len(waits) < FEWEST_DECISIONS:
        return ""
    wait, now = median(waits.values()), timezone.now()
    return timesince(now - wait, now) if wait >= timedelta(minutes=1) else gettext("less than a minute")
