"""Rate limits for what anonymous readers send, counted in Redis when there is one, else in this process."""

import time
from functools import cache
from math import ceil

from django.conf import settings
from limits import parse_many
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter


@cache
def _limiter():
    return MovingWindowRateLimiter(storage_from_string(settings.REDIS_URL or "memory://"))


def seconds_to_wait(rates: str, *who: str) -> int:
    """Count one try by `who` against `rates` ("1/15 seconds; 5/10 minutes"); 0 when it may go ahead.

    When any rate is used up, nothing is counted and the answer is the number of whole seconds, at least 1, after
    which a try succeeds.
    """
    limiter, items = _limiter(), parse_many(rates)
    waits = [
        limiter.get_window_stats(item, *who).reset_time - time.time() for item in items if not limiter.test(item, *who)
    ]
    if waits:
        return max(1, ceil(max(waits)))
    for item in items:
        limiter.hit(item, *who)
    return 0


def forget_all() -> None:
    """Start counting anew."""
    _limiter().storage.reset()
