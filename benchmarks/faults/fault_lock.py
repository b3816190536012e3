"""The write lock of SQLite, held by somebody else."""

import sqlite3
from contextlib import contextmanager

from .site import ARTICLE, COMMENTS, ask, prepared
from .table import fault


@contextmanager
def locked(site):
    """Hold the write lock of the site's database."""
    database = sqlite3.connect(site.directory / "site.sqlite3", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        database.rollback()
        database.close()


@fault("SQLite locked")
def sqlite_locked(table, folder):
    site = prepared(folder)
    with site.served(workers=1):
        ask(site, "GET", "/")
        with locked(site):
            fields = {"name": "Reader", "body": "Typed with care.", "homepage": ""}
            table.answer("comment", ask(site, "POST", COMMENTS, fields), 503, keeps="Typed with care.")
            table.answer("heart", ask(site, "POST", f"{ARTICLE}heart/", {}), 503)
            table.answer("home, cached", ask(site, "GET", "/"), 200)
        table.answer("comment, afterwards", ask(site, "POST", COMMENTS, fields), 303)
