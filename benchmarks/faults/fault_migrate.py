"""New code is served while the database is that of an earlier version, and is migrated meanwhile."""

import lzma
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from publishing.tests.served import ROOT

from .forms import comment
from .site import ARTICLE, COMMENTS, ask, prepared
from .table import fault

STORED = ROOT / "publishing/tests/stored/4aaa862.sqlite3.xz"
# The last migration before the versions of articles.
EARLIER = ("articles", "0014")


@fault("a stored database migrated")
def stored_database(table, folder):
    site = prepared(folder)
    for file in site.directory.glob("site.sqlite3*"):
        file.unlink()
    site.database.write_bytes(lzma.decompress(STORED.read_bytes()))
    ((slug, title),) = site.execute(
        "SELECT slug, title FROM articles_article WHERE status = 'published' AND published_at < '2026-11' LIMIT 1"
    )
    article = f"/articles/{slug}/"
    with site.served(workers=2):
        table.answer("a page before", ask(site, "GET", article), 503)
        _migrate_under_load(table, site, article, f"{article}comments/")
        found = ask(site, "GET", article)
        table.answer("the page afterwards", found, 200)
        table.promise("its title is there", title in found.text, title)
        table.answer("/readyz", ask(site, "GET", "/readyz"), 200)


@fault("today's migrated under load")
def todays_database(table, folder):
    site = prepared(folder)
    with site.served(workers=2):
        cached = ask(site, "GET", ARTICLE).text
        site.manage("migrate", *EARLIER, "--verbosity", "0")
        _migrate_under_load(table, site, "/archive/", COMMENTS, cached=ARTICLE)
        table.promise("the cached page is the same", ask(site, "GET", ARTICLE).text == cached, "another text")
        table.answer("a page afterwards", ask(site, "GET", "/archive/"), 200)


def _migrate_under_load(table, site, page, comments, cached=""):
    """Meanwhile the cached page answers 200, others at worst 503, and each comment is stored or given back."""
    migrating = subprocess.Popen(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=site.environment
    )
    asked, accepted = [], []

    def read(path, wanted):
        while migrating.poll() is None:
            asked.append((path, ask(site, "GET", path), wanted, None))

    def write():
        for number in count():
            if migrating.poll() is not None:
                return
            body = f"Sent meanwhile: {number}."
            answer = ask(site, "POST", comments, comment(body), network=f"10.{number // 250}.{number % 250}.1")
            asked.append(("a comment", answer, (303, 503), body))
            if answer.status == 303:
                accepted.append(body)

    with ThreadPoolExecutor(3) as pool:
        tasks = [pool.submit(read, page, (200, 503)), pool.submit(write)]
        if cached:
            tasks.append(pool.submit(read, cached, 200))
        for task in tasks:
            task.result()
    table.promise("migrate ends well", migrating.returncode == 0, migrating.returncode)
    for path in dict.fromkeys(path for path, *_ in asked):
        # The worst of each: one that breaks a promise, or the slowest.
        of_it = [row for row in asked if row[0] == path]
        wrong = [row for row in of_it if row[1].status not in ((row[2],) if isinstance(row[2], int) else row[2])]
        _, answer, wanted, body = max(wrong or of_it, key=lambda row: row[1].seconds)
        table.answer(f"{path}, the worst of {len(of_it)}", answer, wanted, keeps=body)
    stored = {body for (body,) in site.execute("SELECT body FROM comments_comment")}
    table.promise(f"{len(accepted)} accepted comments are there", stored.issuperset(accepted), accepted)
