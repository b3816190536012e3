"""Copies of an SQLite database that is in use."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import DatabaseError, connection

from ..notes import Refused
from .archive import Manifest
from .contents import LEFT_OUT
from .tables import another, counts_of, migrations_of


def _opened(path: Path):
    """A connection of Django to another file: indexes and checks may use its functions."""
    options = {key: value for key, value in connection.settings_dict["OPTIONS"].items() if key != "init_command"}
    return another(NAME=str(path), OPTIONS=options)


def dump(path: Path) -> tuple[dict[str, int], list[list[str]]]:
    """Write a copy of the database of one moment, without the tables that are left out. Writers do not wait.

    Returns its counts and migrations. Raises OSError if there is no space.
    """
    try:
        with closing(_opened(connection.settings_dict["NAME"])) as source, source.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        with closing(_opened(path)) as copy, copy.cursor() as cursor:
            # What is deleted is overwritten, in the file and in its journal, which is in memory.
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("PRAGMA journal_mode = MEMORY")
            cursor.execute("PRAGMA foreign_keys = OFF")
            for table in set(LEFT_OUT) & set(copy.introspection.table_names(cursor)):
                cursor.execute(f"DELETE FROM {copy.ops.quote_name(table)}")  # noqa: S608 - a name of the settings
            return counts_of(cursor), migrations_of(cursor)
    except Exception as error:
        cause = error.__cause__ or error
        if getattr(cause, "sqlite_errorcode", None) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE):
            raise OSError(None, "no space left on the disk") from error
        raise


def check(path: Path, manifest: Manifest) -> None:
    """Open a copy. Raises Refused if it is damaged, or has other rows than its manifest says."""
    try:
        with closing(_opened(path)) as copy, copy.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check(1)")
            found = cursor.fetchone()[0]
            if found != "ok":
                raise Refused(f"The database in the backup is damaged: {found}")
            if migrations_of(cursor) != manifest.migrations or counts_of(cursor, manifest.counts) != manifest.counts:
                raise Refused("The database in the backup has other rows than its manifest says.")
    except DatabaseError as error:
        raise Refused(f"The database in the backup is damaged: {error}") from error


def load(path: Path, manifest: Manifest) -> None:
    """Replace the rows of the site's database by those of a copy, in one transaction, whoever has it open.

    What was replaced lies beside it until the new rows are checked. If that fails, it is put back.
    """
    name = Path(connection.settings_dict["NAME"])
    replaced = name.with_name(f"{name.name}.replaced")
    connection.close()
    try:
        _copy(name, replaced)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
        _load_beside_damaged(path, name, manifest)
        return
    try:
        _copy(path, name)
        check(name, manifest)
    except BaseException:
        connection.close()
        _copy(replaced, name)
        raise
    finally:
        connection.close()
    replaced.unlink()


def _load_beside_damaged(path: Path, name: Path, manifest: Manifest) -> None:
    """Nobody can read the old database: its files are renamed, and stay."""
    for ending in ("", "-wal", "-shm"):
        name.with_name(name.name + ".replaced").unlink(missing_ok=True)
        old = name.with_name(name.name + ending)
        if old.exists():
            old.rename(name.with_name(f"{name.name}.damaged{ending}"))
    _copy(path, name)
    check(name, manifest)


def _copy(source: Path, target: Path) -> None:
    """All pages, under a lock of the target: others see the old rows, then the new ones."""
    with closing(sqlite3.connect(source, timeout=20)) as old, closing(sqlite3.connect(target, timeout=20)) as new:
        old.backup(new)
