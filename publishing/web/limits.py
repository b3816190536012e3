"""Rate limits, counted in Redis if configured, else in a file that all processes of the machine share.

Exact also for simultaneous requests of several processes. Where neither works, each process counts by itself.
"""

import json
import logging
import os
import sqlite3
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from math import ceil
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string
from limits import RateLimitItem, parse_many

from ..database.waiting import Breaker

logger = logging.getLogger(__name__)

_parsed = cache(parse_many)

# Tries further in the future are from before the clock was set back.
CLOCK_SECONDS = 5


class InFile:
    """Moving windows in an SQLite file, 35 µs of CPU a try.

    One statement tests and counts, so no thread holds the write lock while it waits for Python's. The file
    may be lost: it is not synchronised to the disk, and it is deleted if it is corrupt. It stores keyed hashes, no
    names or addresses, for as long as the longest of their rates.
    """

    # 35 MB on the disk. Beyond this, those that expire first are deleted: views before sign-ins.
    ROWS = 500_000
    TIDY_SECONDS, TIDY_TRIES = 60, 10_000

    # No write-ahead log, which would use the last bytes of a full disk that what readers send needs.
    SCHEMA = """
        PRAGMA journal_mode = MEMORY;
        PRAGMA synchronous = OFF;
        CREATE TABLE IF NOT EXISTS tries (who INTEGER NOT NULL, moment REAL NOT NULL, expires REAL NOT NULL);
        CREATE INDEX IF NOT EXISTS tries_who ON tries (who, moment);
    """
    # `rates` is a JSON list of [amount, seconds].
    COUNT = """
        INSERT INTO tries
        WITH rates AS (
            SELECT json_extract(value, '$[0]') AS amount, json_extract(value, '$[1]') AS seconds FROM json_each(:rates))
        SELECT :who, :now, :now + (SELECT max(seconds) FROM rates) WHERE NOT EXISTS (
            SELECT 1 FROM rates WHERE amount <= (
                SELECT count(*) FROM tries WHERE who = :who AND moment > :now - seconds AND moment < :soon))
    """
    # Of the tries that use up a rate, the one that frees a place first.
    OLDEST = """
        SELECT moment FROM tries WHERE who = :who AND moment > :now - :seconds AND moment < :soon
        ORDER BY moment DESC LIMIT 1 OFFSET :amount - 1
    """
    DELETE_EXPIRED = "DELETE FROM tries WHERE expires < ?"
    DELETE_MOST = "DELETE FROM tries WHERE rowid IN (SELECT rowid FROM tries ORDER BY expires LIMIT ?)"

    def __init__(self, path: Path):
        self._path, self._lock, self._breaker = path, threading.Lock(), Breaker(pause=1.0)
        self._key = blake2b(settings.SECRET_KEY.encode()).digest()
        self._connection: sqlite3.Connection | None = None
        self._inode = self._tries = 0
        self._tidy_at = float("-inf")

    def seconds_to_wait(self, items: list[RateLimitItem], who: tuple[str, ...]) -> float | None:
        """None if the file does not work; then it is opened again after a second, a new one if it was corrupt."""
        with self._lock:
            if not self._breaker.may_try():
                return None
            try:
                wait = self._wait(self._opened(), items, who)
            except (OSError, sqlite3.Error) as error:
                self._breaker.silent()
                logger.warning("This process counts limits itself, since their file does not work: %s", error)
                self._give_up(error)
                return None
            self._breaker.answered()
            return wait

    def _wait(self, connection, items, who) -> float:
        self._tidy(connection)
        now = time.time()
        rates = [(item.amount, item.get_expiry()) for item in items]
        values = {"who": self._number(rates, who), "now": now, "soon": now + CLOCK_SECONDS, "rates": json.dumps(rates)}
        if connection.execute(self.COUNT, values).rowcount:
            return 0
        waits = []
        for amount, seconds in rates:
            found = connection.execute(self.OLDEST, values | {"amount": amount, "seconds": seconds}).fetchone()
            waits += [found[0] + seconds - now] if found else []
        return max(waits, default=1)

    def _number(self, *counted) -> int:
        digest = blake2b(json.dumps(counted).encode(), key=self._key, digest_size=8).digest()
        return int.from_bytes(digest, "little", signed=True)

    def _opened(self) -> sqlite3.Connection:
        if self._connection and self._inode != self._present_inode():
            self._close()
        if not self._connection:
            self._connection = sqlite3.connect(self._path, timeout=1, isolation_level=None, check_same_thread=False)
            try:
                self._connection.executescript(self.SCHEMA)
            finally:
                self._inode = self._present_inode()
        return self._connection

    def _present_inode(self) -> int:
        try:
            return os.stat(self._path).st_ino
        except FileNotFoundError:
            return 0

    def _tidy(self, connection) -> None:
        self._tries += 1
        if self._tries < self.TIDY_TRIES and time.monotonic() - self._tidy_at < self.TIDY_SECONDS:
            return
        self._tries, self._tidy_at = 0, time.monotonic()
        connection.execute(self.DELETE_EXPIRED, [time.time()])
        rows = connection.execute("SELECT count(*) FROM tries").fetchone()[0]
        if rows > self.ROWS:
            connection.execute(self.DELETE_MOST, [rows - self.ROWS * 9 // 10])

    def _close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _give_up(self, error) -> None:
        self._close()
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        # Another process may have replaced it already.
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) and self._inode == self._present_inode():
            with suppress(OSError):
                os.unlink(self._path)

    def prepare(self) -> None:
        """Make the file, and open it again when it is used: a process that is forked must not have it open."""
        with self._lock, suppress(OSError, sqlite3.Error):
            self._opened()
        self._close()

    def reset(self) -> None:
        self._breaker.answered()
        self._opened().execute("DELETE FROM tries")


class InThisProcess:
    """Moving windows in memory, for at most `KEYS` pairs of rate and client (15 MB).

    The memory storage of `limits` never deletes a key and scans all of them after each hit: 19 ms of CPU with 122,000
    keys, so a client with many addresses could slow the site down.
    """

    KEYS = 50_000

    def __init__(self):
        self._lock = threading.Lock()
        self._tries: OrderedDict[str, list[float]] = OrderedDict()

    def seconds_to_wait(self, items: list[RateLimitItem], who: tuple[str, ...]) -> float:
        with self._lock:
            now = time.time()
            windows = [(item, self._window(item, who, now)) for item in items]
            waits = [tries[0] + item.get_expiry() - now for item, tries in windows if len(tries) >= item.amount]
            if not waits:
                for _, tries in windows:
                    tries.append(now)
            while len(self._tries) > self.KEYS:
                self._tries.popitem(last=False)
            return max(waits, default=0)

    def _window(self, item, who, now):
        key, since = item.key_for(*who), now - item.get_expiry()
        tries = self._tries[key] = [
            moment for moment in self._tries.pop(key, ()) if since < moment < now + CLOCK_SECONDS
        ]
        return tries

    def reset(self) -> None:
        with self._lock:
            self._tries.clear()


_here = InThisProcess()


@cache
def _file() -> InFile:
    return InFile(settings.VAR_DIR / "limits.sqlite3")


def prepare() -> None:
    """Make the file before the disk may be full."""
    if not settings.REDIS_URL:
        _file().prepare()


def reset() -> None:
    """Forget all tries, for tests."""
    _here.reset()
    _file().reset()


@cache
def _in_redis():
    return import_string("publishing.in_redis.limits.seconds_to_wait")


def seconds_to_wait(rates: str, *who: str) -> int:
    """Count one try by `who` against `rates` ("1/15 seconds; 5/10 minutes"); 0 if it is allowed.

    If a rate is used up, nothing is counted, and the result is the whole seconds (at least 1) until a try is allowed.
    While Redis or the file does not work, each process counts by itself.
    """
    items = _parsed(rates)
    wait = _in_redis()(items, who) if settings.REDIS_URL else _file().seconds_to_wait(items, who)
    if wait is None:
        wait = _here.seconds_to_wait(items, who)
    return max(1, ceil(wait)) if wait else 0
