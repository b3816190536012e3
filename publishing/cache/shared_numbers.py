"""Numbers in a memory-mapped file, for all processes of a machine."""

import fcntl
import mmap
import os
import threading
from contextlib import contextmanager


class SharedNumbers:
    """`length` numbers of eight bytes, from 0 in a new file. Reading one costs less than a microsecond."""

    def __init__(self, path, length: int):
        # The file lock excludes other processes, not the threads of this one.
        self.path, self._length, self._lock = path, length, threading.Lock()
        self._open()

    def _open(self):
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        # Allocate the bytes now: writing into a sparse file on a full disk would end the process.
        os.posix_fallocate(self._file, 0, 8 * self._length)
        self._inode = os.fstat(self._file).st_ino
        self.numbers = memoryview(mmap.mmap(self._file, 8 * self._length)).cast("Q")

    @contextmanager
    def locked(self):
        """Exclude other threads and processes that do the same."""
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def reopened(self) -> bool:
        """Open the file again if it was deleted or replaced; whether it was."""
        try:
            if os.stat(self.path).st_ino == self._inode:
                return False
        except OSError:
            pass
        with self._lock:
            # The old map stays until no thread reads it.
            os.close(self._file)
            self._open()
        return True
