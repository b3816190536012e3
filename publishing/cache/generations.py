"""The cache generation: one number, shared by every process, that grows when something readers see has changed.

What is cached in memory (site settings, the maintenance state, slots, redirects, whole pages) is valid for one
generation. Processes on one machine share the number through a small file in `VAR_DIR`; with `REDIS_URL`, many
machines share it through Redis.
"""

import fcntl
import logging
import mmap
import os
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Generic, TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from redis import Redis, RedisError

logger = logging.getLogger(__name__)

T = TypeVar("T")

after_commit = transaction.on_commit

REDIS_KEY = "publishing:generation"
REDIS_POLL_SECONDS = 1.0
# A cached value is read again after this long, in case a change did not invalidate it.
CACHED_SECONDS = 60.0
# While the database does not answer, it is asked again this often and not at every request.
RETRY_SECONDS = 2.0


class _Growing:
    """A number that only grows in this process, wherever it is counted: there it may start again from less."""

    def __init__(self):
        # What was heard last, and by how much this process is ahead of it.
        self._heard = self._ahead = 0

    def _hear(self, number: int) -> int:
        # If the sum shrank, what was kept before would come back.
        if number < self._heard:
            self._ahead += self._heard - number + 1
        self._heard = number
        return self._heard + self._ahead


class FileGeneration(_Growing):
    """Counts in eight bytes of a memory-mapped file. Reading costs a microsecond and no system call.

    Whatever the eight bytes hold is a number to count on from; after the largest comes 0.
    """

    def __init__(self, path):
        super().__init__()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        # The bytes get their place on the disk now: writing to a hole of a full disk would kill the process.
        os.posix_fallocate(self._file, 0, 8)
        self._map = mmap.mmap(self._file, 8)
        # The file lock keeps other processes out, not the other threads of this one.
        self._lock = threading.Lock()

    def current(self) -> int:
        return self._hear(self._stored())

    def _stored(self) -> int:
        return int.from_bytes(self._map[:8], "little")

    def answers(self) -> bool:
        return True

    def bump(self) -> None:
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                self._map[:8] = ((self._stored() + 1) % 2**64).to_bytes(8, "little")
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


class RedisGeneration(_Growing):
    """Counts in Redis, asked at most once a second; a change made in this process is seen at once.

    While Redis does not answer, changes made on other machines are not seen.
    """

    def __init__(self, url):
        super().__init__()
        self._redis = Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        self._asked_at = float("-inf")

    def current(self) -> int:
        now = time.monotonic()
        if now - self._asked_at >= REDIS_POLL_SECONDS:
            self._asked_at = now
            try:
                self._hear(int(self._redis.get(REDIS_KEY) or 0))
            except (OSError, RedisError) as error:
                logger.warning("The cache generation in Redis is not available: %s", error)
        return self._heard + self._ahead

    def answers(self) -> bool:
        try:
            return bool(self._redis.ping())
        except (OSError, RedisError):
            return False

    def bump(self) -> None:
        try:
            self._hear(self._redis.incr(REDIS_KEY))
        except (OSError, RedisError) as error:
            self._ahead += 1
            logger.warning("The cache generation in Redis is not available: %s", error)


@cache
def _generation():
    return (
        RedisGeneration(settings.REDIS_URL) if settings.REDIS_URL else FileGeneration(settings.VAR_DIR / "generation")
    )


def current() -> int:
    """The number of changes so far; it only grows."""
    return _generation().current()


def answers() -> bool:
    """Whether the counter is reachable, so that other processes see changes."""
    return _generation().answers()


def invalidate() -> None:
    """Start a new generation once the running transaction is committed, so that every process drops what it cached."""
    after_commit(_generation().bump)


class CachedValue(Generic[T]):
    """A value read from the database and cached in this process for one generation.

    `get()` calls `load` in a new generation or after `CACHED_SECONDS`, else it costs no query. When the database does
    not answer, it returns the last value; if there is none, `default()`, or it raises without one.
    """

    _all: list["CachedValue"] = []

    def __init__(self, load: Callable[[], T], default: Callable[[], T] | None = None):
        self._load, self._default = load, default
        self.clear()
        CachedValue._all.append(self)

    def get(self) -> T:
        generation, now = current(), time.monotonic()
        kept = self._kept
        if kept and kept[0] == generation and now - kept[1] < CACHED_SECONDS:
            return kept[2]
        try:
            value = self._load()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database is not available, so the last cached value is used: %s", error)
            if kept:
                self._kept = (generation, now - CACHED_SECONDS + RETRY_SECONDS, kept[2])
                return kept[2]
            if self._default is None:
                raise
            return self._default()
        self._kept = (generation, now, value)
        return value

    def clear(self) -> None:
        self._kept: tuple[int, float, T] | None = None

    @classmethod
    def clear_all(cls) -> None:
        for value in cls._all:
            value.clear()
