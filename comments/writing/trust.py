"""Whose comments appear at once, where the policy trusts known writers."""

from django.db.models import Exists, F, OuterRef, Q

from ..models import ERASURE, WITHDRAWN, CommentSettings, EmailAddress, ModerationEntry, Status

# Decisions about one reader among which approvals are counted, newest first. An older rejection cannot be forgotten by
# it: enough approvals since make up for it, and an e-mail address counts only if no rejection stands at all.
REMEMBERED_DECISIONS = 500
# What ends trust, unless it was the writer's own wish.
TURNED_DOWN = [Status.REJECTED, Status.SPAM, Status.REMOVED]


def is_known(reader: str) -> bool:
    """Whether what this reader writes may appear at once: a confirmed e-mail address, or enough comments approved.

    Counted by the key in the reader's cookie, never by a typed name or address. A rejection or a moderator's removal
    that stands ends it: from then on only comments approved later count. An address ends with it for every browser
    that gave the same mailbox, so that nobody is trusted anew by clearing the cookie. Two queries at most.
    """
    if not reader:
        return False
    approved, has_rejection = _approved_lately(reader)
    if has_rejection or approved >= CommentSettings.current().trusted_after:
        return approved >= CommentSettings.current().trusted_after
    return _trusted_addresses(reader).exists()


def _approved_lately(reader):
    """How many comments of the reader stand approved since the last one that was turned down, and whether one was."""
    decisions = ModerationEntry.objects.by_reader(reader).order_by("-created_at", "-pk")
    # Keeping a comment against reports says nothing new about its writer.
    changes = decisions.exclude(new_status=F("old_status"))
    rows = changes.values_list("pk", "undoes", "comment_number", "new_status", "rule")
    approved, decided, taken_back = 0, set(), set()
    for pk, undoes, number, status, rule in rows[:REMEMBERED_DECISIONS]:
        # What was taken back is as if it had not been, and so is taking it back: an old approval stays old.
        if pk in taken_back or undoes:
            taken_back |= set() if pk in taken_back else {undoes}
            continue
        if number in decided:
            continue
        decided.add(number)
        if status in TURNED_DOWN and rule not in (WITHDRAWN, ERASURE):
            return approved, True
        approved += status == Status.APPROVED
    return approved, False


def _trusted_addresses(reader):
    """The reader's confirmed addresses of whose mailbox no holder has a comment that stands turned down.

    Whoever typed the address is taken for a holder: who is rejected first and confirms later is not trusted either.
    """
    holders = EmailAddress.objects.filter(mailbox=OuterRef(OuterRef("mailbox"))).values("reader")
    later = ModerationEntry.objects.filter(
        ~Q(reader=""), reader=OuterRef("reader"), comment_number=OuterRef("comment_number"), pk__gt=OuterRef("pk")
    )
    turned_down = ModerationEntry.objects.filter(~Q(reader=""), new_status__in=TURNED_DOWN, reader__in=holders)
    rejections = turned_down.exclude(rule__in=[WITHDRAWN, ERASURE]).exclude(Exists(later))
    return EmailAddress.objects.filter(~Exists(rejections), reader=reader, confirmed_at__isnull=False)
