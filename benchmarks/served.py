"""gunicorn with the project's own configuration, and what its processes cost while it serves."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from load import WrongAnswer, fetch

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Served:
    """`application` under gunicorn on a free port of the loopback, until the `with` block ends.

    `started_in` is the number of seconds from the launch to the first answer to `GET /`.
    """

    def __init__(self, application: str, environment: dict[str, str], workers: int, log: Path):
        self.port, self.log = _free_port(), log
        self.command = [
            sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--workers", str(workers),
            "--bind", f"127.0.0.1:{self.port}", application,
        ]  # fmt: skip
        self.environment = environment

    def __enter__(self):
        launched = time.perf_counter()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        while not self._answers():
            if self.process.poll() is not None or time.perf_counter() > launched + START_SECONDS:
                self.process.kill()
                raise RuntimeError(f"gunicorn did not start:\n{self.log.read_text()}")
            time.sleep(0.01)
        self.started_in = time.perf_counter() - launched
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

    def _processes(self) -> list[int]:
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children")
        return [master, *map(int, children.read_text().split())] if children.exists() else []

    def cpu_seconds(self) -> float | None:
        """User and system time that all processes have used so far; None where there is no /proc (outside Linux)."""
        ticks = 0
        for process in self._processes():
            # The name, in brackets, may hold spaces. Of what follows, fields 12 and 13 are utime and stime (proc(5)).
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK") if ticks else None

    def memory(self) -> int | None:
        """Bytes of memory of all processes, shared pages counted once (PSS); None where the kernel does not say."""
        total = 0
        for process in self._processes():
            rollup = Path(f"/proc/{process}/smaps_rollup")
            lines = rollup.read_text().splitlines() if rollup.exists() else []
            total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
        return total or None
