"""The comments of a banned writer, and one decision about all of them."""

import ipaddress
from typing import NamedTuple

from django.db.models import Q, QuerySet

from publishing.text import mailboxes

from ..models import Ban, Batch, Comment, EmailAddress, Status
from ..screening import dry_run
from . import bulk


class Target(NamedTuple):
    """A ban, with what was typed or what a comment says: the ban itself stores only a hash of that."""

    ban: Ban
    email: str = ""
    network: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None


def written_by(target: Target) -> QuerySet[Comment] | None:
    """The readers' comments that are known to come from the banned; None for a range that is too large to tell.

    By e-mail address, that includes what its browsers sent without it: the ban applies to them, too. From the network
    of a comment, only those of the same day, since hashes of different days cannot be compared. One query at most.
    """
    ban, rows = target.ban, Comment.objects.filter(is_editorial=False)
    if ban.kind == Ban.Kind.READER:
        return rows.by_reader(ban.value)
    if ban.kind == Ban.Kind.EMAIL:
        addresses = EmailAddress.objects.filter(mailbox=mailboxes.mailbox_of(target.email))
        readers = list(addresses.values_list("reader", flat=True))
        return rows.filter(Q(notify__in=addresses) | Q(reader__in=readers))
    hashes = dry_run.hashes_in(target.network) if target.network else {ban.value}
    return None if hashes is None else rows.filter(Q(network__in=hashes) | Q(network_range__in=hashes))


def waiting_and_published(target: Target) -> tuple[QuerySet[Comment], QuerySet[Comment]]:
    """Those of them that wait, and those that are approved."""
    rows = written_by(target)
    rows = Comment.objects.none() if rows is None else rows
    return rows.filter(status=Status.PENDING), rows.filter(status=Status.APPROVED)


def decide(target: Target, by, *, waiting: str = "", published: str = "") -> Batch:
    """Store a batch that decides about all of them: `waiting` and `published` are each one of `bulk.VERBS` or empty.

    Undoing it lifts the ban, too.
    """
    items = []
    for action, rows in zip((waiting, published), waiting_and_published(target), strict=True):
        items += bulk.items_of(rows.order_by("pk"), action) if action else []
    return bulk.start(Batch.Action.BAN, items, by, reason="other" if waiting == "reject" else "", ban=target.ban)
