"""The counts of editions, computed when an editor looks and cached until an attempt or a correction comes.

Some thousand attempts are counted at once, more by a task. Until it is done there are the last known counts, if any.
"""

from collections.abc import Collection
from typing import NamedTuple

from django.core.cache import caches
from django_tasks_db.models import DBTaskResult

from ..models import Edition
from . import tasks
from .attempts import counts_of, states_of
from .counting import Counts

# Attempts that are counted while an editor waits: a quarter of a second at 20 questions.
AT_ONCE = 5_000
KEPT_SECONDS = 24 * 60 * 60


class Result(NamedTuple):
    """What is known of an edition, and of which state of it; `attempts` are those of now.

    `task` counts what is newer, None if nothing is.
    """

    counts: Counts | None
    state: dict | None
    attempts: int
    task: DBTaskResult | None


def of(editions: Collection[Edition]) -> dict[int, Result]:
    """By id of edition. Two queries, one more for what is counted at once, and some for each task."""
    cache, states, requested, left = caches["local"], states_of(editions), {}, AT_ONCE
    keys = {pk: f"quizzes:statistics:{pk}" for pk in states}
    cached = cache.get_many(keys.values())
    known = {pk: cached.get(key, {"state": None, "counts": None}) for pk, key in keys.items()}
    stale = [edition for edition in editions if known[edition.pk]["state"] != states[edition.pk]]
    small = []
    for edition in stale:
        if states[edition.pk]["attempts"] <= left:
            left -= states[edition.pk]["attempts"]
            small.append(edition)
            continue
        pk = edition.pk
        if found := tasks.last_result(pk):
            known[pk] = {"state": found["state"], "counts": Counts.from_json(found["counts"])}
        if known[pk]["state"] != states[pk]:
            requested[pk] = tasks.request(pk)
    if small:
        counted = counts_of(small, states)
        known |= {pk: {"state": states[pk], "counts": counts} for pk, counts in counted.items()}
    cache.set_many({keys[edition.pk]: known[edition.pk] for edition in stale}, KEPT_SECONDS)
    return {
        pk: Result(known[pk]["counts"], known[pk]["state"], state["attempts"], requested.get(pk))
        for pk, state in states.items()
    }
