"""Which changes cached pages and values have seen.

A change has names, such as `article:7`; a cached page or value is valid until a change has one of its names.
Processes of one machine share the counters through a file in `VAR_DIR`; with `REDIS_URL`, machines share them through
Redis and see a change within a second.
"""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from .counters import EVERY_PAGE, FileCounters, slot_of

# The name of what is on every page: wording, navigation, slots, maintenance.
SITE = "site"

after_commit = transaction.on_commit
# How many changes this process recorded, for monitoring.
recorded = 0


@cache
def _counters():
    if settings.REDIS_URL:
        return import_string("publishing.in_redis.counters.RedisCounters")(settings.REDIS_URL)
    return FileCounters(settings.VAR_DIR / "changes")


def withdrawal_of(name: str) -> str:
    """The name under which it is recorded that copies of pages with `name` must not be served again."""
    return f"!{name}"


def slots_of(names) -> tuple[int, ...]:
    """The slots of names, for `changed_since`; that of `SITE` is always among them."""
    return tuple({EVERY_PAGE, *(slot_of(name) for name in names if name != SITE)})


def current() -> int:
    """The number of the last change. Get it before you read what you cache."""
    return _counters().current()


def mark_reader() -> Callable[[], bytes | int]:
    """A function that returns another value after each change, of any name. It is cheap, and checks nothing."""
    return _counters().mark_reader()


def changed_since(number: int, slots: tuple[int, ...]) -> bool:
    """Whether a change after `number` has one of the names."""
    return _counters().changed_since(number, slots)


def record(*names: str) -> None:
    """Record a change of these names now, for all processes."""
    global recorded
    recorded += 1
    _counters().record(tuple({EVERY_PAGE if name == SITE else slot_of(name) for name in names}))


def invalidate(*names: str) -> None:
    """Record a change of these names once the transaction is committed."""
    after_commit(lambda: record(*names))


def seconds_since_change() -> float:
    """Seconds since the last change, of any name."""
    return _counters().seconds_since_change()


def answers() -> bool:
    """Whether the counters can be reached, so that other processes see changes."""
    return _counters().answers()
