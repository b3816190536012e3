"""A database that cannot be migrated is refused before anything is changed."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from publishing.checks import ADDED_LATER

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", ADDED_LATER)
def test_a_database_from_before_a_migration_was_edited_is_refused(table):
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS email_by_mailbox")
        cursor.execute(f"ALTER TABLE {table} DROP COLUMN {ADDED_LATER[table]}")

    with pytest.raises(SystemCheckError, match=rf"publishing.E001.*{table} has no column"):
        call_command("migrate", skip_checks=False, verbosity=0)


def test_a_database_of_today_and_an_empty_one_pass():
    call_command("check", "--database", "default", "--fail-level", "ERROR")

    with connection.cursor() as cursor:
        for table in ADDED_LATER:
            cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_elsewhere")
    call_command("check", "--database", "default", "--fail-level", "ERROR")
