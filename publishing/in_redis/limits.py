"""Rate limits, counted for many machines."""

import logging
import time
from functools import cache

from django.conf import settings
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

logger = logging.getLogger(__name__)


@cache
def _limiter(address: str) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage_from_string(address, socket_timeout=1, socket_connect_timeout=1))


def seconds_to_wait(items, who) -> float | None:
    """0 if the try is allowed, and then it is counted; None if Redis does not answer."""
    limiter = _limiter(settings.REDIS_URL)
    try:
        used_up = [item for item in items if not limiter.test(item, *who)]
        if not used_up:
            # A hit tests and counts in one step, for simultaneous requests.
            used_up = [item for item in items if not limiter.hit(item, *who)]
        waits = [limiter.get_window_stats(item, *who).reset_time - time.time() for item in used_up]
    except (OSError, RedisError) as error:
        logger.warning("Redis is not available, so this process counts limits itself: %s", error)
        return None
    return max(1, *waits) if waits else 0
