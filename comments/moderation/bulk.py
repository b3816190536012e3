"""One decision about many comments: stored first, then carried out in short transactions until nothing is left.

Whoever started a batch continues it, a few seconds at a time, so that no request is long; after an interruption it goes
on where it stopped. Each comment is decided by itself: one that cannot be does not keep the others.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from ..models import Batch, BatchItem, Comment, ModerationEntry, RejectReason
from . import decisions

# Comments of one batch.
MOST = 10_000
# Comments in one transaction: others can write in between.
CHUNK = 100
# Of one request.
SECONDS = 3
# Of many that were left alone for one reason, how many are named.
NAMED = 3

VERBS = {
    Batch.Action.APPROVE: decisions.approve,
    Batch.Action.REJECT: decisions.reject,
    Batch.Action.SPAM: decisions.mark_spam,
    Batch.Action.REMOVE: decisions.remove,
    Batch.Action.RESTORE: decisions.restore,
}
Outcome = BatchItem.Outcome


class Chosen(NamedTuple):
    """One chosen comment: its number, the state it was shown in, and the digest of what was shown (None: not shown)."""

    article: int
    number: int
    was: str = ""
    seen: str | None = None
    # If it is not that of the whole batch.
    action: str = ""
    # If it is known that nothing is decided about it.
    outcome: str = ""


@dataclass
class Progress:
    """How far a batch is: how many comments have which outcome, and some of those that were left alone."""

    total: int = 0
    left: int = 0
    outcomes: Counter = field(default_factory=Counter)
    # By what was done: the numbers of a ban are of two kinds.
    done: Counter = field(default_factory=Counter)
    named: dict[str, list[Comment]] = field(default_factory=dict)

    @property
    def finished(self) -> int:
        return self.total - self.left


@transaction.atomic
def start(action: str, chosen: Iterable[Chosen], by, *, reason: str = "", note: str = "", **more) -> Batch:
    """Store a batch of at most `MOST` comments. Two queries, and one for each thousand comments."""
    if action == Batch.Action.REJECT:
        reason = reason or RejectReason.OTHER
    batch = Batch.objects.create(action=action, moderator=by, reason=reason, note=note, **more)
    items = (
        BatchItem(
            batch=batch, article_number=one.article, comment_number=one.number, action=one.action or action,
            was=one.was or "", seen=one.seen or "", outcome=one.outcome,
        )
        for one in islice(chosen, MOST)
    )  # fmt: skip
    BatchItem.objects.bulk_create(items, batch_size=1000)
    return batch


@transaction.atomic
def undo(batch: Batch, by) -> Batch:
    """Store the batch that undoes what `batch` decided; a ban that belongs to it is lifted at once.

    What `batch` has not decided yet stays undecided. Raises ValueError if it cannot be undone, or was.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if not batch.may_be_undone:
        raise ValueError("This was already undone.")
    batch.items.filter(outcome="").delete()
    Batch.objects.filter(pk=batch.pk, finished_at=None).update(finished_at=timezone.now())
    if batch.ban:
        batch.ban.delete()
    done = batch.items.filter(outcome=Outcome.DONE).values_list("article_number", "comment_number")
    return start(Batch.Action.UNDO, (Chosen(*pair) for pair in done), by, undoes=batch)


def carry_on(batch: Batch, *, seconds: float | None = None) -> bool:
    """Decide about what is left of `batch`, as far as `seconds` (`SECONDS`) reach; whether it is finished.

    A transaction decides about `CHUNK` comments of one article. A decision locks its thread, then at times the
    settings: who held both and wanted another thread could wait for ever for somebody who holds that one.
    """
    deadline = monotonic() + (SECONDS if seconds is None else seconds)
    while not (finished := _decide_chunk(batch)) and monotonic() < deadline:
        pass
    return finished


@transaction.atomic
def _decide_chunk(batch):
    """Whether there was nothing left. Who carries on with the same batch at the same time waits."""
    batch = Batch.objects.select_for_update(of=["self"]).select_related("moderator", "undoes").get(pk=batch.pk)
    waiting = batch.items.filter(outcome="").order_by("article_number", "comment_number")
    chunk = list(waiting[:CHUNK])
    if not chunk:
        Batch.objects.filter(pk=batch.pk, finished_at=None).update(finished_at=timezone.now())
        return True
    chunk = [item for item in chunk if item.article_number == chunk[0].article_number]
    for item in chunk:
        item.outcome, item.seen = _decide_one(batch, item), ""
    BatchItem.objects.bulk_update(chunk, ["outcome", "seen"])
    return False


def _decide_one(batch, item):
    comment = Comment(pk=item.comment_number)
    try:
        if batch.action == Batch.Action.UNDO:
            return _undo_one(batch, item)
        details = {"reason": batch.reason, "note": batch.note} if item.action == Batch.Action.REJECT else {}
        # Who bans somebody decides over colleagues who have a comment of theirs open.
        over_claim = batch.action == Batch.Action.BAN
        decide = VERBS[item.action]
        is_change = decide(
            comment, batch.moderator, was=item.was or None, seen=item.seen or None, over_claim=over_claim, batch=batch,
            **details,
        )  # fmt: skip
        return Outcome.DONE if is_change else Outcome.ALREADY
    except Comment.DoesNotExist:
        return Outcome.GONE
    except decisions.StaleDecision:
        return Outcome.CHANGED
    except decisions.NothingLeft:
        return Outcome.FINAL
    except (decisions.AlreadyDecided, decisions.CannotUndo):
        return Outcome.DECIDED
    except decisions.ClaimedByOther:
        return Outcome.CLAIMED


def _undo_one(batch, item):
    entry = ModerationEntry.objects.filter(batch=batch.undoes_id, comment=item.comment_number).first()
    if entry is None:
        return Outcome.GONE
    decisions.undo(entry, batch.moderator, batch=batch)
    return Outcome.DONE


def progress(batch: Batch) -> Progress:
    """How far `batch` is. One query, and two for each reason for which comments were left alone."""
    found = Progress()
    for outcome, action in batch.items.values_list("outcome", "action").order_by():
        found.total += 1
        found.left += not outcome
        if outcome:
            found.outcomes[outcome] += 1
        if outcome == Outcome.DONE:
            found.done[action] += 1
    for outcome in found.outcomes:
        if outcome not in (Outcome.DONE, Outcome.GONE):
            numbers = batch.items.filter(outcome=outcome).order_by("pk").values_list("comment_number", flat=True)
            found.named[outcome] = list(Comment.objects.filter(pk__in=list(numbers[:NAMED])))
    return found
