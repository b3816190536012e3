"""The files of the cache, damaged while the site is served, and a folder in which nothing can be written."""

import os
import subprocess
import sys
import time

from publishing.tests.served import ROOT

from .site import ARTICLE, ask, prepared
from .table import fault

PATHS = ("/", ARTICLE, "/archive/", "/quizzes/")
# Until every process shows a change, after damage.
SEEN_SECONDS = 10


def overwritten(path):
    with path.open("r+b") as file:
        file.write(os.urandom(max(path.stat().st_size, 4096)))


def ones(path):
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)


def zeros(path):
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))


def cut_off(path):
    os.truncate(path, 0)


def deleted(path):
    path.unlink()


DAMAGE = [
    ("pages.sqlite3", overwritten),
    ("pages.sqlite3", cut_off),
    ("pages.sqlite3", deleted),
    ("pages.sqlite3-wal", overwritten),
    ("changes", ones),
    ("changes", zeros),
    ("changes", overwritten),
    ("changes", cut_off),
    ("changes", deleted),
    ("claims", ones),
    ("claims", cut_off),
]


def renamed(site, name):
    """Give the publication a name, which is on every page."""
    site.run(f"row = Publication.current(); row.name = {name!r}; row.save()")


def shown(site, name) -> float:
    """Seconds until ten answers in a row, of any process, show the name."""
    started, in_a_row = time.monotonic(), 0
    while in_a_row < 10 and time.monotonic() - started < 3 * SEEN_SECONDS:
        in_a_row = in_a_row + 1 if name in ask(site, "GET", "/").text else 0
    return time.monotonic() - started


@fault("files of the cache damaged")
def cache_files_damaged(table, folder):
    site = prepared(folder)
    with site.served(workers=2):
        for number, (name, damage) in enumerate(DAMAGE):
            before = {path: ask(site, "GET", path).text for path in PATHS}
            if (site.directory / name).exists():
                damage(site.directory / name)
            for path in PATHS * 2:
                found = ask(site, "GET", path)
                if found.status != 200 or found.text != before[path]:
                    table.answer(f"{name} {damage.__name__}, {path}", found, 200)
                    table.promise("the same as before", found.text == before[path], "another text")
            renamed(site, f"Name {number}")
            seconds = shown(site, f"Name {number}")
            table.promise(f"{name} {damage.__name__}: changes are seen", seconds < SEEN_SECONDS, f"{seconds:.0f} s")


@fault("a folder that is read-only")
def folder_read_only(table, folder):
    """As after a restore by another user, or a disk that the kernel has set to read-only."""
    site = prepared(folder)
    site.directory.chmod(0o555)
    # root may write all the same, but not to a file system without it.
    mounted = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", site.directory]
    is_mounted = os.geteuid() == 0 and subprocess.run(mounted, check=False).returncode == 0
    try:
        command = [sys.executable, "-c", "import publishing.wsgi"]
        found = subprocess.run(
            command,
            check=False,
            cwd=ROOT,
            env=site.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        if is_mounted:
            subprocess.run(["umount", site.directory], check=True)
        site.directory.chmod(0o755)
    last = found.stderr.strip().splitlines()[-1] if found.stderr.strip() else "nothing was printed"
    table.promise("it does not start", found.returncode != 0, "it started")
    table.promise("it says which folder", str(site.directory) in last and "VAR_DIR" in last, last)
