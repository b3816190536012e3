"""A database that cannot be migrated is refused before anything is changed."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from articles.checks import COLUMN, TABLE

pytestmark = pytest.mark.django_db


def test_a_database_from_before_the_first_migration_was_rewritten_is_refused():
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN {COLUMN}")

    with pytest.raises(SystemCheckError, match="articles.E001"):
        call_command("migrate", skip_checks=False, verbosity=0)


def test_a_database_of_today_and_an_empty_one_pass():
    call_command("check", "--database", "default", "--fail-level", "ERROR")

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {TABLE} RENAME TO elsewhere")
    call_command("check", "--database", "default", "--fail-level", "ERROR")
