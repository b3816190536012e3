"""Whether the database turned read-only or went away a moment ago, of this process.

It is not asked again for `SECONDS` at a time: readers get their answer at once instead of a time-out each. What needs
no database works meanwhile. Staff and `/readyz` always ask: they repair it or report it, they are few, and an answer
that they get ends the pause for everybody. A busy database and a full disk pass by themselves, so they begin no pause.
"""

import logging
import os
import sqlite3
import time
from contextvars import ContextVar
from functools import partial

from django.db import connection

from . import waiting

logger = logging.getLogger(__name__)

SECONDS = 15.0
READ_ONLY, AWAY = "read-only", "away"
# Of PostgreSQL: a write in a transaction that is read-only.
READ_ONLY_STATE = "25006"

# What failed, and until when.
_failed: tuple[str, float] = ("", 0.0)
_asks: ContextVar[bool] = ContextVar("asks", default=False)
# For requests that ask the database in any case.
asking = partial(waiting.assigned, _asks, True)


class Unreachable(Exception):
    """Mixed into an error of a backend: no connection can be made."""


def kind_of(error: BaseException) -> str:
    """`READ_ONLY`, `AWAY`, or nothing for any other error of Django's or the database's."""
    cause = error.__cause__ or error
    if isinstance(cause, Unreachable):
        return AWAY
    if getattr(cause, "sqlstate", None) == READ_ONLY_STATE:
        return READ_ONLY
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    # The file cannot be opened on a full disk either, but then it is there.
    if code == sqlite3.SQLITE_CANTOPEN and not os.path.exists(connection.settings_dict["NAME"]):
        return AWAY
    return READ_ONLY if code == sqlite3.SQLITE_READONLY else ""


def note(error: BaseException) -> None:
    """Begin a pause if this error of the primary database is a reason for one, and there is none."""
    global _failed
    if (kind := kind_of(error)) and not state():
        _failed = (kind, time.monotonic() + SECONDS)
        logger.error("The database is %s, and is not asked for %.0f seconds: %s", kind, SECONDS, error)


def state() -> str:
    """`READ_ONLY` or `AWAY` during a pause, else nothing. A tenth of a microsecond while all is well."""
    kind, until = _failed
    return kind if kind and time.monotonic() < until else ""


def is_paused() -> bool:
    """Whether this request may not ask a database that is away."""
    return bool(_failed[0]) and state() == AWAY and not _asks.get()


def answered() -> None:
    """It is there again. Whether it can be written to, a try after the pause says."""
    if _failed[0] == AWAY:
        forget()


def forget() -> None:
    global _failed
    _failed = ("", 0.0)


class Breaker(waiting.Breaker):
    """The circuit breaker of the primary database."""

    def may_try(self) -> bool:
        return not is_paused() and super().may_try()

    def answered(self) -> None:
        super().answered()
        answered()
