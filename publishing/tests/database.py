"""The test database, and its queries."""

import fcntl
import hashlib
import os
import shutil
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from .postgres import new_database
from .served import ROOT, Site, made_once

CACHE = ROOT / ".pytest_cache" / "migrated"
ON_SQLITE = "sqlite" in settings.DATABASES["default"]["ENGINE"]
TRANSACTION_MARKS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@pytest.fixture(scope="session")
def migrated():
    """An SQLite file with every migration applied, made again only after one has changed: that takes ten seconds."""
    digest = hashlib.sha256(django.__version__.encode())
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(path.read_bytes())
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "migrated.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = CACHE / f"{digest.hexdigest()}.sqlite3"
        if not found.exists():
            for old in CACHE.glob("*.sqlite3"):
                old.unlink()
            with tempfile.TemporaryDirectory(dir=CACHE) as folder:
                site = Site(Path(folder))
                site.manage("migrate", "--verbosity", "0")
                site.database.rename(found)
    return found


@pytest.fixture(scope="session")
def migrated_postgres(tmp_path_factory):
    """The name of a PostgreSQL database with every migration applied, made once for all processes of the run."""
    name = "migrated"

    def fill(site):
        site.environment["DATABASE_URL"] = new_database(name)
        site.manage("migrate", "--verbosity", "0")

    made_once(tmp_path_factory, name, fill)
    return name


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """The SQLite file of a process is there before Django asks, and ends with its folder."""
    return django_db_keepdb or ON_SQLITE


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, django_db_modify_db_settings):
    """A copy of the migrated database. SQLite in a file, as in production: so threads and processes lock each other."""
    if ON_SQLITE:
        name = settings.VAR_DIR / "test.sqlite3"
        shutil.copyfile(request.getfixturevalue("migrated"), name)
        copied = {"NAME": str(name)}
    else:
        copied = {"TEMPLATE": request.getfixturevalue("migrated_postgres")}
    settings.DATABASES["default"]["TEST"] |= {"MIGRATE": False, **copied}


@contextmanager
def other_database(name, backend=None, **settings):
    """Another database in the place of the test's own, which is what the block is given."""
    own = connections["default"]
    # Content types have other keys in each database.
    ContentType.objects.clear_cache()
    connections["default"] = (backend or type(own))(own.settings_dict | {"NAME": str(name), **settings}, "default")
    try:
        yield own
    finally:
        connections["default"].close()
        connections["default"] = own
        ContentType.objects.clear_cache()


@contextmanager
def _database_of_its_own(name, migrated=None):
    """A database that nothing else uses: empty, or a copy of the migrated one, which a failed test leaves as it is."""
    if ON_SQLITE and migrated:
        shutil.copyfile(migrated, name)
    with connection.cursor() as cursor:
        if not ON_SQLITE:
            cursor.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {migrated}" if migrated else ""))
        options = connection.settings_dict["OPTIONS"]
        if ON_SQLITE:
            # It need not survive the computer.
            options = options | {"init_command": options["init_command"] + "PRAGMA synchronous=OFF;"}
        with other_database(name, OPTIONS=options):
            yield
        if not ON_SQLITE:
            cursor.execute(f"DROP DATABASE {name}")


@pytest.fixture
def empty_database(transactional_db, tmp_path):
    """A database without tables, for a test of old rows: it migrates to the first of the migrations that it is about,
    with targets for every app that it uses. The way back from the last takes ten times as long.
    """
    with _database_of_its_own(tmp_path / "empty.sqlite3" if ON_SQLITE else f"empty_{os.getpid()}"):
        yield


@pytest.fixture
def migrated_database(transactional_db, tmp_path, request):
    """A copy of the migrated database, for a test that changes its tables."""
    name = tmp_path / "copy.sqlite3" if ON_SQLITE else f"copy_{os.getpid()}"
    with _database_of_its_own(name, request.getfixturevalue("migrated" if ON_SQLITE else "migrated_postgres")):
        yield


@pytest.fixture(scope="session")
def database_of_the_run():
    """For a test whose own site is on PostgreSQL where the suite is: a test that asks for no database runs on SQLite
    only.
    """


@pytest.fixture
def postgresql(db):
    """For a test of what only PostgreSQL does: it is not collected on SQLite."""


@pytest.fixture
def sqlite(db):
    """For a test of what only SQLite does: it is not collected on PostgreSQL."""


@pytest.fixture
def count_queries():
    """`with count_queries() as queries:` lists the SQL statements that ran inside, transaction marks left out."""

    @contextmanager
    def capture():
        with CaptureQueriesContext(connection) as context:
            statements = []
            yield statements
        sent = (query["sql"] for query in context.captured_queries)
        statements.extend(sql for sql in sent if not sql.startswith(TRANSACTION_MARKS))

    return capture


def in_parallel(number, work):
    """Call `work(0)`, `work(1)` and so on at the same time, each in a thread of its own."""
    errors = []

    def run(index):
        try:
            work(index)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[index]) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
