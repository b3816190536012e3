"""What `migrate` looks at before it changes a database."""

from django.core.checks import Error, Tags, register
from django.db import connections

TABLE, COLUMN = "articles_author", "biography_html"


@register(Tags.database)
def check_first_migration(databases, **kwargs):
    """The first migration was rewritten once. A database made before has the table without this column, but says that
    the migration is applied. Two queries for each database."""
    return [
        Error(
            "This database was made by a version older than commit 4aaa862 (22 November 2026) and cannot "
            "be migrated. Nothing was changed.",
            hint="Set DATABASE_URL to a new, empty database and import the articles and quizzes into it again. "
            "To save the old rows to a file, run `manage.py dumpdata` of the version that made this database.",
            id="articles.E001",
        )
        for alias in databases or ()
        if _lacks_column(connections[alias])
    ]


def _lacks_column(connection):
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return False
        return COLUMN not in {column.name for column in connection.introspection.get_table_description(cursor, TABLE)}
