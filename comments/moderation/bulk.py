"""Bulk decisions: stored first, then carried out in short transactions, a few seconds in each request.

An interrupted batch continues where it stopped; a refused comment does not stop the others.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Batch, BatchItem, Comment, ModerationEntry, RejectReason
from . import decisions
from .decisions import Outcome

# Comments of one batch.
MOST = 10_000
# Comments in one transaction: others can write in between.
CHUNK = 100
# Of one request.
SECONDS = 3
# How many of those skipped for one reason are named.
NAMED = 3

VERBS = {
    Batch.Action.APPROVE: decisions.approve,
    Batch.Action.REJECT: decisions.reject,
    Batch.Action.SPAM: decisions.mark_spam,
    Batch.Action.REMOVE: decisions.remove,
    Batch.Action.RESTORE: decisions.restore,
}


@dataclass
class Progress:
    """How many comments of a batch have which outcome, and some of those that were skipped."""

    outcomes: Counter = field(default_factory=Counter)
    # By action: a ban has two.
    done: dict[str, int] = field(default_factory=dict)
    named: dict[str, list[Comment]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.outcomes.total()

    @property
    def left(self) -> int:
        return self.outcomes[""]

    @property
    def finished(self) -> int:
        return self.total - self.left


def items_of(comments, action: str = "") -> list[BatchItem]:
    """Unsaved items about the first `MOST` of `comments`, with their states. One query."""
    return [
        BatchItem(article_number=article, comment_number=number, was=status, action=action)
        for article, number, status in comments.values_list("article", "pk", "status")[:MOST]
    ]


@transaction.atomic
def start(action: str, items: Iterable[BatchItem], by, *, reason: str = "", **more) -> Batch:
    """Store a batch of at most `MOST` unsaved `items`, each with the action of the batch unless it has its own."""
    if action == Batch.Action.REJECT:
        reason = reason or RejectReason.OTHER
    batch = Batch.objects.create(action=action, moderator=by, reason=reason, **more)
    items = list(islice(items, MOST))
    for item in items:
        item.batch, item.action = batch, item.action or action
    BatchItem.objects.bulk_create(items, batch_size=1000)
    return batch


@transaction.atomic
def undo(batch: Batch, by) -> Batch:
    """Store the batch that undoes what `batch` decided; a ban that belongs to it is lifted at once.

    What `batch` has not decided yet stays undecided. Raises ValueError if it cannot be undone, or was.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if not batch.may_be_undone:
        raise ValueError(_("This was already undone."))
    batch.items.filter(outcome="").delete()
    _finish(batch)
    if batch.ban:
        batch.ban.delete()
    done = batch.items.filter(outcome=Outcome.DONE).values("article_number", "comment_number")
    return start(Batch.Action.UNDO, (BatchItem(**numbers) for numbers in done), by, undoes=batch)


def carry_on(batch: Batch, *, seconds: float | None = None) -> bool:
    """Decide about what is left of `batch`, for `seconds` at most (`SECONDS`); returns whether it is finished.

    A transaction decides about `CHUNK` comments of one article: a decision locks its thread and then at times the
    settings, so a second thread in the same transaction could deadlock.
    """
    deadline = monotonic() + (SECONDS if seconds is None else seconds)
    while not (finished := _decide_chunk(batch)) and monotonic() < deadline:
        pass
    return finished


@transaction.atomic
def _decide_chunk(batch):
    """Whether nothing was left. Requests that continue the same batch wait for one another."""
    batch = Batch.objects.select_for_update(of=["self"]).select_related("moderator", "undoes").get(pk=batch.pk)
    waiting = batch.items.filter(outcome="").order_by("article_number", "comment_number")
    chunk = list(waiting[:CHUNK])
    if not chunk:
        _finish(batch)
        return True
    chunk = [item for item in chunk if item.article_number == chunk[0].article_number]
    for item in chunk:
        item.outcome, item.seen = _decide_one(batch, item), ""
    BatchItem.objects.bulk_update(chunk, ["outcome", "seen"])
    return False


def _finish(batch):
    Batch.objects.filter(pk=batch.pk, finished_at=None).update(finished_at=timezone.now())


def _decide_one(batch, item):
    details = {"reason": batch.reason, "note": batch.note} if item.action == Batch.Action.REJECT else {}
    try:
        if batch.action == Batch.Action.UNDO:
            entry = ModerationEntry.objects.get(batch=batch.undoes_id, comment=item.comment_number)
            decisions.undo(entry, batch.moderator, batch=batch)
            return Outcome.DONE
        entry = VERBS[item.action](
            Comment(pk=item.comment_number), batch.moderator, was=item.was or None, seen=item.seen or None,
            # A ban also decides about comments that colleagues have open.
            over_claim=batch.action == Batch.Action.BAN, batch=batch, **details,
        )  # fmt: skip
        return Outcome.DONE if entry else Outcome.ALREADY
    except (Comment.DoesNotExist, ModerationEntry.DoesNotExist):
        return Outcome.GONE
    except decisions.DecisionRefused as refusal:
        return refusal.outcome


def progress(batch: Batch) -> Progress:
    found = Progress()
    counts = batch.items.order_by().values_list("outcome", "action").annotate(Count("pk"))
    for outcome, action, number in counts:
        found.outcomes[outcome] += number
        if outcome == Outcome.DONE:
            found.done[action] = number
    for outcome in found.outcomes.keys() - {"", Outcome.DONE.value}:
        numbers = batch.items.filter(outcome=outcome).order_by("pk").values_list("comment_number", flat=True)
        found.named[outcome] = list(Comment.objects.filter(pk__in=list(numbers[:NAMED])))
    return found
