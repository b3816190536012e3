"""The counters of changes, for all processes of many machines."""

import logging
import os
import threading
import time
from array import array

from redis import Redis, RedisError

from ..cache.counters import EVERY_PAGE, SLOTS

logger = logging.getLogger(__name__)

# Other processes see a change within twice this time.
POLL_SECONDS = 0.4
NUMBER, CHANGES = "publishing:change", "publishing:changes"


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

    def mark_reader(self):
        return self.current

    def changed_since(self, number: int, slots: tuple[int, ...]) -> bool:
        numbers = self._numbers
        return any(numbers[slot] > number for slot in slots)

    def record(self, slots) -> None:
        with self._lock:
            try:
                number = self._record(keys=[NUMBER, CHANGES], args=[self._number, *slots])
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
            .zrange(CHANGES, f"({self._number}", "+inf", byscore=True, withscores=True)
            .get(NUMBER)
            .execute()
        )
        number = int(number or 0)
        if self._is_ahead or number < self._number:
            number = self._record(keys=[NUMBER, CHANGES], args=[self._number, EVERY_PAGE])
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
            time.sleep(POLL_SECONDS)
            self.read()
