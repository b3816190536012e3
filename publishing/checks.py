"""System checks: `migrate` runs them first, so a site with such a fault does not start."""

from gettext import GNUTranslations

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections
from PIL import features

from .text.languages import script_of

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


@register(Tags.translation)
def check_catalogues(**kwargs):
    """Refuse a catalogue of which every page would fail."""
    errors = []
    for file in sorted(path for folder in settings.LOCALE_PATHS for path in folder.glob("*/LC_MESSAGES/*.mo")):
        try:
            with file.open("rb") as compiled:
                GNUTranslations(compiled)
        except (OSError, ValueError, IndexError, RecursionError) as error:
            message = f"The translations in {'/'.join(file.parts[-3:])} cannot be read: {error}."
            errors.append(Error(message, hint="Mend its .po file, then run `make messages`.", id="publishing.E002"))
    return errors


@register()
def check_shaping(**kwargs):
    """Cards for sharing leave out the titles of a whole site if nothing joins its letters."""
    if script_of(settings.LANGUAGE_CODE) not in ("Arab", "Hebr") or features.check("raqm"):
        return []
    return [
        Warning(
            "Cards for sharing have no titles in the site's language: Pillow finds no FriBiDi to draw them.",
            hint="Install it. Debian has it as libfribidi0.",
            id="publishing.W003",
        )
    ]
