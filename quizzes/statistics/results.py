"""The counts of editions, computed when an editor opens the page and cached until an attempt or correction is added.

Some thousand attempts are counted at once, more by a task. Until it is done the last counts are shown, if any.
"""

from collections.abc import Collection
from typing import NamedTuple

from django.core.cache import caches
from django_tasks_db.models import DBTaskResult

from ..models import Edition
from . import tasks
from .attempts import counts_of, states_of
from .counting import Counts

# Attempts that are counted in the request: a quarter of a second at 20 questions.
AT_ONCE = 5_000
CACHE_SECONDS = 24 * 60 * 60


class Result(NamedTuple):
    """The last counts of an edition with the state they belong to, and the current number of attempts.

    `task` counts newer attempts; None if the counts are current.
    """

    counts: Counts | None
    state: dict | None
    attempts: int
    task: DBTaskResult | None


def for_editions(editions: Collection[Edition]) -> dict[int, Result]:
    """By id of edition."""
    cache, states, room = caches["local"], states_of(editions), AT_ONCE
    keys = {pk: f"quizzes:statistics:{pk}" for pk in states}
    cached = cache.get_many(keys.values())
    results = {pk: cached.get(key, {"state": None, "counts": None}) for pk, key in keys.items()}
    small, changed, requested = [], {}, {}
    for edition in editions:
        pk, state = edition.pk, states[edition.pk]
        if results[pk]["state"] == state:
            continue
        if state["attempts"] <= room:
            room -= state["attempts"]
            small.append(edition)
            continue
        if result := tasks.last_result(pk):
            changed[pk] = {"state": result["state"], "counts": Counts.from_json(result["counts"])}
        if not result or result["state"] != state:
            requested[pk] = tasks.request(pk)
    if small:
        changed |= {pk: {"state": states[pk], "counts": counts} for pk, counts in counts_of(small, states).items()}
    cache.set_many({keys[pk]: result for pk, result in changed.items()}, CACHE_SECONDS)
    results |= changed
    return {
        pk: Result(results[pk]["counts"], results[pk]["state"], state["attempts"], requested.get(pk))
        for pk, state in states.items()
    }
