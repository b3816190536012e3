"""A site of a test's own: database, folders of uploads, and folders for backups."""

import shutil

import pytest
from django.core.management import call_command
from django.db import connection

from publishing.tests.database import ON_SQLITE, other_database
from publishing.tests.postgres import new_database, programs


@pytest.fixture
def own_site(request, transactional_db, tmp_path, settings, worker_id):
    """An empty, migrated site, whose VAR_DIR is the result."""
    if ON_SQLITE:
        name = tmp_path / "own.sqlite3"
        shutil.copyfile(request.getfixturevalue("migrated"), name)
    else:
        # Other processes have databases of their own on the same server.
        name = f"backed_up_{worker_id}"
        new_database(name, request.getfixturevalue("migrated_postgres"))
        settings.PG_BIN = programs()
    settings.VAR_DIR = tmp_path / "var"
    settings.STORAGES = settings.STORAGES | {
        storage: {"BACKEND": "publishing.files.WholeFiles", "OPTIONS": {"location": settings.VAR_DIR / folder}}
        for storage, folder in (("default", "media"), ("originals", "originals"))
    }
    settings.VAR_DIR.mkdir()
    with other_database(name):
        yield settings.VAR_DIR


@pytest.fixture
def back_up(own_site, tmp_path):
    """Write a backup; returns its path."""

    def write(*arguments):
        folder = tmp_path / "backups"
        before = set(folder.glob("*.zip"))
        call_command("backup", folder, *arguments, verbosity=0)
        return (set(folder.glob("*.zip")) - before).pop()

    return write


@pytest.fixture
def rows():
    """Every row of a table, of all tables with rows, those left out aside."""

    def read(left_out=("django_session",)):
        found = {}
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                # Inner tables of SQLite's search say the same as the search itself.
                if table in left_out or table.startswith("articles_search_") and not table.endswith("_words"):
                    continue
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(map(repr, cursor.fetchall()))
        return found

    return read
