"""How long requests wait for the database, and a circuit breaker for when it does not answer."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.conf import settings

# Statistics of 100,000 attempts and the deletion of a long thread take longer than any request of a reader.
STAFF_SECONDS = 10.0
# A try without a result counts as running for this time.
TRY_SECONDS = 3.0

_is_staff: ContextVar[bool] = ContextVar("is_staff", default=False)


def seconds() -> float | None:
    """The limit for one statement; None for commands, migrations and the worker."""
    if not settings.IS_SERVING:
        return None
    return STAFF_SECONDS if _is_staff.get() else settings.DATABASE_TIMEOUT


@contextmanager
def assigned(variable: ContextVar, value) -> Iterator[None]:
    """The context variable has this value in the block."""
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


# For requests of staff.
patiently = partial(assigned, _is_staff, True)


class Breaker:
    """A circuit breaker for the threads of a process: after a time-out, one thread tries at a time.

    Others are refused at once until it was `answered`, and for `pause` seconds after each time-out.
    """

    def __init__(self, pause: float):
        self._pause, self._lock = pause, threading.Lock()
        self._is_silent, self._next_try = False, 0.0

    def may_try(self) -> bool:
        """Call `answered` or `silent` after a try."""
        if not self._is_silent:
            return True
        with self._lock:
            if time.monotonic() < self._next_try:
                return False
            self._next_try = time.monotonic() + TRY_SECONDS
            return True

    def silent(self) -> None:
        self._is_silent, self._next_try = True, time.monotonic() + self._pause

    def answered(self) -> None:
        self._is_silent = False
