"""What somebody who is banned has written, as far as that is stored, and the decision about all of it at once."""

import ipaddress
from typing import NamedTuple

from django.db.models import Q, QuerySet

from publishing.text import mailboxes

from ..models import Ban, Batch, Comment, EmailAddress, Status
from ..screening import dry_run
from . import bulk


class Whom(NamedTuple):
    """Whom a ban is about, with what was typed or what a comment says: the ban itself keeps only a hash of that."""

    ban: Ban
    email: str = ""
    network: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None


def written_by(whom: Whom) -> QuerySet[Comment] | None:
    """The readers' comments that are known to come from `whom`; None where nobody can tell.

    By e-mail address also what its browsers sent without it: the ban keeps them out, too. From a network that a comment
    came from, that is what came on the same day, since the hashes of two days cannot be compared. One query at most.
    """
    ban, rows = whom.ban, Comment.objects.filter(is_editorial=False)
    if ban.kind == Ban.Kind.READER:
        return rows.by_reader(ban.value)
    if ban.kind == Ban.Kind.EMAIL:
        given = EmailAddress.objects.filter(mailbox=mailboxes.mailbox_of(whom.email))
        readers = list(given.values_list("reader", flat=True))
        return rows.filter(Q(notify__in=given) | Q(reader__in=readers))
    hashes = dry_run.hashes_in(whom.network) if whom.network else {ban.value}
    return None if hashes is None else rows.filter(Q(network__in=hashes) | Q(network_range__in=hashes))


def waiting_and_published(whom: Whom) -> tuple[QuerySet[Comment], QuerySet[Comment]]:
    """What of it waits for a decision, and what is approved; nothing where nobody can tell."""
    rows = written_by(whom)
    rows = Comment.objects.none() if rows is None else rows
    return rows.filter(status=Status.PENDING), rows.filter(status=Status.APPROVED)


def decide(whom: Whom, by, *, waiting: str = "", published: str = "") -> Batch:
    """Store the decision about everything that `whom` wrote: one of `bulk.VERBS` for what waits, one for what is
    approved, and nothing where that is empty. Undoing it lifts the ban, too."""
    chosen = []
    for action, rows in zip((waiting, published), waiting_and_published(whom), strict=True):
        if action:
            of_rows = rows.values_list("article", "pk", "status").order_by("pk")
            chosen += [bulk.Chosen(*row, action=action) for row in of_rows[: bulk.MOST]]
    return bulk.start(Batch.Action.BAN, chosen, by, reason="other" if waiting == "reject" else "", ban=whom.ban)
