"""A disk that is full, files of the cache that are damaged, and a folder in which nothing can be written."""

import os
import resource
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from publishing.tests.postgres import Postgres
from publishing.tests.served import ROOT

from .fault_postgres import stopped
from .forms import QUIZ, counted, quiz_forms, readers_forms, send
from .site import ARTICLE, ask, prepared, processes
from .table import fault

MEGABYTES = 64


@contextmanager
def small_disk(folder: Path):
    """A separate file system for a site, in `folder / "site"`, if this user may mount one."""
    where = folder / "site"
    where.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", where]
    is_mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    if not is_mounted:
        print("(Nothing may be mounted here: the size of files is limited instead.)")
    try:
        yield where
    finally:
        if is_mounted:
            # A file that is open still goes with the last process that holds it.
            subprocess.run(["umount", "--lazy", where], check=True)


@contextmanager
def full(site, room: int = 0):
    """Leave `room` bytes."""
    if not os.path.ismount(site.directory):
        limit(site, room)
        try:
            yield
        finally:
            limit(site, resource.RLIM_INFINITY)
        return
    filler = os.open(site.directory / "filler", os.O_WRONLY | os.O_CREAT)
    try:
        for piece in (1 << 20, 4096, 1):
            try:
                while os.write(filler, bytes(piece)):
                    pass
            except OSError:
                continue
        os.truncate(filler, max(0, os.fstat(filler).st_size - room))
        yield
    finally:
        os.close(filler)
        (site.directory / "filler").unlink()


def limit(site, size):
    for process in processes(site):
        resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@fault("disk full, SQLite")
def sqlite_on_a_full_disk(table, folder):
    with small_disk(folder):
        site = prepared(folder)
        with site.served(workers=1):
            forms = readers_forms(site)
            paper, before = ask(site, "GET", QUIZ), ask(site, "GET", ARTICLE).text
            comments = counted(site)
            with full(site):
                for form in forms:
                    table.answer(form.name, send(site, form), 503, keeps=form.keeps)
                hand_in = quiz_forms(paper)[-1]
                table.answer(hand_in.name, send(site, hand_in), 503, keeps=hand_in.keeps)
                table.answer("a cached page", cached := ask(site, "GET", ARTICLE), 200)
                table.promise("the same as before", cached.text == before, "another text")
                table.answer("a page that is not cached", ask(site, "GET", "/search/?q=full"), (200, 503))
                table.answer("/readyz", ask(site, "GET", "/readyz"), 503, retry=False)
            table.answer("/readyz, with room again", ask(site, "GET", "/readyz"), 200)
            table.answer("comment, sent again", send(site, forms[0]), 303)
            found = counted(site)
            table.promise("comments accepted are there", found == comments + 1, f"{found} instead of {comments + 1}")
            whole = site.manage("shell", "--verbosity", "0", "--command", INTEGRITY).strip()
            table.promise("the database is whole", whole == "ok", whole)


INTEGRITY = (
    "from django.db import connection as c; u = c.cursor(); print(u.execute('PRAGMA integrity_check').fetchone()[0])"
)


@fault("disk nearly full, spool", short=False)
def spool_on_a_nearly_full_disk(table, folder):
    """The database is away and 12 kB are left: each paper is accepted and there, or refused and on its page."""
    postgres = Postgres(folder)
    with small_disk(folder) as where:
        site = prepared(folder, DATABASE_URL=postgres.address)
        with site.served(workers=1):
            paper = ask(site, "GET", QUIZ)
            before = counted(site, "quizzes_attempt")
            accepted = []
            with stopped(postgres):
                with full(site, room=12 * 1024):
                    for _ in range(24):
                        form = quiz_forms(paper)[-1]
                        answer = send(site, form)
                        table.answer(form.name, answer, (303, 503), keeps=form.keeps)
                        if answer.status == 303:
                            accepted.append(answer.headers["location"])
                results = [ask(site, "GET", place).status for place in accepted]
                table.promise("every accepted one has its result", set(results) == {200}, results)
                table.promise("some were accepted, some not", 0 < len(accepted) < 24, len(accepted))
            site.manage("keep_quizzes")
            found = counted(site, "quizzes_attempt") - before
            table.promise("accepted are there, once", found == len(accepted), f"{found} instead of {len(accepted)}")
            torn = [path.name for path in Path(where, "quizzes").iterdir() if path.name.startswith(".")]
            table.promise("no torn file is left", not torn, torn)
    postgres.cleanup()


PATHS = ("/", ARTICLE, "/archive/", "/quizzes/")
# Until every process shows a change, after damage.
SEEN_SECONDS = 10
# A process looks for a deleted file once a second, so it may show the old page for longer than ten answers take.
CHECKED_SECONDS = 1.5


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
    """Seconds until every answer, of any process, shows the name, for as long as a process needs to see damage."""
    started = since = time.monotonic()
    while (now := time.monotonic()) - since < CHECKED_SECONDS and now - started < 3 * SEEN_SECONDS:
        if name not in ask(site, "GET", "/").text:
            since = time.monotonic()
    return since - started


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
    # root may write anyway, but not to a file system without it.
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
