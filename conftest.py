"""What the tests of every app share. publishing/tests/environment.py has prepared the environment before this."""

import fcntl
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
# Real input that other people wrote: folders `markdown` and `gift`. Not part of the project.
SAMPLES = Path(os.environ.get("SAMPLES", ROOT.parent / "shared" / "data"))


def pytest_configure():
    """Static files by their own names: the served site of the browser tests has the hashed ones."""
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT.mkdir(exist_ok=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """SQLite in a file, as in production, so that threads and processes lock each other as they would there."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        database["TEST"] = {**database.get("TEST", {}), "NAME": str(settings.VAR_DIR / "test.sqlite3")}


@pytest.fixture(autouse=True)
def _fresh_process(request, monkeypatch):
    """Each test starts like a new process: nothing remembered, nobody limited."""
    from publishing.cache import generations
    from publishing.web import limits

    generations.CachedValue.clear_all()
    limits.reset()
    if "transactional_db" not in request.fixturenames:
        # The test's own transaction never commits; what would be announced then is announced at once.
        monkeypatch.setattr(generations, "after_commit", lambda invalidate: invalidate())


@pytest.fixture
def clock(time_machine):
    """Time that runs on by itself and can be moved: `clock.shift(timedelta)`, `clock.move_to(moment)`."""
    time_machine.move_to(datetime.now(UTC))
    return time_machine


TRANSACTION_MARKS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@pytest.fixture
def count_queries():
    """`with count_queries() as queries:` lists the SQL statements that ran inside, transaction marks left out."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    @contextmanager
    def capture():
        with CaptureQueriesContext(connection) as context:
            statements = []
            yield statements
        asked = (query["sql"] for query in context.captured_queries)
        statements.extend(sql for sql in asked if not sql.startswith(TRANSACTION_MARKS))

    return capture


@pytest.fixture
def post_from_site(client):
    """Post a form as a browser does from one of our own pages."""

    def post(path, data=None, **extra):
        return client.post(
            path, data or {}, headers={"sec-fetch-site": "same-origin"} | extra.pop("headers", {}), **extra
        )

    return post


@pytest.fixture(scope="session")
def samples():
    """The folder of real input by other people. Where there is none, the tests that read it are not collected."""
    return SAMPLES


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port, process, seconds=120):
    """Wait until something listens; fail with what the process printed if it ends instead."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}: {process.communicate()}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args} does not listen after {seconds} s")


@pytest.fixture(scope="session")
def redis_url():
    """A real Redis of our own."""
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("redis-server is not installed; Debian has it as redis-server")
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--save", "", "--bind", "127.0.0.1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_for(port, process)
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.communicate()


class Site:
    """The demo publication served by gunicorn, as `make run` serves it, with a database of its own."""

    def __init__(self, directory, **environment):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.directory = directory
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TEST_"))},
            "VAR_DIR": str(directory),
            "DATABASE_URL": f"sqlite:///{directory / 'site.sqlite3'}",
            "SITE_URL": self.url,
            "DEMO_PASSWORD": "for-this-test-run-only",
            "SIGN_INS_FROM_NETWORK": "1000/minute",
            "SIGN_INS_BY_NAME": "1000/minute",
            **environment,
        }

    def manage(self, *arguments):
        """Run manage.py; returns what it printed."""
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def execute(self, statement):
        """Run an SQL statement, and return its rows; a thousand times cheaper than `manage("shell")`."""
        with closing(sqlite3.connect(self.directory / "site.sqlite3", timeout=20)) as database, database:
            return database.execute(statement).fetchall()

    @contextmanager
    def served(self, workers=2):
        command = [
            sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--workers", str(workers),
            "--bind", f"127.0.0.1:{self.port}", "publishing.wsgi:application",
        ]  # fmt: skip
        log = (self.directory / "gunicorn.log").open("w")
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        try:
            wait_for(self.port, self.process)
            yield self
        finally:
            self.process.terminate()
            self.process.wait(timeout=120)
            log.close()


@pytest.fixture(scope="session")
def static_files(tmp_path_factory):
    """A folder with the collected static files, made once for all processes of the run; `shutil.copytree` it."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with (shared / "collected.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "collected").exists():
            Site(shared / "collecting").manage("collectstatic", "--noinput", "--verbosity", "0")
            (shared / "collecting").rename(shared / "collected")
    return shared / "collected" / "static"


@pytest.fixture(scope="session")
def site(tmp_path_factory, static_files):
    site = Site(tmp_path_factory.mktemp("site"))
    site.manage("migrate", "--verbosity", "0")
    site.manage("load_demo")
    shutil.copytree(static_files, site.directory / "static", dirs_exist_ok=True)
    with site.served():
        yield site


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, with its own background traffic off."""
    from playwright.sync_api import sync_playwright

    # A context of the headless shell costs a third of one of the whole browser, whose windows are pages themselves.
    program = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
    if not program:
        pytest.skip("Chromium is not installed; Debian has it as chromium-headless-shell")
    quiet = [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
    ]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, site):
    context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def pytest_report_header():
    return f"real input: {SAMPLES if SAMPLES.is_dir() else 'none; SAMPLES names a folder with markdown/ and gift/'}"


def fixtures_of(item):
    """The fixtures that a test asks for; what it is parametrized with may bear the same name."""
    given = getattr(item, "callspec", None)
    return set(getattr(item, "fixturenames", ())) - set(given.params if given else ())


def pytest_collection_modifyitems(config, items):
    """Leave out what needs real input where there is none, and from the run on PostgreSQL what looks at the served
    demo: that has an SQLite file of its own in either run. What needs the served site or the browser shares one
    process, so that each is started once."""
    needs_site = {item for item in items if {"site", "browser", "page"} & fixtures_of(item)}
    left_out = set() if SAMPLES.is_dir() else {item for item in items if "samples" in fixtures_of(item)}
    if os.environ.get("TEST_DATABASE") == "postgres":
        left_out |= needs_site
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]
    for item in needs_site:
        item.add_marker(pytest.mark.xdist_group("site"))
    # The long group first, while the other process goes through the rest.
    items.sort(key=lambda item: item not in needs_site)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """With `NO_SKIPS=1` a run in which anything was skipped has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("NO_SKIPS") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
