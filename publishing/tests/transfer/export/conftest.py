"""Publications for the tests of exports, each in a database of its own."""

import os
from contextlib import contextmanager

import pytest

from publishing.tests.database import ON_SQLITE

from .publications import on_postgresql, on_sqlite


@pytest.fixture
def empty(request, tmp_path, transactional_db):
    """Contexts with an empty publication each; with `is_other` on SQLite, whatever the database of the run."""
    numbers = iter(range(10))

    @contextmanager
    def make(*, is_other=False):
        number = next(numbers)
        folder = tmp_path / f"publication-{number}"
        if ON_SQLITE or is_other:
            with on_sqlite(folder, request.getfixturevalue("migrated")):
                yield folder
        else:
            request.getfixturevalue("migrated_postgres")
            with on_postgresql(folder, f"publication_{os.getpid()}_{number}"):
                yield folder

    return make
