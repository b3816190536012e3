"""An optional copy of the database, `DATABASE_REPLICA_URL`, from which public pages are read.

Everything else uses the primary: writes, the admin, commands, tasks, pages of one reader. `publishing.web.outage`
decides for each request.
"""

from contextvars import ContextVar
from functools import partial

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

from .waiting import Breaker, assigned

REPLICA = "replica"

# Seconds after which one request tries a replica that failed.
_breaker = Breaker(pause=10.0)
_is_read: ContextVar[bool] = ContextVar("is_read", default=False)


class Router:
    """Never follows a row to where it was read: values that are cached in the process may be from the replica."""

    def db_for_read(self, model, **hints):
        return connection().alias

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return False if db == REPLICA else None


# Limits the effect of `read` to the block.
one_request = partial(assigned, _is_read, False)


def connection():
    """For raw SQL that only reads."""
    return connections[REPLICA if _is_read.get() else DEFAULT_DB_ALIAS]


def is_there() -> bool:
    return REPLICA in settings.DATABASES


def read() -> None:
    """Read the rest of this request from the replica if it answers."""
    if not _breaker.may_try():
        return
    try:
        connections[REPLICA].ensure_connection()
    except Error:
        _breaker.silent()
    else:
        _breaker.answered()
        _is_read.set(True)


def give_up() -> bool:
    """Read the rest of this request from the primary; false if it did so before."""
    was_read = _is_read.get()
    if was_read:
        _breaker.silent()
        _is_read.set(False)
    return was_read
