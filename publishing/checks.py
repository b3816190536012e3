"""System checks that `migrate` runs first."""

from django.core.checks import Error, Tags, register
from django.db import connections

# Migrations of 22 November 2026 were edited after they had been applied: older databases lack these columns.
ADDED_LATER = {"articles_author": "biography_html", "comments_emailaddress": "mailbox"}


@register(Tags.database)
def check_edited_migrations(databases, **kwargs):
    """Refuse a database that Django would take for migrated."""
    return [
        Error(
            "This database was made by a version of 22 November 2026 or earlier and cannot be migrated: "
            f"{table} has no column {column}. Nothing was changed.",
            hint="Set DATABASE_URL to a new, empty database and import the articles, comments and quizzes into it "
            "again. To save the old rows to a file, run `manage.py dumpdata` of the version that made this database.",
            id="publishing.E001",
        )
        for alias in databases or ()
        for table, column in missing_columns(connections[alias])
    ]


def missing_columns(connection):
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table, column in ADDED_LATER.items():
            if table in tables:
                description = connection.introspection.get_table_description(cursor, table)
                if column not in {field.name for field in description}:
                    yield table, column
