"""PostgreSQL for requests: no statement takes longer than `waiting.seconds()`, and half a second to cancel it.

`statement_timeout` and `lock_timeout` are enforced by the server, so not by a frozen one, whose kernel still
acknowledges packets. Here the client cancels; if that is not answered in `CANCEL_SECONDS`, it closes the connection.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from types import SimpleNamespace

import psycopg
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg import errors
from psycopg.types.numeric import Int8
from psycopg_pool import PoolTimeout

from publishing.database import away
from publishing.database.waiting import Breaker, assigned, seconds

# For the request to cancel, and once more for the answer to it.
CANCEL_SECONDS = 0.25
# A pool that has no connection for a request has none at all if it failed to make one within this time.
FAILED_SECONDS = 5.0
# The server is there and has no place left, as PostgreSQL says it; psycopg has no code of a refusal.
BUSY = ("too many clients", "too many connections", "remaining connection slots")

# While a connection is opened: the breaker was checked before.
_is_connecting: ContextVar[bool] = ContextVar("is_connecting", default=False)
_connecting = partial(assigned, _is_connecting, True)


class Silent(psycopg.OperationalError):
    """The server did not answer in time: it is gone, or very busy. The next connection tells which."""


class Unreachable(psycopg.OperationalError, away.Unreachable):
    """No connection can be made."""


class Paused(psycopg.OperationalError):
    """It is not asked, as it did not answer a moment ago."""


class ReadOnly(psycopg.OperationalError):
    """What psycopg has as an internal error: the server takes no writes."""

    sqlstate = away.READ_ONLY_STATE


class Connection(psycopg.Connection):
    """A connection whose statements time out."""

    # That of the server, and when a connection could last not be made, or did not answer before it was used.
    breaker: Breaker
    failed_at = float("-inf")

    @classmethod
    def connect(cls, *arguments, **options):
        try:
            connection = super().connect(*arguments, **options)
        except psycopg.OperationalError as error:
            if any(words in str(error) for words in BUSY):
                raise
            cls.failed_at = time.monotonic()
            raise Unreachable(str(error)) from error
        cls.failed_at = float("-inf")
        return connection

    def wait(self, gen, *arguments, **options):
        try:
            return self._wait(gen, *arguments, **options)
        except errors.ReadOnlySqlTransaction as error:
            raise ReadOnly(str(error)) from error

    def _wait(self, gen, *arguments, **options):
        if (limit := seconds()) is None:
            return super().wait(gen, *arguments, **options)
        if not _is_connecting.get() and not self.breaker.may_try():
            raise Paused("PostgreSQL did not answer a moment ago.")
        try:
            return super().wait(gen, timeout=limit)
        except errors._WaitTimeout:
            return self._cancelled(gen)
        finally:
            if not self.closed:
                self.breaker.answered()

    def _cancelled(self, gen):
        """QueryCanceled, or the result if it came just then."""
        try:
            self.cancel_safe(timeout=CANCEL_SECONDS)
            return super().wait(gen, timeout=CANCEL_SECONDS)
        except errors.QueryCanceled:
            raise
        except psycopg.OperationalError as error:
            self.pgconn.finish()
            self.breaker.silent()
            if _is_connecting.get():
                type(self).failed_at = time.monotonic()
            raise Silent("PostgreSQL does not answer.") from error


class PreparedCursor(base.ServerBindingCursor):
    """Lets the server parse and plan a statement once for a connection."""

    def execute(self, query, params=None):
        # The types of parameters are part of a statement: without this, there would be one for each length of keys.
        params = [Int8(value) if type(value) is int else value for value in params or ()]
        return super().execute(query, params, prepare=True)


class DatabaseOperations(base.DatabaseOperations):
    def last_executed_query(self, cursor, sql, params):
        """For logs; psycopg does not keep what a prepared statement was."""
        return super().last_executed_query(cursor, sql, params) or self.compose_sql(sql, params)


# For each server, by the name of the database in the settings.
_connections: dict[str, type[Connection]] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        breaker = (away.Breaker if self.alias == DEFAULT_DB_ALIAS else Breaker)(pause=2.0)
        connection = _connections.setdefault(self.alias, type("Connection", (Connection,), {"breaker": breaker}))
        self.breaker, self._class = connection.breaker, connection
        self.Database = SimpleNamespace(**vars(psycopg) | {"connect": connection.connect})
        if pool := self.settings_dict["OPTIONS"].get("pool"):
            self.settings_dict["OPTIONS"]["pool"] = {"connection_class": connection} | pool

    def get_new_connection(self, conn_params):
        if seconds() is not None and not self.breaker.may_try():
            raise Paused("PostgreSQL did not answer a moment ago.")
        try:
            with _connecting():
                connection = super().get_new_connection(conn_params)
        except PoolTimeout as error:
            self.breaker.silent()
            if time.monotonic() - self._class.failed_at < FAILED_SECONDS:
                raise Unreachable(str(error)) from error
            raise
        except Unreachable as error:
            if isinstance(error.__cause__, errors.ConnectionTimeout):
                self.breaker.silent()
            raise
        self.breaker.answered()
        return connection

    @contextmanager
    def prepared(self) -> Iterator[None]:
        """Statements are prepared, unless `prepare_threshold` in the options of the database is None."""
        self.ensure_connection()
        connection, usual = self.connection, self.connection.cursor_factory
        if connection.prepare_threshold is not None:
            connection.cursor_factory = PreparedCursor
        try:
            yield
        finally:
            connection.cursor_factory = usual

    def _configure_connection(self, connection):
        """A thread of the pool does this, too."""
        with _connecting():
            return super()._configure_connection(connection)
