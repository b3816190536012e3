"""What the desk costs with 20,000 articles: CPU of the server, queries, and what they read from the database.

`make bench-desk` runs it on a copy of the seed of `make bench`. A row of `PAGES` is a page of the admin: who asks, its
address, and at most how many milliseconds of CPU, queries and kB. Queries and kB are counts; of the CPU time the median
of some rounds is printed, without the page store, and its share of an empty page of the admin: other programs disturb
that less. With `--database` it measures that SQLite file, which it changes.
"""

import argparse
import gc
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.bench.seeds import environment, seed  # noqa: E402

ARTICLES, ROUNDS, TYPED, ARCHIVED, READ, VERSIONS = 20_000, 15, 40, 9_960, 3_000, 500
LIST = "/admin/articles/article/"
LAST, MIDDLE = ARTICLES // 50, ARTICLES // 100
AT_MOST = (60, 12, 200)
READERS = ("/", "/articles/the-smallest-framework-that-could-possibly-teach-you/", "/categories/tools/", "/feed.xml")
# The password page asks for nothing but who it is.
EMPTY = ("editor", "/admin/password_change/", (None, None, None))
PAGES = {
    "an empty page": EMPTY,
    "inbox, editor": ("editor", "/admin/", (80, 25, None)),
    "inbox, author": ("author", "/admin/", (80, 25, None)),
    **{
        f"article list, {what}, {who}": (who, LIST + query, AT_MOST)
        for who in ("editor", "author")
        for what, query in {
            "opened": "",
            "all, first page": "?whose=all",
            "all, page in the middle": f"?whose=all&p={MIDDLE}",
            "all, last page": f"?whose=all&p={LAST}",
            "search, a word of few": "?q=zeppelin",
            "search, a word of all": "?q=reader",
            "of one author": "?whose=all&author=2",
            "of one category, one year": "?whose=all&category=1&since=2024-01-01&until=2024-12-31",
        }.items()
    },
    **{
        f"pages to link to, {what}, {who}": (who, f"{LIST}links/{query}", (40, 8, 20))
        for who in ("editor", "author")
        for what, query in {"newest": "", "a word of few": "?q=zeppelin", "a word of many": "?q=the"}.items()
    },
    **{
        f"{kind} list, {what}": ("editor", f"/admin/articles/{kind}/{query}", (80, 12, 200))
        for kind in ("tag", "author")
        for what, query in {"opened": "", "by articles": "?o=-4", "unused": "?use=unused"}.items()
    },
    "labels by name": ("editor", f"{LIST}labels/tag/?q=a", (40, 8, None)),
    "preview of 2,000 words": ("editor", f"{LIST}render/", (40, 4, None)),
    "checks of them": ("editor", f"{LIST}check/", (40, 10, None)),
}
_PARAGRAPH = (
    "A server answers each request with *one* page, see [the notes](/articles/none/) on locks and `queues`.\n\n"
)
_PART = f"## Part\n\n{_PARAGRAPH * 5}```python\ndef f(x):\n    return [x for x in range(9)]\n```\n\n- one\n- two\n\n"
# What is sent to an address; others are read.
SENT = dict.fromkeys((f"{LIST}render/", f"{LIST}check/"), {"title": "A title", "body": _PART * 22})


def people() -> dict:
    """An editor, and an author with every sixth article, both with unsaved changes; all kinds of things wait."""
    from articles.models import Article, Author
    from articles.versions import saving
    from publishing.tests.factories import make_user

    users = {role: make_user(role) for role in ("editor", "author")}
    Author.objects.filter(pk=1).update(user=users["author"])
    for number, key in enumerate(Article.objects.order_by("pk").values_list("pk", flat=True)[:TYPED]):
        now = saving.current(saving.locked(key))
        by = users["editor"] if number % 2 else users["author"]
        saving.save_working(now, now.fields | {"title": f"Typed {number}"}, by=by, token=now.digest)
    fill_inbox(users)
    return users


