"""Numbers in a file, for all processes of a machine."""

import fcntl
import os
import threading
from array import array
from contextlib import contextmanager
from functools import partial

_BYTES = 8


class SharedNumbers:
    """Numbers of eight bytes in a file; 0 where nothing was written. Reading one costs half a microsecond.

    The file is read and not mapped: truncation would kill every process that has it mapped.
    """

    def __init__(self, path):
        # The file lock excludes other processes, not the threads of this one.
        self.path, self._lock = path, threading.Lock()
        self._open()

    def _open(self):
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        self._inode = os.fstat(self._file).st_ino

    def __getitem__(self, index: int) -> int:
        return int.from_bytes(os.pread(self._file, _BYTES, _BYTES * index), "little")

    def reader(self, index: int):
        """A function that returns the bytes of a number, in a third of a microsecond."""
        # The file keeps its descriptor when it is opened again.
        return partial(os.pread, self._file, _BYTES, _BYTES * index)

    def __setitem__(self, index: int, number: int) -> None:
        """Raises OSError, for example on a full disk."""
        os.pwrite(self._file, number.to_bytes(_BYTES, "little"), _BYTES * index)

    def fill(self, start: int, length: int, number: int) -> None:
        """Write the number to `length` places. Raises OSError."""
        os.pwrite(self._file, array("Q", [number]).tobytes() * length, _BYTES * start)

    @contextmanager
    def locked(self):
        """Exclude other threads and processes that hold this lock."""
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def open_again(self) -> None:
        """Open the file again if it was deleted or replaced."""
        try:
            if os.stat(self.path).st_ino == self._inode:
                return
        except FileNotFoundError:
            pass
        with self._lock:
            old = self._file
            self._open()
            # Under the old descriptor, so that a thread that is reading finds a file.
            os.dup2(self._file, old)
            os.close(self._file)
            self._file = old
