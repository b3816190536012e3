"""Rendered pages outside of the processes: in a SQLite file for those of one machine, in Redis for many machines.

A page is rendered once for all of them, and a new process starts warm. Any failure here only costs renders.
"""

import logging
import os
import sqlite3
import threading
import time
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import blake2b

from django.conf import settings
from django.utils.module_loading import import_string

from .page import Damaged, Page

logger = logging.getLogger(__name__)

FILE_BYTES = 512 * 1024 * 1024
# The size is checked after this number of pages; then the least recently rendered are deleted.
PAGES_BETWEEN_TRIMS = 200
LOCK_SECONDS = 0.05
# Not a database, a damaged one, or one without the table.
DAMAGE = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR}
# After a failure it is not used for this time.
PAUSE_SECONDS = 1.0
# Another release of the code, the templates or the settings renders other pages.
RELEASE_FOLDERS = ("publishing", "articles", "comments", "quizzes", "templates")
RELEASE_SETTINGS = (
    "SITE_URL", "DEBUG", "TIME_ZONE", "LANGUAGE_CODE", "SECURITY_CONTACT", "CONTENT_SECURITY_POLICY", "TRUSTED_PROXIES",
)  # fmt: skip

# Lost pages are rendered again, so nothing waits for the disk. Ids grow with each write.
_SCHEMA = """
    PRAGMA journal_mode=WAL;
    PRAGMA synchronous=OFF;
    PRAGMA journal_size_limit=16777216;
    PRAGMA cache_size=-256;
    CREATE TABLE IF NOT EXISTS pages (id INTEGER PRIMARY KEY, key BLOB UNIQUE NOT NULL, page BLOB NOT NULL);
"""


@cache
def release() -> str:
    """A digest of all that pages depend on: Python files, templates, translations, list of static files, settings."""
    digest = blake2b(digest_size=8)
    for name in RELEASE_SETTINGS:
        digest.update(repr(getattr(settings, name)).encode())
    files = [file for folder in RELEASE_FOLDERS for file in (settings.BASE_DIR / folder).rglob("*.*")]
    files = [
        file for file in files if file.suffix in (".py", ".html", ".xml", ".txt", ".mo") and "tests" not in file.parts
    ]
    for file in [*sorted(files), settings.STATIC_ROOT / "staticfiles.json"]:
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _digest(key: str) -> bytes:
    """Pages of another release of the site are never found."""
    return blake2b(f"{release()} {key}".encode(), digest_size=16).digest()


class SecondLevel:
    """Base class: `get`, `put` and `delete` never raise."""

    failures: tuple[type[Exception], ...]

    def __init__(self):
        self._resumes_at = 0.0

    @contextmanager
    def _trying(self):
        try:
            yield
        except self.failures as error:
            self._resumes_at = time.monotonic() + PAUSE_SECONDS
            logger.warning("Pages are not shared between processes for a moment: %s", error)
            self._failed(error)

    def _is_paused(self) -> bool:
        return time.monotonic() < self._resumes_at

    def _failed(self, error):
        pass

    def get(self, key: str) -> Page | None:
        """The page, of any age."""
        if self._is_paused():
            return None
        with self._trying():
            data = self._read(_digest(key))
            if data is None:
                return None
            try:
                return Page.unpacked(data)
            except (Damaged, ValueError, KeyError, TypeError):
                self._remove(_digest(key))
        return None

    def put(self, key: str, page: Page) -> None:
        if not self._is_paused():
            with self._trying():
                self._write(_digest(key), page.packed())

    def delete(self, key: str) -> None:
        if not self._is_paused():
            with self._trying():
                self._remove(_digest(key))


class FilePages(SecondLevel):
    """A SQLite file of at most `FILE_BYTES`. A read takes about 20 microseconds, a write 100."""

    failures = (sqlite3.Error, OSError)

    def __init__(self, path):
        super().__init__()
        self._path, self._lock, self._writes = path, threading.Lock(), 0
        self._connection = self._process = self._inode = None

    @contextmanager
    def _database(self):
        with self._lock:
            # A connection must not be used by a forked process.
            if self._connection is None or self._process != os.getpid():
                self._open()
            yield self._connection

    def _open(self):
        self._process = os.getpid()
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o644))
        self._inode = os.stat(self._path).st_ino
        connection = sqlite3.connect(self._path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            connection.executescript(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection

    def _read(self, digest):
        with self._database() as database:
            row = database.execute("SELECT page FROM pages WHERE key = ?", [digest]).fetchone()
        return row and row[0]

    def _write(self, digest, packed):
        with self._database() as database:
            database.execute("INSERT OR REPLACE INTO pages (key, page) VALUES (?, ?)", [digest, packed])
            self._writes += 1
            if self._writes % PAGES_BETWEEN_TRIMS == 0:
                self._trim(database)

    def _remove(self, digest):
        with self._database() as database:
            database.execute("DELETE FROM pages WHERE key = ?", [digest])

    def _trim(self, database):
        def pragma(name):
            return database.execute(f"PRAGMA {name}").fetchone()[0]

        while (pragma("page_count") - pragma("freelist_count")) * pragma("page_size") > FILE_BYTES:
            oldest = "SELECT id FROM pages ORDER BY id LIMIT (SELECT count(*) / 10 + 1 FROM pages)"
            database.execute(f"DELETE FROM pages WHERE id IN ({oldest})")  # noqa: S608 - a constant

    def _failed(self, error):
        """Delete the file if it is damaged, unless another process has replaced it."""
        with self._lock, suppress(OSError, sqlite3.Error):
            connection, self._connection = self._connection, None
            if connection is not None and self._process == os.getpid():
                connection.close()
            is_damaged = getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGE
            if is_damaged and os.stat(self._path).st_ino == self._inode:
                for suffix in ("", "-wal", "-shm"):
                    with suppress(FileNotFoundError):
                        os.unlink(f"{self._path}{suffix}")


@cache
def second_level() -> SecondLevel:
    if settings.REDIS_URL:
        return import_string("publishing.in_redis.pages.RedisPages")(settings.REDIS_URL)
    return FilePages(settings.VAR_DIR / "pages.sqlite3")
