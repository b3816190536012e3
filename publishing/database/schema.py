"""Whether the database has the tables and columns that the code reads."""

import sqlite3

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

# SQLite has one code for all errors in a statement.
SQLITE_MISSING = ("no such table", "no such column", "has no column named")
# undefined_table and undefined_column of PostgreSQL.
POSTGRESQL_MISSING = {"42P01", "42703"}


def is_behind() -> bool:
    """Whether migrations of the code are not applied. Loads all of them: some 50 ms."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def misses_migrations(error: BaseException | None) -> bool:
    """Whether a statement failed because the database is to be migrated: new code is served before `migrate` ends."""
    cause = getattr(error, "__cause__", None)
    if isinstance(cause, sqlite3.Error):
        is_missing = any(words in str(cause) for words in SQLITE_MISSING)
    else:
        is_missing = getattr(cause, "sqlstate", None) in POSTGRESQL_MISSING
    try:
        return isinstance(error, DatabaseError) and is_missing and is_behind()
    except DatabaseError:
        return False