def fill_inbox(users: dict) -> None:
    """Twelve articles of each kind of the inbox, a quarter of all past their check, and views of 30 days of 3,000."""
    from django.utils import timezone

    from articles.models import Article, ArticleCounts, Author, Category, DailyViews
    from articles.versions import clock, steps
    from comments.tests.factories import make_comment
    from publishing.tests.factories import make_article

    Category.objects.filter(pk=1).update(review_months=6)
    byline, now = Author.objects.get(pk=1), timezone.now()
    # 2,000 words with five dead links.
    body = _PART + _PART.replace("[the notes](/articles/none/)", "the notes") * 21
    for number in range(12):
        draft = {"status": "draft", "published_at": None, "authors": [byline], "body": body}
        reviewed = make_article(title=f"To review {number}", slug=f"to-review-{number}", **draft)
        steps.send_for_review(reviewed, by=users["author"])
        returned = make_article(title=f"Sent back {number}", slug=f"sent-back-{number}", **draft)
        steps.send_for_review(returned, by=users["author"])
        steps.send_back(returned, by=users["editor"], note="Who says so?")
        planned = draft | {"status": "published", "published_at": now + timedelta(days=1 + number)}
        make_article(title=f"Scheduled {number}", slug=f"scheduled-{number}", **planned)
        published = Article.objects.published().order_by("pk")[TYPED + number]
        clock.archive_later(published, by=users["editor"], at=now + timedelta(days=2 + number))
        make_comment(published)
    today = timezone.localdate()
    keys = list(Article.objects.order_by("pk").values_list("pk", flat=True)[:READ])
    ArticleCounts.objects.filter(pk__in=keys).update(day=today, day_views=3)
    days = [today - timedelta(days=day) for day in range(1, 30)]
    rows = (DailyViews(counts_id=key, day=day, views=1 + key % 7) for key in keys for day in days)
    DailyViews.objects.bulk_create(rows, batch_size=5000)


class Reading:
    """Counts the bytes of all values that are fetched while it is entered."""

    def __enter__(self):
        from django.db.backends.utils import CursorWrapper

        self.bytes, self._kept = 0, {}
        for name in ("fetchone", "fetchmany", "fetchall", "__iter__"):
            self._kept[name] = CursorWrapper.__dict__.get(name)
            setattr(CursorWrapper, name, self._counting(name))
        return self

    def __exit__(self, *error):
        from django.db.backends.utils import CursorWrapper

        for name, function in self._kept.items():
            delattr(CursorWrapper, name) if function is None else setattr(CursorWrapper, name, function)

    def _counting(self, name):
        def fetch(cursor, *arguments):
            found = getattr(cursor.cursor, name)(*arguments)
            if name == "__iter__":
                found = list(found)
            rows = [found] if name == "fetchone" and found else found or ()
            self.bytes += sum(len(str(value).encode()) for row in rows for value in row if value is not None)
            return iter(found) if name == "__iter__" else found

        return fetch


def measure_pages() -> list[str]:
    """Prints a row for each page; returns those above their limits."""
    from django.test import Client

    from benchmarks.bench.inside.costs import counted_statements, milliseconds

    users, above, empty = people(), [], 0
    print(f"{'':<52}{'CPU ms':>10}{'ratio':>8}{'queries':>10}{'kB read':>10}   at most")
    for name, (who, address, limits) in PAGES.items():
        client = Client(headers={"host": "127.0.0.1", "sec-fetch-site": "same-origin"})
        client.force_login(users[who])

        def get(client=client, address=address):
            response = client.post(address, SENT[address]) if address in SENT else client.get(address)
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status_code}")

        for _ in range(3):
            get()
        with counted_statements() as statements, Reading() as reading:
            get()
        cpu = milliseconds(get, ROUNDS)["cpu_ms"]
        empty = empty or cpu
        figures = (cpu, len(statements), reading.bytes / 1000)
        said = "" if limits[0] is None else " / ".join(map(str, limits))
        print(f"{name:<52}{cpu:>10.1f}{cpu / empty:>8.1f}{figures[1]:>10}{figures[2]:>10.1f}   {said}")
        if any(limit is not None and figure > limit for figure, limit in zip(figures, limits, strict=True)):
            above.append(name)
    return above


def measure_writing() -> list[str]:
    """The form of an article of 2,000 words with `VERSIONS` versions, and saves while somebody types in it."""
    from django.contrib.auth.models import User
    from django.test import Client

    from articles.models import Article, Version
    from articles.versions import saving
    from benchmarks.bench.inside.costs import counted_statements, milliseconds
    from publishing.tests.freshness.forms import form_with

    client = Client(headers={"host": "127.0.0.1", "sec-fetch-site": "same-origin"})
    client.force_login(User.objects.filter(username__startswith="editor").latest("pk"))
    article = Article.objects.published().order_by("pk")[2 * TYPED]
    article.body = _PART.replace("[the notes](/articles/none/)", "the notes") * 22
    article.save()
    saving.record(article, by=None, kind=Version.Kind.SAVED)
    live = article.versions.live().get()
    numbers = range(live.number + 1, live.number + VERSIONS)
    old = {"article": article, "fields": live.fields, "digest": live.digest, "kind": live.kind, "state": "old"}
    Version.objects.bulk_create(Version(number=number, **old) for number in numbers)
    address = f"{LIST}{article.pk}/"

    def form():
        return client.get(f"{address}change/")

    data = form_with(form().content.decode(), "step").values

    def save():
        data["body"] = [f"{data['body'][0]} More."]
        response = client.post(f"{address}autosave/", data)
        if response.status_code != 200:
            raise RuntimeError(f"{response.status_code}: {response.content[:200]}")
        data["token"] = [response.json()["token"]]

    above = []
    for name, do, limits in (
        (f"the form with {VERSIONS} versions", form, (80, 25)),
        # Beside those for session, user and permissions, which an empty page has.
        ("a save of 2,000 words while somebody types", save, (25, 8)),
    ):
        do()
        with counted_statements() as statements:
            do()
        found = (milliseconds(do, ROUNDS)["cpu_ms"], len(statements))
        print(f"{name:<52}{found[0]:>10.1f}{'':>8}{found[1]:>10}{'':>13}{limits[0]} / {limits[1]}")
        above += [name] * any(figure > limit for figure, limit in zip(found, limits, strict=True))
    return above


