"""Servers of the tests' own: a Redis, and the demo publication under gunicorn."""

import fcntl
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).parents[2]


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
    """The demo publication served by gunicorn, as `make run` serves it, with its own database."""

    def __init__(self, directory, **environment):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.directory = directory
        self.database = directory / "site.sqlite3"
        self.shell = None
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TEST_"))},
            "VAR_DIR": str(directory),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SITE_URL": self.url,
            "METRICS_TOKEN": "for-this-test-run-only",
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

    def run(self, code):
        """Run code while the site is served, in one process for all calls; returns what it printed."""
        if not self.shell:
            self.shell = subprocess.Popen(
                [sys.executable, "-m", "publishing.tests.shell"], cwd=ROOT, env=self.environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        self.shell.stdin.write(json.dumps(code) + "\n")
        self.shell.stdin.flush()
        printed, error = json.loads(self.shell.stdout.readline())
        if error:
            raise RuntimeError(error)
        return printed

    def execute(self, statement):
        """Run an SQL statement, and return its rows."""
        if not self.environment["DATABASE_URL"].startswith("sqlite:"):
            with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
                return connection.execute(statement).fetchall()
        with closing(sqlite3.connect(self.database, timeout=20)) as database, database:
            return database.execute(statement).fetchall()

    def start(self, workers=2):
        """Serve it until it is stopped or killed."""
        command = [
            sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--workers", str(workers),
            "--bind", f"127.0.0.1:{self.port}", "publishing.wsgi:application",
        ]  # fmt: skip
        with (self.directory / "gunicorn.log").open("w") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        wait_for(self.port, self.process)

    def kill(self):
        """End gunicorn and its workers in the middle of what they do."""
        parent = self.process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        for number in [parent, *map(int, children)]:
            os.kill(number, signal.SIGKILL)
        self.process.wait(timeout=120)

    @contextmanager
    def served(self, workers=2):
        try:
            self.start(workers)
            yield self
        finally:
            if self.shell:
                self.shell.communicate()
                self.shell = None
            self.process.terminate()
            self.process.wait(timeout=120)


def made_once(tmp_path_factory, name, fill):
    """A folder that the first process of the run fills as the site in it; the others wait."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with (shared / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / name).exists():
            with tempfile.TemporaryDirectory(dir=shared) as folder:
                site = Site(Path(folder) / name)
                site.directory.mkdir()
                fill(site)
                site.directory.rename(shared / name)
    return shared / name


@pytest.fixture(scope="session")
def static_files(tmp_path_factory):
    """A folder with the collected static files, made once for all processes of the run; `shutil.copytree` it."""

    def collect(site):
        site.manage("collectstatic", "--noinput", "--verbosity", "0")

    return made_once(tmp_path_factory, "collected", collect) / "static"


@pytest.fixture(scope="session")
def demo(tmp_path_factory, static_files, migrated):
    """A folder with the demo and the collected static files, made once for all processes of the run."""

    def load(site):
        shutil.copytree(static_files, site.directory / "static")
        shutil.copyfile(migrated, site.database)
        site.manage("load_demo")

    return made_once(tmp_path_factory, "demo", load)


@pytest.fixture(scope="session")
def site(tmp_path_factory, demo):
    site = Site(tmp_path_factory.mktemp("site"))
    shutil.copytree(demo, site.directory, dirs_exist_ok=True)
    with site.served():
        yield site
