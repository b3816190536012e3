"""Where attempts wait while the database does not answer: one file to which lines are only ever added.

A line is written whole, under a lock that all processes of the machine share, and is on the disk before the reader is
told that it was taken. When the database is back the file is set aside, its lines are stored, and only then is it
deleted. Whoever is interrupted in between stores them again, and the token of an attempt keeps it from being there
twice.
"""

import fcntl
import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import close_old_connections

from . import snapshots

logger = logging.getLogger(__name__)

# How long the thread that waits for the database sleeps between two looks.
RETRY_SECONDS = 2.0
_waiting = threading.Lock()


def _folder() -> Path:
    return snapshots.folder()


def _waiting_file() -> Path:
    return _folder() / "attempts.spool"


@contextmanager
def _locked():
    """One process at a time adds lines or sets the file aside."""
    with (_folder() / "attempts.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def append(record: dict) -> bool:
    """Keep an attempt until the database is back; False when one with its token is here already.

    Raises OSError when it cannot be kept, as on a full disk.
    """
    with _locked():
        if find(record["token"]):
            return False
        is_new = not _waiting_file().exists()
        file = os.open(_waiting_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # The line end comes first, so that a line that was torn off spoils no other.
            os.write(file, f"\n{json.dumps(record)}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)
        if is_new:
            _sync_folder()
    return True


def _sync_folder() -> None:
    directory = os.open(_folder(), os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def find(token: str) -> dict | None:
    """The attempt with this token, if it is waiting here."""
    return next((record for record in _records(_files()) if record["token"] == token), None)


def is_empty() -> bool:
    return not any(path.stat().st_size for path in _files())


def _files() -> list[Path]:
    """Those that were set aside and not finished, and the one that lines are added to."""
    return sorted(_folder().glob("attempts.spool*"))


def _records(paths) -> Iterator[dict]:
    for path in paths:
        try:
            lines = path.read_text().splitlines()
        except FileNotFoundError:
            continue
        for line in filter(None, lines):
            try:
                yield json.loads(line)
            except ValueError:
                logger.error("A line of %s is torn and was left out: %r", path, line[:80])


def take_in(store) -> int:
    """Store everything that waits with `store(record)`, once; returns how many lines were read.

    What `store` raises ends it, and nothing is lost: the next call begins anew. One process at a time.
    """
    if is_empty():
        return 0
    with (_folder() / "attempts.taking").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _locked():
            if _waiting_file().exists():
                _waiting_file().rename(_folder() / f"attempts.spool.{time.time_ns()}")
        number = 0
        for path in _files():
            if path == _waiting_file():
                continue
            for record in _records([path]):
                store(record)
                number += 1
            path.unlink()
    return number


def take_in_when_back(store) -> None:
    """Start a thread that tries until the database is back and everything is stored; one for each process."""
    if not _waiting.acquire(blocking=False):
        return

    def wait():
        try:
            while not is_empty():
                time.sleep(RETRY_SECONDS)
                close_old_connections()
                try:
                    number = take_in(store)
                    logger.warning("The database is back: %s attempts were taken in.", number)
                except snapshots.UNREACHABLE:
                    continue
        finally:
            close_old_connections()
            _waiting.release()

    threading.Thread(target=wait, name="quizzes-spool", daemon=True).start()
