"""Whose comments are published at once, if the policy trusts known writers."""

from django.db.models import Exists, F, OuterRef, Q

from ..models import ERASURE, UNPUBLISHED, WITHDRAWN, CommentSettings, EmailAddress, ModerationEntry, Status

# The latest decisions about one reader. Older rejections are not lost: enough approvals since end them, and an e-mail
# address counts only without any rejection.
REMEMBERED_DECISIONS = 500


def is_known(reader: str) -> bool:
    """Whether this reader has a confirmed e-mail address, or enough approved comments. Two queries at most.

    Counted by the key in the cookie, never by a typed name or address. After a rejection or removal only comments
    approved later count. It also ends the trust in the address, for every browser that gave the same mailbox, so
    clearing the cookie does not help.
    """
    if not reader:
        return False
    approved, has_rejection = _approved_lately(reader)
    if approved >= CommentSettings.current().trusted_after:
        return True
    return not has_rejection and _trusted_addresses(reader).exists()


def _approved_lately(reader):
    """How many comments of the reader were approved since the last rejection, and whether there was one."""
    decisions = ModerationEntry.objects.by_reader(reader).order_by("-created_at", "-pk")
    # Dismissing reports says nothing new about the writer.
    changes = decisions.exclude(new_status=F("old_status"))
    rows = changes.values_list("pk", "undoes", "comment_number", "new_status", "rule")
    approved, decided, undone = 0, set(), set()
    for pk, undoes, number, status, rule in rows[:REMEMBERED_DECISIONS]:
        # Neither an undone decision nor the undoing counts, so an old approval stays old.
        if pk in undone or undoes:
            undone |= set() if pk in undone else {undoes}
            continue
        if number in decided:
            continue
        decided.add(number)
        if status in UNPUBLISHED and rule not in (WITHDRAWN, ERASURE):
            return approved, True
        approved += status == Status.APPROVED
    return approved, False


def _trusted_addresses(reader):
    """The reader's confirmed addresses, without those of a mailbox that a rejected reader gave, even unconfirmed."""
    holders = EmailAddress.objects.filter(mailbox=OuterRef(OuterRef("mailbox"))).values("reader")
    later = ModerationEntry.objects.filter(
        ~Q(reader=""), reader=OuterRef("reader"), comment_number=OuterRef("comment_number"), pk__gt=OuterRef("pk")
    )
    turned_down = ModerationEntry.objects.filter(~Q(reader=""), new_status__in=UNPUBLISHED, reader__in=holders)
    rejections = turned_down.exclude(rule__in=[WITHDRAWN, ERASURE]).exclude(Exists(later))
    return EmailAddress.objects.filter(~Exists(rejections), reader=reader, confirmed_at__isnull=False)
