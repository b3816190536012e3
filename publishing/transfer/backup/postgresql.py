"""Copies of a PostgreSQL database, through its own programs."""

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from ..notes import Refused
from .archive import Manifest
from .contents import LEFT_OUT
from .tables import MIGRATIONS, another, counts_of, migrations_of

# What stops an old table from being dropped: a site that still runs.
OPTIONS = "-c client_min_messages=warning -c lock_timeout=60s"


def _program(name: str) -> str:
    """Raises Refused if it is not installed."""
    path = shutil.which(name, path=settings.PG_BIN or None)
    if not path:
        raise Refused(
            f"The program {name} of PostgreSQL is missing: install its client (on Debian postgresql-client), or set "
            "PG_BIN to the folder that has it."
        )
    return path


def _run(name: str, *arguments: str, is_connected: bool = True, **how) -> None:
    """Raises Refused with the last line that it printed if it fails. The password is in no argument."""
    # All that the connection of the site was made with is given; messages are in English.
    command, environment = [_program(name), *arguments], {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    if is_connected:
        with closing(another()) as own:
            own.ensure_connection()
            info = own.connection.info
            command.append(f"--dbname={make_conninfo(**info.get_parameters() | {'options': OPTIONS})}")
            environment["PGPASSWORD"] = info.password
    result = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, errors="replace", **how)
    if result.returncode:
        lines = [line for line in result.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if "error:" in line.lower()] or lines or ["no reason given"]
        raise Refused(f"{name} failed: {errors[0].strip()}")


def dump(path: Path) -> tuple[dict[str, int], list[list[str]]]:
    """Write a dump of the database of one moment, without the rows of tables that are left out. Nobody waits.

    Returns the counts and migrations of the same moment. Raises Refused if a program is missing or fails.
    """
    with closing(another()) as own, own.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts, migrations = counts_of(cursor), migrations_of(cursor)
        left_out = [f"--exclude-table-data=public.{table}" for table in LEFT_OUT]
        _run(
            "pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges", *left_out,
            f"--file={path}",
        )  # fmt: skip
    return counts, migrations


def check(path: Path, manifest: Manifest) -> None:
    """Read all rows of a dump. Raises Refused if it is damaged, or has others than its manifest says."""
    counts, migrations = dict.fromkeys(manifest.counts, 0), []
    command = [_program("pg_restore"), "--data-only", "--file=-", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        table = ""
        # A row is a line: line ends in it are escaped.
        for line in process.stdout:
            if table and line == b"\\.\n":
                table = ""
            elif table:
                counts[table] = counts.get(table, 0) + 1
                if table == MIGRATIONS:
                    migrations.append(line.decode(errors="replace").split("\t")[1:3])
            elif line.startswith(b"COPY "):
                table = line.split()[1].decode(errors="replace").rpartition(".")[2]
        errors = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise Refused(f"The database in the backup is damaged: {errors[:300]}")
    found = {table: number for table, number in counts.items() if table in manifest.counts}
    if found != manifest.counts or sorted(migrations) != sorted(manifest.migrations):
        raise Refused("The database in the backup has other rows than its manifest says.")


def load(path: Path, manifest: Manifest) -> None:
    """Replace all tables of the site by those of a dump, in one transaction: if that fails, nothing has changed."""
    script = path.with_suffix(".sql")
    _program("psql")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(path), is_connected=False)
    connection.close()
    _run(
        "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
        "--command=DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC",
        f"--file={script}", stdout=subprocess.DEVNULL,
    )  # fmt: skip
    with connection.cursor() as cursor:
        if counts_of(cursor, manifest.counts) != manifest.counts:
            raise Refused("The database has other rows than the manifest says, since something writes into it.")
