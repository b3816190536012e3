"""PostgreSQL stopped; frozen: it accepts connections and answers nothing; and read-only."""

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import quote

import psycopg

from publishing.database import away
from publishing.tests.postgres import Postgres

from .forms import QUIZ, comment, counted, quiz_forms, readers_forms, send
from .site import ARTICLE, COMMENTS, ask, prepared, signed_in
from .table import SECONDS, fault

# Until a database that is back is used again, at the latest: a pause, and what a try may take.
BACK_SECONDS = away.SECONDS + SECONDS
# An answer without a try; and until a process has looked at a file.
AT_ONCE, SEEN_SECONDS = 0.5, 1.1


@contextmanager
def stopped(postgres):
    postgres.stop()
    try:
        yield
    finally:
        postgres.start()


@fault("PostgreSQL")
def postgres_away(table, folder):
    """Stopped first, then frozen, with everything that readers ask for while it is away and when it is back."""
    postgres = Postgres(folder)
    site = prepared(folder, DATABASE_URL=postgres.address)
    with site.served(workers=1):
        forms = readers_forms(site)
        paper = ask(site, "GET", QUIZ)
        earlier = send(site, quiz_forms(paper)[-1]).headers["location"]
        staff = signed_in(site)
        for table.fault, breaks in (("PostgreSQL stopped", stopped), ("PostgreSQL frozen", Postgres.frozen)):
            before = {path: ask(site, "GET", path).text for path in ("/", ARTICLE)}
            _warm(site)
            comments, attempts = counted(site), counted(site, "quizzes_attempt")
            with breaks(postgres):
                for form in forms:
                    table.answer(form.name, send(site, form), 503, keeps=form.keeps)
                _at_once(table, site, forms[0])
                _pages(table, site, before)
                _quizzes(table, site, paper, earlier)
                _desk(table, site, staff)
                if breaks is stopped:
                    _switched(table, site, before)
            _back(table, site, comments, attempts)
        table.fault = "PostgreSQL read-only"
        _read_only(table, site, postgres, forms, paper)
        table.fault = "PostgreSQL table locked"
        _locked(table, site, postgres, forms)
    postgres.cleanup()