def measure_bulk() -> list[str]:
    """Archives `ARCHIVED` articles through the admin, and asks for readers' pages meanwhile.

    A second process carries out the task, with its own CPU clock. Readers' pages are rendered by this one, without the
    page store, before and while it runs; what the change invalidates is computed again, which their CPU time has.
    """
    from django.contrib.auth.models import User
    from django.test import Client

    from articles.models import Article, BulkChange

    keys = list(Article.objects.published().order_by("published_at").values_list("pk", flat=True)[:ARCHIVED])
    client, reader = (Client(headers={"host": "127.0.0.1", "sec-fetch-site": "same-origin"}) for _ in range(2))
    client.force_login(User.objects.filter(username__startswith="editor").latest("pk"))
    sent = {"action": "archive", "select_across": "1", "whose": "all", "_selected_action": [keys[0]]}
    last = Article.objects.get(pk=keys[-1]).published_at.date().isoformat()
    quiet = {page: timed(lambda page=page: reader.get(page)) for page in READERS}
    asking = timed(lambda: client.post(f"{LIST}?whose=all&until={last}", sent), rounds=1)
    change = BulkChange.objects.latest("pk")
    confirming = timed(lambda: client.post(f"{LIST}bulk/{change.pk}/", {"confirm": ""}), rounds=1)
    number = sum(len(part) for part in change.parts.values_list("keys", flat=True))
    code = (
        "import django, time; django.setup(); from articles.bulk.running import carry_out; "
        f"carry_out.func({change.pk}); print(time.process_time())"
    )
    task = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    busy = {page: [] for page in READERS}
    while task.poll() is None:
        for page in READERS:
            busy[page].append(timed(lambda page=page: reader.get(page), rounds=1))
    seconds = float(task.communicate()[0].split()[-1])
    print(f"\narchive {number:,}: asked {asking[1]:.0f} ms, confirmed {confirming[1]:.0f} ms; at most 1000 each")
    print(f"the task: {seconds:.1f} s of CPU; at most 60")
    above = ["the request"] * (max(asking[1], confirming[1]) > 1000) + ["the task"] * (seconds > 60)
    for page, times in busy.items():
        ratio = median(cpu for cpu, _ in times) / quiet[page][0]
        print(
            f"{page:<40}{quiet[page][0]:8.1f} ms of CPU quiet, x {ratio:.1f} meanwhile ({len(times)} times); at most 2"
        )
        above += [page] * (ratio > 2)
    return above


def timed(do, rounds: int = 9) -> tuple[float, float]:
    """Medians in milliseconds: CPU of this process, and by the clock."""
    times = []
    for _ in range(rounds):
        cpu, clock = time.process_time(), time.perf_counter()
        do()
        times.append((1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - clock)))
    return tuple(median(column) for column in zip(*times, strict=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", type=Path)
    parser.add_argument("--limits", action="store_true", help="fail if a figure is above its limit")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-desk-") as directory:
        database = options.database or Path(directory) / "publishing.sqlite3"
        if not options.database:
            shutil.copyfile(seed(ARTICLES), database)
        os.environ.update(environment(Path(directory), f"sqlite:///{database.resolve()}"))
        import django

        django.setup()
        from django.conf import settings

        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        # As deploy/gunicorn.conf.py does: what is loaded is not searched for garbage.
        import_module("publishing.urls")
        gc.collect()
        gc.freeze()
        above = [*measure_pages(), *measure_writing(), *measure_bulk()]
        if above:
            print(f"Above a limit: {', '.join(above)}.")
            sys.exit(1 if options.limits else 0)


if __name__ == "__main__":
    main()
