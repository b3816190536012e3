"""Counters that all processes share: for each name of a page, the number of the change that last touched it.

A name is hashed to one of `SLOTS` slots; two names in one slot only cost unneeded renders. Numbers
never fall: after damage or loss of the store they continue from a larger one, and everything cached before is invalid.
"""

import logging
import os
import threading
import time
from array import array
from zlib import crc32

from redis import Redis, RedisError

from .shared_numbers import SharedNumbers

logger = logging.getLogger(__name__)

SLOTS = 65_536
# The slot of what is on every page.
EVERY_PAGE = 0
# Other processes see a change in Redis within twice this time.
REDIS_POLL_SECONDS = 0.4
REDIS_NUMBER, REDIS_SLOTS = "publishing:change", "publishing:changes"


def slot_of(name: str) -> int:
    """The slot of a name, the same in every process."""
    return 1 + crc32(name.encode()) % (SLOTS - 1)


class FileCounters:
    """A file of eight bytes a slot. A damaged, emptied or deleted file is noticed within a second and initialised."""

    # Places of the numbers before the slots.
    _SIGN, _NUMBER, _CHANGED_AT, _FIRST = 0, 1, 2, 8
    _SIGNED = int.from_bytes(b"changes1", "little")
    _LARGEST = 2**63
    _CHECK_SECONDS = 1.0

    def __init__(self, path):
        self._shared, self._last, self._next_check = SharedNumbers(path), 1, 0.0

    def current(self) -> int:
        """The number of the last change."""
        if time.monotonic() > self._next_check:
            self._next_check = time.monotonic() + self._CHECK_SECONDS
            self._shared.open_again()
            # Also if only the sign is damaged.
            self._last = self._repaired()
        number = self._shared[self._NUMBER]
        if not self._last <= number < self._LARGEST:
            number = self._repaired()
        self._last = number
        return number

    def mark(self) -> bytes:
        """The bytes of the number, whatever they are."""
        return self._shared.bytes_of(self._NUMBER)

    def changed_since(self, number: int, slots: tuple[int, ...]) -> bool:
        """Whether a change after `number` touched one of `slots`."""
        return any(self._shared[self._FIRST + slot] > number for slot in slots)

    def record(self, slots) -> None:
        """Record a change that touches `slots`."""
        try:
            self._shared.open_again()
            with self._shared.locked():
                number = self._valid_number() + 1
                # The slots first: a process that sees the new number sees them too.
                for slot in slots:
                    self._shared[self._FIRST + slot] = number
                self._shared[self._CHANGED_AT] = time.monotonic_ns()
                self._shared[self._NUMBER] = number
        except OSError as error:
            # The change itself is committed.
            logger.error("A change is not seen before its pages expire: %s", error)

    def seconds_since_change(self) -> float:
        # A time from before a restart of the machine may be in the future.
        return abs(time.monotonic_ns() - self._shared[self._CHANGED_AT]) / 1e9

    def answers(self) -> bool:
        return True

    def _repaired(self) -> int:
        try:
            with self._shared.locked():
                return self._valid_number()
        except OSError as error:
            logger.warning("The counters of changes cannot be initialised: %s", error)
            return self._last

    def _valid_number(self) -> int:
        """The number, under the lock; of a new or damaged file a larger one, which touches every page."""
        number = self._shared[self._NUMBER]
        if self._shared[self._SIGN] != self._SIGNED or not self._last <= number < self._LARGEST:
            number = max(self._last, time.time_ns()) + 1
            self._shared.fill(self._FIRST, SLOTS, number)
            self._shared[self._NUMBER], self._shared[self._SIGN] = number, self._SIGNED
        return number


class RedisCounters:
    """Counters in Redis, copied to this process by a thread. While Redis is down, own changes touch every page.

    The slots are a sorted set with their numbers as scores, so that one query returns all that changed since a number.
    """

    # Atomic: the next number, larger than ARGV[1], for all slots in ARGV[2…].
    _RECORD = """
        local number = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), tonumber(ARGV[1])) + 1
        redis.call('SET', KEYS[1], number)
        for index = 2, #ARGV do redis.call('ZADD', KEYS[2], number, ARGV[index]) end
        return number
    """

    def __init__(self, url):
        self._redis = Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        self._record = self._redis.register_script(self._RECORD)
        self._numbers = array("Q", bytes(8 * SLOTS))
        self._number, self._changed_at, self._is_ahead = 0, float("-inf"), False
        self._lock, self._thread = threading.Lock(), None
        os.register_at_fork(after_in_child=self._forget_thread)

    def _forget_thread(self):
        self._lock, self._thread = threading.Lock(), None

    def current(self) -> int:
        if self._thread is None:
            self._start()
        return self._number

    mark = current

    def changed_since(self, number: int, slots: tuple[int, ...]) -> bool:
        numbers = self._numbers
        return any(numbers[slot] > number for slot in slots)

    def record(self, slots) -> None:
        with self._lock:
            try:
                number = self._record(keys=[REDIS_NUMBER, REDIS_SLOTS], args=[self._number, *slots])
            except (OSError, RedisError) as error:
                logger.warning("Redis is not available, so other processes do not see a change: %s", error)
                self._is_ahead = True
                self._touch_all(self._number + 1)
            else:
                # The thread reads those of other processes, from the number before.
                for slot in slots:
                    self._numbers[slot] = number
                self._changed_at = time.monotonic()
                if number == self._number + 1:
                    self._number = number

    def seconds_since_change(self) -> float:
        return time.monotonic() - self._changed_at

    def answers(self) -> bool:
        try:
            return bool(self._redis.ping())
        except (OSError, RedisError):
            return False

    def read(self) -> None:
        """Copy what changed since the last time. After a restart without its data, or changes meanwhile: everything."""
        with self._lock:
            try:
                self._read()
            except (OSError, RedisError) as error:
                logger.warning("Changes cannot be read from Redis: %s", error)

    def _read(self):
        rows, number = (
            self._redis.pipeline()
            .zrange(REDIS_SLOTS, f"({self._number}", "+inf", byscore=True, withscores=True)
            .get(REDIS_NUMBER)
            .execute()
        )
        number = int(number or 0)
        if self._is_ahead or number < self._number:
            number = self._record(keys=[REDIS_NUMBER, REDIS_SLOTS], args=[self._number, EVERY_PAGE])
            self._is_ahead = False
            self._touch_all(number)
        elif number > self._number:
            for slot, changed in rows:
                self._numbers[int(slot)] = int(changed)
            self._changed_at = time.monotonic()
            if rows:
                self._number = number
            else:
                self._touch_all(number)

    def _touch_all(self, number):
        self._numbers[EVERY_PAGE] = number
        self._changed_at, self._number = time.monotonic(), number

    def _start(self):
        with self._lock:
            if self._thread is not None:
                return
            self._thread = threading.Thread(target=self._keep_reading, name="changes", daemon=True)
        self.read()
        self._thread.start()

    def _keep_reading(self):
        while True:
            time.sleep(REDIS_POLL_SECONDS)
            self.read()