def _warm(site):
    """Every thread has a connection to lose."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ask(site, "GET", f"/search/?q=warm+{number}"), range(16)))


def _at_once(table, site, form):
    """Six readers who wait for the database, and one who requests a cached page."""
    with ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(send, site, form) for _ in range(6)]
        time.sleep(0.2)
        cached = ask(site, "GET", ARTICLE)
        slowest = max((task.result() for task in sent), key=lambda answer: answer.seconds)
    table.answer("six comments at once, the slowest", slowest, 503, keeps=form.keeps, seconds=2 * SECONDS)
    table.answer("a cached page meanwhile", cached, 200, seconds=1)


def _pages(table, site, before):
    for path, text in before.items():
        found = ask(site, "GET", path)
        table.answer(f"{path}, cached", found, 200)
        table.promise(f"{path}, the same as before", found.text == text, "another text")
    # Never requested before, so no page is cached.
    for path in (f"/search/?q={quote(table.fault)}", "/archive/", "/feed.xml", "/sitemap.xml", f"{COMMENTS}feed.xml"):
        table.answer(path, ask(site, "GET", path), 503)
    # One of them may be the one that tries again.
    quickest = min((ask(site, "GET", "/tags/") for _ in range(2)), key=lambda answer: answer.seconds)
    table.answer("a page that is not cached, at once", quickest, 503, seconds=AT_ONCE)
    for path in ("/robots.txt", "/healthz"):
        table.answer(path, ask(site, "GET", path), 200)
    table.answer("/readyz", ask(site, "GET", "/readyz"), 503, retry=False)


def _quizzes(table, site, paper, earlier):
    for path in ("/quizzes/", "/quizzes/feed.xml", QUIZ, "/quizzes/routing-and-requests/"):
        table.answer(path, ask(site, "GET", path), 200)
    for form in quiz_forms(paper):
        found = send(site, form)
        table.answer(form.name, found, form.answers)
    table.answer("its result", ask(site, "GET", found.headers.get("location", "/")), 200)
    table.answer("a result from before", ask(site, "GET", earlier), (200, 503))
    table.answer("the same to print", ask(site, "GET", f"{earlier}print/"), (200, 503))
    table.answer("a result that never was", ask(site, "GET", f"/quizzes/results/{'a' * 26}/"), 503)


def _switched(table, site, before):
    """The switch of maintenance needs no database: each process looks at its file once a second."""
    file = site.directory / "maintenance"
    file.write_text("closed\nSaid by the file.\n")
    time.sleep(SEEN_SECONDS)
    table.answer("/, closed by the switch", found := ask(site, "GET", "/"), 503)
    table.promise("with its sentence", "Said by the file." in found.text, found.text)
    table.answer("/quizzes/, with the site closed", ask(site, "GET", "/quizzes/"), 200)
    file.unlink()
    time.sleep(SEEN_SECONDS)
    table.answer("/, when it is taken back", found := ask(site, "GET", "/"), 200)
    table.promise("the same as before", found.text == before["/"], "another text")


def _desk(table, site, staff):
    fields = {"name": "A text that an editor typed", "slug": "typed", "csrfmiddlewaretoken": staff["token"]}
    headers = {"Cookie": staff["cookie"], "Referer": site.url}
    table.answer("desk", ask(site, "GET", "/admin/", **headers), 503, seconds=12)
    found = ask(site, "POST", "/admin/articles/category/add/", fields, **headers)
    table.answer("desk, a form", found, 503, keeps="A text that an editor typed", seconds=12)
    found = ask(site, "POST", "/admin/login/", {"username": "owner", "password": "a secret"}, **headers)
    table.answer("signing in", found, (403, 503), seconds=12)
    table.promise("no password in a page", "a secret" not in found.text, "it is there")


def _comment(site):
    """The answer to a comment from an address that has not sent one a moment ago."""
    return ask(site, "POST", COMMENTS, comment(f"After {time.time()}"), network=f"203.0.113.{secrets.randbelow(250)}")


def _read_only(table, site, postgres, forms, paper):
    """As a primary that another one has replaced. Pages are read, and papers are taken."""
    attempts = counted(site, "quizzes_attempt")
    with psycopg.connect(postgres.address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        connection.execute("SELECT pg_reload_conf()")
        time.sleep(AT_ONCE)
        table.answer(forms[0].name, send(site, forms[0]), 503, keeps=forms[0].keeps)
        for form in forms:
            table.answer(f"{form.name}, at once", send(site, form), 503, keeps=form.keeps, seconds=AT_ONCE)
        table.answer("a page that is not cached", ask(site, "GET", "/search/?q=read-only"), 200)
        for form in quiz_forms(paper):
            table.answer(form.name, send(site, form), form.answers)
        found = ask(site, "GET", "/readyz")
        table.answer("/readyz", found, 200)
        table.promise("it says so", '"database": "read-only"' in found.text, found.text)
        connection.execute("ALTER SYSTEM RESET default_transaction_read_only")
        connection.execute("SELECT pg_reload_conf()")
    started = time.monotonic()
    while (sent := _comment(site)).status == 503 and time.monotonic() < started + BACK_SECONDS:
        time.sleep(0.5)
    table.answer("comment, sent again", sent, 303)
    while counted(site, "quizzes_attempt") <= attempts and time.monotonic() < started + BACK_SECONDS:
        time.sleep(0.5)
    found = counted(site, "quizzes_attempt") - attempts
    table.promise("the attempt is there once", found == 1, f"{found} of it")


def _locked(table, site, postgres, forms):
    """A long migration, say. The server answers all other requests, so none of them may be refused."""
    with psycopg.connect(postgres.address) as connection:
        connection.execute("LOCK TABLE comments_thread, comments_comment")
        table.answer("comment", send(site, forms[0]), 503, keeps=forms[0].keeps)
        table.answer("a page that needs neither", ask(site, "GET", "/search/?q=locked"), 200)
        table.answer("heart, meanwhile", ask(site, "POST", f"{ARTICLE}heart/", {}), 200)
        stuck = connection.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted"
        ).fetchone()[0]
        table.promise("no statement is left waiting", stuck == 0, f"{stuck} wait")
    table.answer("comment, afterwards", _comment(site), 303)


def _back(table, site, comments, attempts):
    started, last = time.monotonic(), time.monotonic() + 3 * BACK_SECONDS
    while ask(site, "GET", "/readyz").status != 200 and time.monotonic() < last:
        time.sleep(0.2)
    waited = time.monotonic() - started
    table.promise("pages work again", waited < BACK_SECONDS, f"after {waited:.0f} s")
    # Each worker finds out for itself.
    last = time.monotonic() + BACK_SECONDS
    while (sent := _comment(site)).status == 503 and time.monotonic() < last:
        time.sleep(0.2)
    table.answer("comment, sent again", sent, 303)
    while counted(site, "quizzes_attempt") <= attempts and time.monotonic() < started + 6 * BACK_SECONDS:
        time.sleep(0.5)
    for what, number, model in (
        ("every attempt that was accepted", attempts + 1, "quizzes_attempt"),
        ("every comment that was accepted", comments + (sent.status == 303), "comments_comment"),
    ):
        found = counted(site, model)
        table.promise(f"{what} is there once", found == number, f"{found} instead of {number}")


@fault("PostgreSQL stopped for six minutes", short=False)
def postgres_away_for_long(table, folder):
    """Longer than any page is valid: readers get the last copies, and the site recovers by itself."""
    postgres = Postgres(folder)
    site = prepared(folder, DATABASE_URL=postgres.address)
    with site.served(workers=2):
        before = {path: ask(site, "GET", path).text for path in ("/", ARTICLE, "/archive/", "/feed.xml")}
        comments, attempts, started = counted(site), counted(site, "quizzes_attempt"), time.monotonic()
        form = quiz_forms(ask(site, "GET", QUIZ))[-1]
        with stopped(postgres):
            while (minute := (time.monotonic() - started) / 60) < 6:
                for path, text in before.items():
                    found = ask(site, "GET", path)
                    if found.status != 200 or found.text != text:
                        table.answer(f"{path}, minute {minute:.1f}", found, 200)
                        table.promise("the same as before", found.text == text, "another text")
                time.sleep(5)
            for path in before:
                table.answer(f"{path}, after six minutes", found := ask(site, "GET", path), 200)
                table.promise("with its age", int(found.headers.get("age", 0)) > 300, found.headers.get("age"))
            table.answer("a page without a copy", ask(site, "GET", "/search/?q=never"), 503)
            table.answer(form.name, send(site, form), form.answers)
        _back(table, site, comments, attempts)
    postgres.cleanup()
