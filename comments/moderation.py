"""Everything that changes the state of a comment: each verb is one transaction with its entry in the record.

Decisions lock the comment first and then count, so two moderators of one comment follow one another. Repeating a
decision changes nothing and records nothing.
"""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from publishing import limits, pages

from .forms import BodyField, NameField
from .models import Comment, ModerationEntry, RejectReason, Status, ThreadCount

# For one network. A person who thinks before writing does not meet these.
SUBMIT_RATE = "1/15 seconds; 5/10 minutes; 30/day"


class StaleDecision(Exception):
    """The text is not the one that the moderator was shown."""


class TooSoon(Exception):
    """The network has used up its rate. `seconds` is after how many whole seconds a try succeeds, at least 1."""

    def __init__(self, seconds: int):
        super().__init__(f"Try again in {seconds} s.")
        self.seconds = seconds


def submit(article, name: str, body: str, reader: str = "", network: str = "") -> Comment:
    """Store what a reader wrote, held for moderation; returns it, or the equal one of the last 24 hours.

    `name` and `body` are what `CommentForm` cleaned. With a `network`, raises `TooSoon` when it sent too much lately;
    a repetition is not counted. The article's thread is locked first, so that a button pressed twice stores one
    row. Seven queries.
    """
    with transaction.atomic():
        ThreadCount.lock(article.pk)
        if earlier := Comment.objects.repeated(article, name, body).first():
            return earlier
        if network and (seconds := limits.seconds_to_wait(SUBMIT_RATE, "comment", network)):
            raise TooSoon(seconds)
        comment = Comment.objects.create(article=article, name=name, body=body, reader=reader)
        _record(comment, None, "", comment.created_at)
    return comment


def import_comment(
    article, name: str, body: str, created_at, status: str = Status.APPROVED, reason: str = "", note: str = ""
) -> Comment:
    """Store a comment from elsewhere as of `created_at`, in the state it had there, recorded and counted.

    A rejection's `reason` is a `RejectReason`, or a sentence of one's own, which becomes the note. Raises
    ValidationError for a name or body that no reader could send. About eight queries.
    """
    if status == Status.REJECTED and reason not in RejectReason.values:
        reason, note = RejectReason.OTHER, note or reason
    name, body = NameField().clean(name), BodyField().clean(body)
    decided_at = None if status == Status.PENDING else created_at
    with transaction.atomic():
        ThreadCount.lock(article.pk)
        comment = Comment.objects.create(
            article=article, name=name, body=body, status=status, reason=reason, note=note,
            created_at=created_at, decided_at=decided_at,
        )  # fmt: skip
        _record(comment, None, "", created_at)
        _count(comment, "")
    return comment


def approve(comment: Comment, by, seen: str | None = None) -> bool:
    """Show it to every reader. With the digest `seen`, raises `StaleDecision` when the text has changed since."""
    return _decide(comment, by, Status.APPROVED, seen=seen)


def reject(comment: Comment, by, reason: str = RejectReason.OTHER, note: str = "", seen: str | None = None) -> bool:
    """Do not publish it, for a `RejectReason` and with a `note` (300 characters), both of which its writer reads."""
    return _decide(comment, by, Status.REJECTED, reason, note, seen)


def mark_spam(comment: Comment, by, seen: str | None = None) -> bool:
    """Do not publish it. Its writer is told that it was rejected, and nothing of why."""
    return _decide(comment, by, Status.SPAM, seen=seen)


def remove(comment: Comment, by, seen: str | None = None) -> bool:
    """Take it off the page; its writer is told so."""
    return _decide(comment, by, Status.REMOVED, seen=seen)


def restore(comment: Comment, by, seen: str | None = None) -> bool:
    """Take a decision back: it waits again, from where it stood in the queue."""
    return _decide(comment, by, Status.PENDING, seen=seen)


def _decide(comment, by, status, reason="", note="", seen=None):
    """Give `comment`, and its row, the new state; returns whether that was a change. Eight queries at most."""
    with transaction.atomic():
        current = Comment.objects.select_for_update().get(pk=comment.pk)
        if seen is not None and seen != current.digest:
            raise StaleDecision(f"Comment {comment.pk} has changed since it was shown.")
        old_status, changed = current.status, current.status != status
        if changed:
            now = timezone.now()
            current.status, current.reason, current.note = status, reason, note
            current.decided_at = None if status == Status.PENDING else now
            current.save(update_fields=["html", "status", "reason", "note", "decided_at"])
            _record(current, by, old_status, now)
            _count(current, old_status)
    for name in ("name", "body", "html", "status", "reason", "note", "decided_at"):
        setattr(comment, name, getattr(current, name))
    return changed


def _record(comment, by, old_status, moment):
    ModerationEntry.objects.create(
        comment=comment, moderator=by, old_status=old_status, new_status=comment.status,
        reason=comment.reason, note=comment.note, digest=comment.digest, created_at=moment,
    )  # fmt: skip


def _count(comment, old_status):
    """Keep "N in thread" true, and let go of kept pages, when the comment has appeared or disappeared."""
    change = (comment.status == Status.APPROVED) - (old_status == Status.APPROVED)
    if change:
        ThreadCount.lock(comment.article_id)
        ThreadCount.objects.filter(article=comment.article_id).update(approved=F("approved") + change)
        pages.purge(f"article:{comment.article_id}")
