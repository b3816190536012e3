"""How long a request waits for the database, and how it hears that others have just waited in vain."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

# Editors look at figures of 100,000 attempts and delete long threads; readers do nothing that takes so long.
STAFF_SECONDS = 10.0
# A try that ended in another way than by an answer or by silence counts as going on for so long.
TRY_SECONDS = 3.0

_is_staff: ContextVar[bool] = ContextVar("is_staff", default=False)


def seconds() -> float | None:
    """How long a statement is waited for; None where nobody waits for an answer (commands, migrations, the worker)."""
    if not settings.IS_SERVING:
        return None
    return STAFF_SECONDS if _is_staff.get() else settings.DATABASE_TIMEOUT


@contextmanager
def patiently() -> Iterator[None]:
    """For what the staff asks for."""
    token = _is_staff.set(True)
    try:
        yield
    finally:
        _is_staff.reset(token)


class Breaker:
    """Shared by the threads of a process: once somebody has waited in vain, one of them tries at a time.

    The others are refused at once until that one was `answered`, and for `pause` seconds after it was not.
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
