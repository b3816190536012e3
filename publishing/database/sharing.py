"""Long work in many short transactions that lets others save between them."""

import time
from contextlib import contextmanager

from django.db import connection, transaction

# Who waits for SQLite's lock asks for it every 100 ms at last, and gets it only if it is free then.
# https://sqlite.org/src/file?name=src/main.c (sqliteDefaultBusyCallback)
FREE_SECONDS = 0.12
# The lock is held for so long, in one transaction or several, before it is left free for that time.
HELD_SECONDS = 0.2


class Turns:
    """Transactions after each other; nobody else waits much longer than `HELD_SECONDS` and one of them.

    On PostgreSQL nobody waits for more than the rows that they share, so there are no pauses.
    """

    def __init__(self):
        self._held, self._released = 0.0, 0.0

    @contextmanager
    def transaction(self):
        if connection.vendor == "sqlite" and self._held > HELD_SECONDS:
            time.sleep(max(0.0, self._released + FREE_SECONDS - time.monotonic()))
        started = time.monotonic()
        if started - self._released >= FREE_SECONDS:
            self._held = 0.0
        try:
            with transaction.atomic():
                yield
        finally:
            self._released = time.monotonic()
            self._held += self._released - started
