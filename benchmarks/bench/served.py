"""The server with the project's configuration, and CPU time and memory of its processes."""

import os
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from .load import WrongAnswer, fetch
from .seeds import ROOT

START_SECONDS = 60
LISTENING = "0A"
SITE, IN_PLACES = "publishing.wsgi:application", "publishing.wsgi:in_places"
BARE = "benchmarks.bench.inside.bare:application"
COUNTED = "benchmarks.bench.inside.counted:application"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def gunicorn(application: str, port: int) -> list[str]:
    address = f"127.0.0.1:{port}"
    return [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", address, application]


def granian(application: str, port: int) -> list[str]:
    """As deploy/run starts it."""
    application = IN_PLACES if application == SITE else application
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(os.cpu_count()), "--blocking-threads", "64", "--backlog", "2048", "--no-ws",
        "--respawn-failed-workers", "--workers-kill-timeout", "20", "--log-level", "warning", application,
    ]  # fmt: skip


# granian is optional.
SERVERS = {"gunicorn": gunicorn} | ({"granian": granian} if find_spec("granian") else {})


def descendants(process: int) -> list[int]:
    """All processes that this one started, and those that they started."""
    try:
        lists = [path.read_text() for path in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return []
    children = [int(child) for text in lists for child in text.split()]
    return [*children, *(below for child in children for below in descendants(child))]


class Served:
    """A command that serves on `port`, until the `with` block ends. Linux only: it reads /proc.

    `started_in` is the number of seconds from the launch to the first answer to `GET /`.
    """

    def __init__(self, command: list, port: int, environment: dict[str, str], log: Path):
        self.command, self.port, self.environment, self.log = command, port, environment, log

    @classmethod
    def by(cls, server: str, application: str, environment: dict[str, str], log: Path) -> "Served":
        """`application` by one of `SERVERS`."""
        port = free_port()
        return cls(SERVERS[server](application, port), port, environment, log)

    def __enter__(self):
        launched = time.perf_counter()
        with self.log.open("a") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        while not self._answers():
            if self.process.poll() is not None or time.perf_counter() > launched + START_SECONDS:
                self.process.kill()
                raise RuntimeError(f"The server did not start:\n{self.log.read_text()}")
            time.sleep(0.01)
        self.started_in = time.perf_counter() - launched
        # The first answer may come from the first worker, before the others are there.
        wanted = int(self.environment.get("WEB_CONCURRENCY") or os.cpu_count() or 1)
        while len(self.workers()) < wanted and time.perf_counter() < launched + START_SECONDS:
            time.sleep(0.05)
        return self

    def __exit__(self, *error):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _answers(self) -> bool:
        try:
            return bool(fetch(self.port, "/"))
        except (OSError, WrongAnswer):
            return False

    def _sockets(self, process: int) -> set[str]:
        """The inodes of the sockets that a process has open."""
        found = set()
        for path in Path(f"/proc/{process}/fd").glob("*"):
            try:
                name = os.readlink(path)
            except OSError:
                continue
            if name.startswith("socket:"):
                found.add(name[8:-1])
        return found

    def workers(self) -> list[int]:
        """The processes below the first one that listen on the port."""
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        port = f":{self.port:04X}"
        listening = {fields[9] for fields in lines if fields[1].endswith(port) and fields[3] == LISTENING}
        found = [process for process in descendants(self.process.pid) if self._sockets(process) & listening]
        return found or [self.process.pid]

    def cpu_seconds(self) -> float:
        """User and system time that all processes have used so far."""
        ticks = 0
        for process in [self.process.pid, *descendants(self.process.pid)]:
            # The name, in brackets, may hold spaces. Of what follows, fields 12 and 13 are utime and stime (proc(5)).
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_mib(self) -> float:
        """Memory of all processes, shared pages counted once (PSS)."""
        total = 0
        for process in [self.process.pid, *descendants(self.process.pid)]:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total / 1024
