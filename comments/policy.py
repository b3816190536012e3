"""Who may write under an article, and whose comments appear at once."""

from datetime import datetime, timedelta

from django.utils import timezone

from .models import CommentSettings, EmailAddress, ModerationEntry, Policy, Status, Thread

# Decisions about one reader that are looked at, newest first.
REMEMBERED_DECISIONS = 500


def of(thread: Thread) -> str:
    """The policy that holds for a thread: `HOLD_ALL`, `TRUST_KNOWN` or `CLOSED`. No query while settings are known."""
    return CommentSettings.current().policy if thread.policy == Policy.INHERIT else thread.policy


def closes_at(article, thread: Thread) -> datetime | None:
    """When the thread closes by itself, past or future; None for never."""
    days = CommentSettings.current().close_after_days if thread.close_after_days is None else thread.close_after_days
    return article.published_at + timedelta(days=days) if days and article.published_at else None


def is_open(article, thread: Thread) -> bool:
    """Whether readers may write under `article` now."""
    end = closes_at(article, thread)
    return of(thread) != Policy.CLOSED and (end is None or timezone.now() < end)


def is_known(reader: str) -> bool:
    """Whether what this reader writes may appear at once: a confirmed e-mail address, or enough comments approved.

    Counted by the key in the reader's cookie, never by a typed name or address. A rejection that stands ends it:
    from then on only comments approved later count. Two queries at most.
    """
    if not reader:
        return False
    decisions = ModerationEntry.objects.by_reader(reader).order_by("-created_at", "-pk")
    standing = {}
    for number, status in decisions.values_list("comment_number", "new_status")[:REMEMBERED_DECISIONS]:
        standing.setdefault(number, status)
    approved = 0
    for status in standing.values():
        if status in (Status.REJECTED, Status.SPAM):
            return approved >= CommentSettings.current().trusted_after
        approved += status == Status.APPROVED
    if approved >= CommentSettings.current().trusted_after:
        return True
    return EmailAddress.objects.filter(reader=reader, confirmed_at__isnull=False).exists()
