"""SQLite for requests: while the write lock is held for seconds, one request at a time waits for it.

Each waits for `DATABASE_TIMEOUT` at most. Otherwise a few writes would keep every thread of the process waiting.
"""

import sqlite3

from django.db import DEFAULT_DB_ALIAS, OperationalError
from django.db.backends.sqlite3 import base

from publishing.database import away
from publishing.database.waiting import Breaker, seconds

# A lock may be free at any time, so try soon.
_breaker = Breaker(pause=0.2)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        is_primary = self.alias == DEFAULT_DB_ALIAS
        if is_primary and seconds() is not None and away.is_paused():
            raise OperationalError("The database could not be opened a moment ago.")
        connection = super().get_new_connection(conn_params)
        if is_primary:
            away.answered()
        return connection

    def _start_transaction_under_autocommit(self):
        """BEGIN IMMEDIATE, which takes the write lock."""
        if seconds() is None:
            super()._start_transaction_under_autocommit()
            return
        if not _breaker.may_try():
            raise OperationalError("The database was locked a moment ago.")
        try:
            super()._start_transaction_under_autocommit()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                _breaker.silent()
            raise
        _breaker.answered()
