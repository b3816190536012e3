"""Rate limits for what anonymous readers send, counted in Redis when there is one, else in this process."""

import logging
import time
from functools import cache
from math import ceil

from django.conf import settings
from limits import parse_many
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

logger = logging.getLogger(__name__)

IN_THIS_PROCESS = "memory://"


@cache
def _limiter(address: str) -> MovingWindowRateLimiter:
    patience = {} if address == IN_THIS_PROCESS else {"socket_timeout": 1, "socket_connect_timeout": 1}
    return MovingWindowRateLimiter(storage_from_string(address, **patience))


def seconds_to_wait(rates: str, *who: str) -> int:
    """Count one try by `who` against `rates` ("1/15 seconds; 5/10 minutes"); 0 when it may go ahead.

    When any rate is used up, nothing is counted and the answer is the number of whole seconds, at least 1, after
    which a try succeeds. While Redis does not answer, each process counts for itself.
    """
    try:
        return _seconds_to_wait(_limiter(settings.REDIS_URL or IN_THIS_PROCESS), rates, who)
    except (OSError, RedisError) as error:
        logger.warning("Limits are counted in this process, since Redis does not answer: %s", error)
        return _seconds_to_wait(_limiter(IN_THIS_PROCESS), rates, who)


def _seconds_to_wait(limiter, rates, who):
    items = parse_many(rates)
    waits = [
        limiter.get_window_stats(item, *who).reset_time - time.time() for item in items if not limiter.test(item, *who)
    ]
    if waits:
        return max(1, ceil(max(waits)))
    for item in items:
        limiter.hit(item, *who)
    return 0


def forget_all() -> None:
    """Start counting anew in this process."""
    _limiter(IN_THIS_PROCESS).storage.reset()
