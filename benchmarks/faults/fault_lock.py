"""The write lock of SQLite, held by another program."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from .forms import QUIZ, counted, quiz_forms, readers_forms, send
from .site import ARTICLE, ask, prepared, signed_in
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
        forms, paper, staff = readers_forms(site), ask(site, "GET", QUIZ), signed_in(site)
        hand_in, cached = quiz_forms(paper)[-1], ask(site, "GET", ARTICLE).text
        comments = counted(site)
        with locked(site), ThreadPoolExecutor(6) as pool:
            # All at once: two in a row would wait one after the other.
            sent = [pool.submit(send, site, form) for form in forms]
            time.sleep(0.3)
            meanwhile = ask(site, "GET", ARTICLE)
            for form, task in zip(forms, sent, strict=True):
                table.answer(form.name, task.result(), 503, keeps=form.keeps)
            table.answer("a cached page meanwhile", meanwhile, 200, seconds=1)
            table.promise("the same as before", meanwhile.text == cached, "another text")
            table.answer("a page that is not cached", ask(site, "GET", "/search/?q=locked"), 200)
            taken = send(site, hand_in)
            table.answer(hand_in.name, taken, 303)
            table.answer("its result", ask(site, "GET", taken.headers.get("location", "/")), 200)
            table.answer("start of a quiz", send(site, quiz_forms(paper)[0]), 303)
            fields = {"name": "Typed by an editor", "slug": "typed", "csrfmiddlewaretoken": staff["token"]}
            headers = {"Cookie": staff["cookie"], "Referer": site.url}
            found = ask(site, "POST", "/admin/articles/category/add/", fields, **headers)
            table.answer("desk, a form", found, 503, keeps="Typed by an editor")
        time.sleep(0.5)
        table.answer("comment, sent again", send(site, forms[0]), 303)
        found = counted(site)
        table.promise("comments accepted are there", found == comments + 1, f"{found} instead of {comments + 1}")
        last = time.monotonic() + 20
        while not (stored := counted(site, "quizzes_attempt")) and time.monotonic() < last:
            time.sleep(0.5)
        table.promise("the attempt is there once", stored == 1, f"{stored} of it")
