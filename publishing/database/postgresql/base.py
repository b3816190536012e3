"""PostgreSQL for requests: no statement takes longer than `waiting.seconds()`, and half a second to cancel it.

`statement_timeout` and `lock_timeout` are kept by the server, so a frozen server keeps neither, while its kernel
acknowledges packets. Here the client cancels; if that is not answered in `CANCEL_SECONDS`, it closes the connection.
"""

from types import SimpleNamespace

import psycopg
from django.db.backends.postgresql import base
from psycopg import errors

from publishing.database.waiting import Breaker, seconds

# For the request to cancel, and once more for the answer to it.
CANCEL_SECONDS = 0.25

_breaker = Breaker(pause=2.0)


class Silent(psycopg.OperationalError):
    """The server did not answer in time."""


class Connection(psycopg.Connection):
    """A connection whose statements time out."""

    def wait(self, gen, *arguments, **options):
        if (limit := seconds()) is None:
            return super().wait(gen, *arguments, **options)
        if not _breaker.may_try():
            raise Silent("PostgreSQL did not answer a moment ago.")
        try:
            return super().wait(gen, timeout=limit)
        except errors._WaitTimeout:
            return self._cancelled(gen)
        finally:
            if not self.closed:
                _breaker.answered()

    def _cancelled(self, gen):
        """QueryCanceled, or the result if it came just then."""
        try:
            self.cancel_safe(timeout=CANCEL_SECONDS)
            return super().wait(gen, timeout=CANCEL_SECONDS)
        except errors.QueryCanceled:
            raise
        except psycopg.OperationalError as error:
            self.pgconn.finish()
            _breaker.silent()
            raise Silent("PostgreSQL does not answer.") from error


class DatabaseWrapper(base.DatabaseWrapper):
    Database = SimpleNamespace(**vars(psycopg) | {"connect": Connection.connect})

    def get_new_connection(self, conn_params):
        if seconds() is not None and not _breaker.may_try():
            raise Silent("PostgreSQL did not answer a moment ago.")
        try:
            connection = super().get_new_connection(conn_params)
        except errors.ConnectionTimeout:
            _breaker.silent()
            raise
        _breaker.answered()
        return connection
