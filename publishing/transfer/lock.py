"""One backup, restore, import or export at a time, on all machines that share a database."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

# Of the advisory lock of PostgreSQL: any number that nothing else uses.
NUMBER = 7_215_604_930
RETRY_SECONDS = 0.5


class Busy(Exception):  # noqa: N818 - of the moment, not of the program
    """Something else runs; the message says what, and since when."""


@contextmanager
def exclusive(work: str, wait: float = 0) -> Iterator[None]:
    """Hold the lock while the block runs. `work` is what others are told: "An import by Mei".

    Tries for `wait` seconds, then raises Busy. The lock ends with the process, however that ends.
    """
    deadline = time.monotonic() + wait
    while True:
        with (settings.VAR_DIR / "transfer.lock").open("a+") as file:
            if holder := _held_by(file):
                if time.monotonic() >= deadline:
                    raise Busy(holder)
            else:
                message = _("%(work)s has been running since %(moment)s.")
                moment = date_format(timezone.localtime(), "DATETIME_FORMAT")
                _write(file, message % {"work": work, "moment": moment})
                with _in_database():
                    yield
                _write(file, "")
                return
        time.sleep(RETRY_SECONDS)


def running() -> str:
    """What runs now on this machine, as a sentence; empty if nothing does."""
    path = settings.VAR_DIR / "transfer.lock"
    if not path.exists():
        return ""
    with path.open("a+") as file:
        return _held_by(file)


def _held_by(file: IO) -> str:
    """Empty if this process has the lock now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        return file.read() or _("Something else is running.")
    return ""


def _write(file: IO, text: str) -> None:
    os.ftruncate(file.fileno(), 0)
    file.write(text)
    file.flush()


@contextmanager
def _in_database() -> Iterator[None]:
    """PostgreSQL keeps the lock for a connection of its own: the work may close the other one."""
    if connections[DEFAULT_DB_ALIAS].vendor != "postgresql":
        yield
        return
    connection = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [NUMBER])
            if not cursor.fetchone()[0]:
                raise Busy(_("A backup, restore, import or export is running on another machine."))
        yield
    finally:
        connection.close()
