"""How the desk calls those who decide."""

from django.utils import timezone

from ..models import ERASURE, WITHDRAWN, Comment, ModerationEntry

# What an entry names as its rule where nobody judged.
WISHES = {WITHDRAWN: "its writer", ERASURE: "an erasure on request"}


def holder_of(comment: Comment) -> str:
    """Who has it in hand just now, by name; empty if nobody has."""
    if not comment.claimed_by_id or not comment.claimed_until or comment.claimed_until <= timezone.now():
        return ""
    return name_of(comment.claimed_by)


def name_of(user) -> str:
    return user.get_full_name() or user.get_username()


def who_decided(entry: ModerationEntry) -> str:
    """Who made an entry, in words."""
    if entry.moderator:
        return name_of(entry.moderator)
    if entry.rule in WISHES:
        return WISHES[entry.rule]
    if entry.rule:
        return f"the rule “{entry.rule}”"
    if not entry.old_status:
        return "an import"
    return "an account that is gone"
