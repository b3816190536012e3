"""Bulk changes: stored first, confirmed, then carried out by a task in batches, each in a transaction of its own.

A task that is interrupted is continued by the next one, which was stored before it began, or by a press of a button.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from publishing.text import languages

from ..models import Article, BulkChange, BulkPart
from ..models.related import left_with_few, refill
from .verbs import DONE, OUTCOMES, Batch

# Articles of one change, and of one transaction: others write in between.
MOST, AT_ONCE = 10_000, 100
# Of changes that are made one by one, up to 0.04 s each.
ONE_BY_ONE, FEW_AT_ONCE = (BulkChange.Action.TRASH, BulkChange.Action.LANGUAGE), 20
AGAIN_AFTER = timedelta(minutes=5)
ASKED_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Progress:
    total: int
    seen: int
    outcomes: Counter

    @property
    def changed(self) -> int:
        return self.outcomes[DONE]

    @property
    def skipped(self) -> list[tuple[int, str]]:
        """Number and reason."""
        reasons = self.outcomes.items()
        return [(number, OUTCOMES.get(reason, reason)) for reason, number in reasons if number and reason != DONE]


@transaction.atomic
def ask(action: str, keys: list[int], *, by) -> BulkChange:
    """Store a change that is to be confirmed; those that nobody confirmed for a day are deleted."""
    BulkChange.objects.filter(confirmed_at=None, asked_at__lt=timezone.now() - ASKED_FOR).delete()
    change = BulkChange.objects.create(action=action, by=by)
    keys = keys[:MOST]
    size = min(AT_ONCE, FEW_AT_ONCE) if action in ONE_BY_ONE else AT_ONCE
    starts = range(0, len(keys), size)
    BulkPart.objects.bulk_create(
        BulkPart(change=change, number=number, keys=keys[start : start + size]) for number, start in enumerate(starts)
    )
    return change


@transaction.atomic
def confirm(change: BulkChange, **chosen) -> None:
    """Let a task carry it out, with the category, the tag or the language chosen. A second press changes nothing."""
    if BulkChange.objects.filter(pk=change.pk, confirmed_at=None).update(confirmed_at=timezone.now(), **chosen):
        carry_out.enqueue(change.pk)


@transaction.atomic
def undo(change: BulkChange, *, by) -> BulkChange:
    """A change that undoes what was done, started at once. What was not yet is left undone.

    Raises ValueError if it cannot be undone, or was.
    """
    change = BulkChange.objects.select_for_update(of=["self"]).get(pk=change.pk)
    if not change.may_be_undone:
        raise ValueError(_("This was already undone."))
    now = timezone.now()
    change.parts.filter(done_at=None).delete()
    BulkChange.objects.filter(pk=change.pk, finished_at=None).update(finished_at=now)
    undoing = BulkChange.objects.create(action=BulkChange.Action.UNDO, by=by, undoes=change, confirmed_at=now)
    parts = [part for part in change.parts.order_by("number") if part.undo]
    BulkPart.objects.bulk_create(
        BulkPart(change=undoing, number=part.number, keys=[int(key) for key in part.undo], undo=part.undo)
        for part in parts
    )
    carry_out.enqueue(undoing.pk)
    return undoing


@task()
def carry_out(key: int) -> str:
    """Do what is left of a change. The next attempt is stored before, in case the worker dies."""
    change = BulkChange.objects.filter(pk=key, finished_at=None).exclude(confirmed_at=None).first()
    if change is None:
        return "nothing left"
    carry_out.using(run_after=timezone.now() + AGAIN_AFTER).enqueue(key)
    number = 0
    while _do_next(key):
        number += 1
    # Those that were withdrawn stay in the lists of others, where no page shows them, for when they come back.
    few = left_with_few(Article) if change.hides else []
    for start in range(0, len(few), AT_ONCE):
        refill(Article, few[start : start + AT_ONCE])
    BulkChange.objects.filter(pk=key, finished_at=None).update(finished_at=timezone.now())
    return f"{number} parts"


@transaction.atomic
def _do_next(key: int) -> bool:
    """Do one part; whether there was one."""
    change = BulkChange.objects.select_for_update(of=["self"]).select_related("by", "undoes").get(pk=key)
    part = change.parts.filter(done_at=None).order_by("number").first()
    if part is None:
        return False
    batch = Batch(change, part.keys, part.undo)
    with languages.of_the_desk():
        batch.carry_out()
    part.undo, part.outcomes, part.done_at = batch.undo, dict(batch.outcomes), timezone.now()
    part.save()
    return True


def progress(change: BulkChange) -> Progress:
    total, seen, outcomes = 0, 0, Counter()
    for keys, found, done_at in change.parts.values_list("keys", "outcomes", "done_at"):
        total += len(keys)
        seen += len(keys) if done_at else 0
        outcomes.update(found)
    return Progress(total, seen, outcomes)
