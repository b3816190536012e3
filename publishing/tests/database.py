"""The test database, and what is asked of it."""

from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

TRANSACTION_MARKS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """SQLite in a file, as in production, so that threads and processes lock each other as they would there."""
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        database["TEST"] = {**database.get("TEST", {}), "NAME": str(settings.VAR_DIR / "test.sqlite3")}


@pytest.fixture
def count_queries():
    """`with count_queries() as queries:` lists the SQL statements that ran inside, transaction marks left out."""

    @contextmanager
    def capture():
        with CaptureQueriesContext(connection) as context:
            statements = []
            yield statements
        asked = (query["sql"] for query in context.captured_queries)
        statements.extend(sql for sql in asked if not sql.startswith(TRANSACTION_MARKS))

    return capture
