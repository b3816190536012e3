"""The tables of a database, as both engines have them."""

from collections.abc import Iterable

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.loader import MigrationLoader

from .contents import LEFT_OUT

MIGRATIONS = "django_migrations"
# These have rows once `migrate` has run.
FILLED_BY_MIGRATE = {
    MIGRATIONS,
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "articles_listcount",
    "articles_menu",
    "sponsors_slot",
}


def another(**changed):
    """A connection of its own, to the database of the site or to one that `changed` names. Close it."""
    own = connections[DEFAULT_DB_ALIAS]
    return type(own)(own.settings_dict | changed, DEFAULT_DB_ALIAS)


def counts_of(cursor, tables: Iterable[str] | None = None) -> dict[str, int]:
    """Rows by table: of `tables`, else of all of our models but those that a backup leaves out."""
    if tables is None:
        existing = set(connection.introspection.table_names(cursor))
        ours = {MIGRATIONS, *connection.introspection.django_table_names()} & existing
        tables = ours - set(LEFT_OUT)
    counts = {}
    for table in sorted(tables):
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - quoted
        counts[table] = cursor.fetchone()[0]
    return counts


def migrations_of(cursor) -> list[list[str]]:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [list(row) for row in cursor.fetchall()]


def has_content() -> bool:
    """Whether anything is stored in the site's database that `migrate` does not store."""
    with connection.cursor() as cursor:
        if MIGRATIONS not in connection.introspection.table_names(cursor):
            return bool(connection.introspection.table_names(cursor))
        return any(number for table, number in counts_of(cursor).items() if table not in FILLED_BY_MIGRATE)


def unknown(migrations: list[list[str]]) -> list[str]:
    """Migrations that this version of the program does not have: a newer one has made them."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    return [f"{app}.{name}" for app, name in migrations if (app, name) not in known]
