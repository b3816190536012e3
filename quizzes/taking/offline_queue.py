"""Attempts that wait on disk while the database is down, in one file to which lines are appended.

A line is written whole or not at all, under a lock that all processes of the machine share, and is on the disk before
its reader gets an answer. Each process remembers where each attempt is, and reads only what was appended since. When
the database is back the file is renamed, its lines are stored, and only then is it deleted. If that is interrupted
they are stored again; the token keeps an attempt from being stored twice.
"""

import fcntl
import json
import logging
import os
import threading
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import close_old_connections

from publishing.files import sync_folder

from ..editing.snapshots import UNREACHABLE, folder

logger = logging.getLogger(__name__)

# Between two tries of the thread that waits for the database.
RETRY_SECONDS = 2.0
_thread_lock = threading.Lock()


def _current_file() -> Path:
    return folder() / "attempts.spool"


def _files() -> list[Path]:
    """Renamed files that are not stored yet, and the one that lines are appended to."""
    return sorted(folder().glob("attempts.spool*"))


def is_empty() -> bool:
    return not _files()


@contextmanager
def _locked(name: str = "attempts.lock"):
    """One process at a time; by default of those that append lines or rename the file."""
    with (folder() / name).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def lengths() -> list[tuple[str, int, datetime | None]]:
    """The queue for monitoring: name, number of attempts, moment of the oldest. Reads what was appended since."""
    with _index_lock:
        _update_indexes()
        waiting = [index for index in _indexes.values() if index.places]
        oldest = [index.record(next(iter(index.places)))["created_at"] for index in waiting]
    number = sum(len(index.places) for index in waiting)
    return [("quiz_attempts", number, datetime.fromisoformat(min(oldest)) if oldest else None)]


def append(record: dict) -> None:
    """Store an attempt until the database is back, unless one with its token waits already.

    Costs the same however many wait. Raises OSError when it cannot be stored whole, as on a full disk.
    """
    with _locked():
        if find(record["token"]):
            return
        file = os.open(_current_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # The line end comes first, so that a torn line spoils no other.
            _write_whole(file, f"\n{json.dumps(record)}\n".encode())
        finally:
            os.close(file)


def _write_whole(file: int, data: bytes) -> None:
    """Append all of `data` and sync it to the disk, or nothing: a full disk takes a part before it refuses."""
    before = os.fstat(file).st_size
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
        if not before:
            sync_folder(folder())
    except OSError:
        os.ftruncate(file, before)
        raise


class _Index:
    """Where each line of one file is, as far as it was read. The file is held open, so that its inode is not reused."""

    def __init__(self, path: Path):
        self._file = os.open(path, os.O_RDONLY)
        self.inode = _inode(os.fstat(self._file))
        self._end, self.places = 0, {}

    def close(self) -> None:
        os.close(self._file)

    def read_on(self) -> None:
        """Read the whole lines that were appended. A line without its end is read when it has one."""
        size = os.fstat(self._file).st_size
        if size < self._end:
            self._end, self.places = 0, {}
        appended = os.pread(self._file, size - self._end, self._end)
        for line in appended[: appended.rfind(b"\n") + 1].splitlines(keepends=True):
            if record := _parsed(line):
                self.places[record["token"]] = (self._end, len(line))
            self._end += len(line)

    def record(self, token: str) -> dict | None:
        start, length = self.places[token]
        return _parsed(os.pread(self._file, length, start))


def _inode(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


# By inode, not by name: files are renamed. Of this process.
_indexes: dict[tuple[int, int], _Index] = {}
_index_lock = threading.Lock()


def find(token: str) -> dict | None:
    """The attempt with this token, if it waits here. Reads what was appended since the last call, and its line."""
    with _index_lock:
        _update_indexes()
        return next((index.record(token) for index in _indexes.values() if token in index.places), None)


def _update_indexes() -> None:
    gone = set(_indexes)
    for path in _files():
        try:
            index = _indexes.get(_inode(path.stat())) or _Index(path)
        except FileNotFoundError:
            continue
        index.read_on()
        _indexes[index.inode] = index
        gone.discard(index.inode)
    for inode in gone:
        _indexes.pop(inode).close()


def _parsed(line: bytes) -> dict | None:
    """The record on a line; None on an empty line and on one that is torn."""
    if not line.strip():
        return None
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict) or "token" not in record:
        logger.error("A damaged line of waiting attempts was skipped: %r", line[:80])
        return None
    return record


def flush(store) -> int:
    """Store every waiting attempt once with `store(record)`; returns how many lines were read.

    An error of `store` ends it and loses nothing: the next call starts again. One process at a time.
    """
    if is_empty():
        return 0
    number = 0
    with _locked("attempts.taking"):
        with _locked():
            if _current_file().exists():
                _current_file().rename(folder() / f"attempts.spool.{time.time_ns()}")
        for path in _files():
            if path == _current_file():
                continue
            for record in filter(None, map(_parsed, path.read_bytes().splitlines())):
                store(record)
                number += 1
            path.unlink()
    return number


def flush_when_back(store) -> None:
    """Start a thread that tries until the database is back and everything is stored; at most one in a process."""
    if not _thread_lock.acquire(blocking=False):
        return

    def wait():
        try:
            while not is_empty():
                time.sleep(RETRY_SECONDS)
                close_old_connections()
                try:
                    logger.warning("The database is back: %s waiting attempts were stored.", flush(store))
                except UNREACHABLE:
                    continue
        finally:
            close_old_connections()
            _thread_lock.release()

    threading.Thread(target=wait, name="quizzes-offline-queue", daemon=True).start()
