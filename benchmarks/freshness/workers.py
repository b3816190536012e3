"""Two workers of one site, each asked by its own port."""

import subprocess
import sys
from contextlib import contextmanager

from publishing.tests.served import ROOT, free_port, wait_for


@contextmanager
def two_workers(environment, log):
    """The ports of two gunicorns with one worker each, which share database, folder and Redis."""
    processes, ports = [], []
    try:
        for _ in range(2):
            ports.append(port := free_port())
            command = [
                sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--workers", "1",
                "--bind", f"127.0.0.1:{port}", "benchmarks.freshness.recorded:application",
            ]  # fmt: skip
            processes.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        for port, process in zip(ports, processes, strict=True):
            wait_for(port, process)
        yield ports
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=60)
