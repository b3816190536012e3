"""Values from the database that are cached in each process."""

import logging
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import DatabaseError, InterfaceError

from ..database import away
from . import changes

logger = logging.getLogger(__name__)

T = TypeVar("T")

# A cached value is read again after this time, in case a change did not invalidate it.
CACHED_SECONDS = 60.0
# While the database is down, it is tried this often and not at every request.
RETRY_SECONDS = 2.0


class CachedValue(Generic[T]):
    """A value, cached in this process until one of `names` or `site` is invalidated, at most `CACHED_SECONDS`.

    While the database is down, `get()` returns the last value, else `default()`; it raises if there is neither.
    """

    _all: list["CachedValue"] = []

    def __init__(self, load: Callable[[], T], default: Callable[[], T] | None = None, names: tuple[str, ...] = ()):
        self._load, self._default, self._slots = load, default, changes.slots_of(names)
        self.clear()
        CachedValue._all.append(self)

    def get(self) -> T:
        number, now = changes.current(), time.monotonic()
        cached = self._cached
        if cached and now - cached[1] < CACHED_SECONDS:
            if cached[0] == number:
                return cached[2]
            if not changes.changed_since(cached[0], self._slots):
                self._cached = (number, *cached[1:])
                return cached[2]
        if cached and away.is_paused():
            return cached[2]
        try:
            value = self._load()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database is not available, so the last cached value is used: %s", error)
            if cached:
                self._cached = (number, now - CACHED_SECONDS + RETRY_SECONDS, cached[2])
                return cached[2]
            if self._default is None:
                raise
            return self._default()
        self._cached = (number, now, value)
        return value

    def pretend(self, value: T) -> None:
        """Have `get` return `value` in this process, until something changes or it is cleared."""
        self._cached = (changes.current(), time.monotonic(), value)

    def clear(self) -> None:
        self._cached: tuple[int, float, T] | None = None

    @classmethod
    def clear_all(cls) -> None:
        for value in cls._all:
            value.clear()
