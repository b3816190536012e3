"""PostgreSQL for requests: no statement takes longer than `waiting.seconds()`, and half a second to cancel it.

`statement_timeout` and `lock_timeout` are enforced by the server, so not by a frozen one, whose kernel still
acknowledges packets. Here the client cancels; if that is not answered in `CANCEL_SECONDS`, it closes the connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from types import SimpleNamespace

import psycopg
from django.db.backends.postgresql import base
from psycopg import errors
from psycopg.types.numeric import Int8
from psycopg_pool import PoolTimeout

from publishing.database.waiting import Breaker, assigned, seconds

# For the request to cancel, and once more for the answer to it.
CANCEL_SECONDS = 0.25

# While a connection is opened: the breaker was checked before.
_is_connecting: ContextVar[bool] = ContextVar("is_connecting", default=False)
_connecting = partial(assigned, _is_connecting, True)


class Silent(psycopg.OperationalError):
    """The server did not answer in time."""


class Connection(psycopg.Connection):
    """A connection whose statements time out."""

    # That of the server.
    breaker: Breaker

    def wait(self, gen, *arguments, **options):
        if (limit := seconds()) is None:
            return super().wait(gen, *arguments, **options)
        if not _is_connecting.get() and not self.breaker.may_try():
            raise Silent("PostgreSQL did not answer a moment ago.")
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
        new = type("Connection", (Connection,), {"breaker": Breaker(pause=2.0)})
        connection = _connections.setdefault(self.alias, new)
        self.breaker = connection.breaker
        self.Database = SimpleNamespace(**vars(psycopg) | {"connect": connection.connect})
        if pool := self.settings_dict["OPTIONS"].get("pool"):
            self.settings_dict["OPTIONS"]["pool"] = {"connection_class": connection} | pool

    def get_new_connection(self, conn_params):
        if seconds() is not None and not self.breaker.may_try():
            raise Silent("PostgreSQL did not answer a moment ago.")
        try:
            with _connecting():
                connection = super().get_new_connection(conn_params)
        except (errors.ConnectionTimeout, PoolTimeout):
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
