"""Where attempts wait while the database does not answer: one file to which lines are only ever added.

A line is written whole or taken back, under a lock that all processes of the machine share, and is on the disk before
the reader is told that it was taken. Each process remembers where which attempt is, and reads only what was added
since. When the database is back the file is set aside, its lines are stored, and only then is it deleted. If that is
interrupted, they are stored again, and the token of an attempt keeps it from being there twice.
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

from publishing.files import sync_folder

from ..editing.snapshots import UNREACHABLE, folder

logger = logging.getLogger(__name__)

# How long the thread that waits for the database sleeps between two looks.
RETRY_SECONDS = 2.0
_waiting = threading.Lock()


def _waiting_file() -> Path:
    return folder() / "attempts.spool"


@contextmanager
def _locked():
    """One process at a time adds lines or sets the file aside."""
    with (folder() / "attempts.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def append(record: dict) -> bool:
    """Keep an attempt until the database is back; False when one with its token is here already.

    Costs the same however many wait. Raises OSError when it cannot be kept whole, as on a full disk.
    """
    with _locked():
        if _known.has(record["token"]):
            return False
        file = os.open(_waiting_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # The line end comes first, so that a line that was torn off spoils no other.
            _write_whole(file, f"\n{json.dumps(record)}\n".encode())
        finally:
            os.close(file)
    return True


def _write_whole(file: int, data: bytes) -> None:
    """Add all of `data` and bring it to the disk, or nothing: a full disk takes a part before it refuses."""
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


class _Known:
    """Where in which file each waiting attempt is, for one process.

    A file is known by its inode, not by its name: it is renamed when it is set aside. It is held open, so that its
    number cannot become another file's while it is known here.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._files: dict[tuple[int, int], _Lines] = {}

    def has(self, token: str) -> bool:
        with self._lock:
            return any(token in lines.places for lines in self._read())

    def record(self, token: str) -> dict | None:
        with self._lock:
            return next((lines.record(token) for lines in self._read() if token in lines.places), None)

    def _read(self) -> list["_Lines"]:
        """The waiting files with everything that was added since the last call."""
        known, self._files = self._files, {}
        for path in _files():
            try:
                lines = known.get(_inode(path.stat())) or _Lines(path)
            except FileNotFoundError:
                continue
            lines.read_on()
            self._files[lines.inode] = lines
        for inode in known.keys() - self._files.keys():
            known[inode].close()
        return list(self._files.values())


def _inode(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


class _Lines:
    """The lines of one file."""

    def __init__(self, path: Path):
        self._file = os.open(path, os.O_RDONLY)
        self.inode = _inode(os.fstat(self._file))
        self._forget()

    def close(self) -> None:
        os.close(self._file)

    def _forget(self) -> None:
        self._read_until, self.places = 0, {}

    def read_on(self) -> None:
        """Read the whole lines that were added. What has no end yet is read when it has."""
        size = os.fstat(self._file).st_size
        if size < self._read_until:
            self._forget()
        added = os.pread(self._file, size - self._read_until, self._read_until)
        for line in added[: added.rfind(b"\n") + 1].splitlines(keepends=True):
            if record := _parsed(line):
                self.places[record["token"]] = (self._read_until, len(line))
            self._read_until += len(line)

    def record(self, token: str) -> dict | None:
        place, length = self.places[token]
        return _parsed(os.pread(self._file, length, place))


_known = _Known()


def find(token: str) -> dict | None:
    """The attempt with this token, if it is waiting here. Reads what was added since the last call, and its line."""
    return _known.record(token)


def is_empty() -> bool:
    return not any(map(_size, _files()))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _files() -> list[Path]:
    """Those that were set aside and not finished, and the one that lines are added to."""
    return sorted(folder().glob("attempts.spool*"))


def _records(paths) -> Iterator[dict]:
    for path in paths:
        try:
            lines = path.read_bytes().splitlines()
        except FileNotFoundError:
            continue
        yield from filter(None, map(_parsed, lines))


def _parsed(line: bytes) -> dict | None:
    """The record on a line; None on an empty line and on one that is torn."""
    if not line.strip():
        return None
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict) or "token" not in record:
        logger.error("A line of waiting attempts is torn and was left out: %r", line[:80])
        return None
    return record


def take_in(store) -> int:
    """Store everything that waits with `store(record)`, once; returns how many lines were read.

    What `store` raises ends it, and nothing is lost: the next call begins anew. One process at a time.
    """
    if is_empty():
        return 0
    with (folder() / "attempts.taking").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _locked():
            if _waiting_file().exists():
                _waiting_file().rename(folder() / f"attempts.spool.{time.time_ns()}")
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
                except UNREACHABLE:
                    continue
        finally:
            close_old_connections()
            _waiting.release()

    threading.Thread(target=wait, name="quizzes-spool", daemon=True).start()
