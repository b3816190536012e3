"""The cache generation: a number that grows with every change that readers see, and what is cached for one of it.

Processes of one machine share it through a file in `VAR_DIR`; with `REDIS_URL`, machines share it through Redis.
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
# A cached value is read again after this time, in case a change did not invalidate it.
CACHED_SECONDS = 60.0
# While the database is down, it is tried this often and not at every request.
RETRY_SECONDS = 2.0


class _Growing:
    """A number that never falls in this process, also if its store is reset: old pages would be valid again."""

    def __init__(self):
        # The number in the store when it was last read, and how far this process is ahead of it.
        self._stored = self._ahead = 0

    def _update(self, number: int) -> int:
        if number < self._stored:
            self._ahead += self._stored - number + 1
        self._stored = number
        return self._stored + self._ahead


class FileGeneration(_Growing):
    """Eight bytes of a memory-mapped file, of any value; 0 follows the largest. Reading costs a microsecond."""

    def __init__(self, path):
        super().__init__()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        # Allocate the bytes now: writing into a sparse file on a full disk would kill the process.
        os.posix_fallocate(self._file, 0, 8)
        self._map = mmap.mmap(self._file, 8)
        # The file lock excludes other processes, not the threads of this one.
        self._lock = threading.Lock()

    def current(self) -> int:
        return self._update(self._read())

    def _read(self) -> int:
        return int.from_bytes(self._map[:8], "little")

    def answers(self) -> bool:
        return True

    def bump(self) -> None:
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                self._map[:8] = ((self._read() + 1) % 2**64).to_bytes(8, "little")
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


class RedisGeneration(_Growing):
    """A key in Redis, read at most once a second. While Redis is down, changes of other processes are not seen."""

    def __init__(self, url):
        super().__init__()
        self._redis = Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        self._read_at = float("-inf")

    def current(self) -> int:
        now = time.monotonic()
        if now - self._read_at >= REDIS_POLL_SECONDS:
            self._read_at = now
            try:
                self._update(int(self._redis.get(REDIS_KEY) or 0))
            except (OSError, RedisError) as error:
                logger.warning("The cache generation in Redis is not available: %s", error)
        return self._stored + self._ahead

    def answers(self) -> bool:
        try:
            return bool(self._redis.ping())
        except (OSError, RedisError):
            return False

    def bump(self) -> None:
        try:
            self._update(self._redis.incr(REDIS_KEY))
        except (OSError, RedisError) as error:
            self._ahead += 1
            logger.warning("The cache generation in Redis is not available: %s", error)


@cache
def _generation():
    return (
        RedisGeneration(settings.REDIS_URL) if settings.REDIS_URL else FileGeneration(settings.VAR_DIR / "generation")
    )


def current() -> int:
    return _generation().current()


def answers() -> bool:
    """Whether the counter can be reached, so that other processes see changes."""
    return _generation().answers()


def invalidate() -> None:
    """Start a new generation after the transaction, so that every process drops what it cached."""
    after_commit(_generation().bump)


class CachedValue(Generic[T]):
    """A value from the database, cached in this process for one generation, at most `CACHED_SECONDS`.

    While the database is down, `get()` returns the last value, else `default()`; it raises if there is neither.
    """

    _all: list["CachedValue"] = []

    def __init__(self, load: Callable[[], T], default: Callable[[], T] | None = None):
        self._load, self._default = load, default
        self.clear()
        CachedValue._all.append(self)

    def get(self) -> T:
        generation, now = current(), time.monotonic()
        cached = self._cached
        if cached and cached[0] == generation and now - cached[1] < CACHED_SECONDS:
            return cached[2]
        try:
            value = self._load()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database is not available, so the last cached value is used: %s", error)
            if cached:
                self._cached = (generation, now - CACHED_SECONDS + RETRY_SECONDS, cached[2])
                return cached[2]
            if self._default is None:
                raise
            return self._default()
        self._cached = (generation, now, value)
        return value

    def clear(self) -> None:
        self._cached: tuple[int, float, T] | None = None

    @classmethod
    def clear_all(cls) -> None:
        for value in cls._all:
            value.clear()
