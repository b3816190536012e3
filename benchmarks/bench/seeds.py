"""Seeded databases, stored between runs until the code that makes them changes.

They are in `bench/` of `VAR_DIR`. A run works on a copy.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from publishing.tests.postgres import start

ROOT = Path(__file__).resolve().parents[2]
SEEDS = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "bench"
# The code on which the rows depend.
MAKERS = ("benchmarks/bench/inside/fill.py", "benchmarks/bench/inside/prose.py", "benchmarks/bench/addresses.py")
TABLES = (
    "*/migrations/*.py", "*/*/migrations/*.py", "articles/search/*.py", "articles/models/*.py", "publishing/text/*.py",
)  # fmt: skip


def environment(directory: Path, url: str = "", **more: str) -> dict[str, str]:
    """Production settings with the files and the database of the run, not those of a `.env` beside manage.py."""
    own = os.environ | {
        "VAR_DIR": str(directory),
        "DATABASE_URL": url or f"sqlite:///{directory / 'publishing.sqlite3'}",
        "REDIS_URL": "",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DEBUG": "False",
        "SITE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "127.0.0.1",
        "TRUSTED_PROXIES": "0",
        "LOG_LEVEL": "ERROR",
        "ACCESS_LOG": "",
        "DJANGO_SETTINGS_MODULE": "publishing.settings",
    }
    # Servers run with the defaults of production.
    for name in ("WEB_CONCURRENCY", "MAX_REQUESTS", "THREADS", "PRELOAD", "SERVER"):
        own.pop(name, None)
    return own | more


def python(module: str, *arguments, env: dict[str, str]) -> str:
    """Run a module of the project; returns what it printed."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


@cache
def digest() -> str:
    found = [ROOT / name for name in MAKERS]
    found += sorted(path for pattern in TABLES for path in ROOT.glob(pattern))
    code = hashlib.sha256(b"".join(path.read_bytes() for path in found))
    return code.hexdigest()[:16]


def _folder() -> Path:
    """Where the seeds of today's code are; those of other code are deleted."""
    folder = SEEDS / digest()
    for other in SEEDS.glob("*"):
        if other != folder:
            shutil.rmtree(other)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def postgres(number: int) -> str:
    """The URL of a PostgreSQL with this number of articles. It stops with this process. Read only."""
    # A server that runs as another user needs access.
    folder = _folder() / f"postgres-{number}"
    folder.mkdir(exist_ok=True)
    url, filled = start(folder), folder / "filled"
    if not filled.exists():
        with tempfile.TemporaryDirectory() as directory:
            python("benchmarks.bench.inside.fill", number, env=environment(Path(directory), url))
        filled.touch()
    return url


def seed(number: int) -> Path:
    """An SQLite database with this number of articles. Read only."""
    path = _folder() / f"{number}.sqlite3"
    if not path.exists():
        started, partial = time.monotonic(), path.parent / f"{number}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        python("benchmarks.bench.inside.fill", number, env=environment(partial, f"sqlite:///{partial}/new.sqlite3"))
        (partial / "new.sqlite3").rename(path)
        shutil.rmtree(partial)
        size = path.stat().st_size / 2**20
        print(f"seeded {number:,} articles in {time.monotonic() - started:.0f} s, {size:,.0f} MiB", file=sys.stderr)
    return path


def site(number: int, directory: Path, url: str = "", **more: str) -> dict[str, str]:
    """The environment of a new site in `directory`: the static files, and a copy of the seed unless at `url`."""
    directory.mkdir()
    if not url:
        shutil.copyfile(seed(number), directory / "publishing.sqlite3")
    static = directory.parent / "static"
    if not static.exists():
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment(directory.parent), check=True)
    (directory / "static").symlink_to(static)
    return environment(directory, url, **more)
