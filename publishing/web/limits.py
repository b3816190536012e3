"""Rate limits, counted in Redis if configured, else in this process. Exact also for simultaneous requests."""

import logging
import threading
import time
from collections import OrderedDict
from functools import cache
from math import ceil

from django.conf import settings
from limits import RateLimitItem, parse_many
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

logger = logging.getLogger(__name__)

_parsed = cache(parse_many)


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
        tries = self._tries[key] = [moment for moment in self._tries.pop(key, ()) if moment > since]
        return tries

    def reset(self) -> None:
        with self._lock:
            self._tries.clear()


_here = InThisProcess()
reset = _here.reset


@cache
def _redis(address: str) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage_from_string(address, socket_timeout=1, socket_connect_timeout=1))


def seconds_to_wait(rates: str, *who: str) -> int:
    """Count one try by `who` against `rates` ("1/15 seconds; 5/10 minutes"); 0 if it is allowed.

    If a rate is used up, nothing is counted, and the result is the whole seconds (at least 1) until a try is allowed.
    While Redis is down, each process counts by itself.
    """
    items = _parsed(rates)
    wait = None
    if settings.REDIS_URL:
        try:
            wait = _in_redis(_redis(settings.REDIS_URL), items, who)
        except (OSError, RedisError) as error:
            logger.warning("Redis is not available, so this process counts limits itself: %s", error)
    if wait is None:
        wait = _here.seconds_to_wait(items, who)
    return max(1, ceil(wait)) if wait else 0


def _in_redis(limiter, items, who) -> float:
    used_up = [item for item in items if not limiter.test(item, *who)]
    if not used_up:
        # A hit tests and counts in one step, for simultaneous requests.
        used_up = [item for item in items if not limiter.hit(item, *who)]
    waits = [limiter.get_window_stats(item, *who).reset_time - time.time() for item in used_up]
    return max(1, *waits) if waits else 0
