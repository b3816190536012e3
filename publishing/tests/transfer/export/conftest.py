"""Publications for the tests of exports, each in a database of its own."""

import os
from contextlib import contextmanager

import pytest

from publishing.tests.database import ON_SQLITE
from publishing.transfer.export.writing import export

from .publications import full, on_postgresql, on_sqlite


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


@pytest.fixture(scope="session")
def exported(tmp_path_factory, migrated, django_db_setup, django_db_blocker):
    """A zip of a magazine with a row of everything."""
    folder = tmp_path_factory.mktemp("exported")
    with django_db_blocker.unblock(), on_sqlite(folder / "site", migrated):
        full()
        export(folder / "out.zip")
    return folder / "out.zip"
