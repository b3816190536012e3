"""The process that makes the changes, asks both workers, and renders every page anew. Started by __main__.py."""

import json
import multiprocessing
import os
import re
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publishing.settings")
django.setup()

from django.conf import settings  # noqa: E402 - after the settings
from django.core.cache import caches  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402

from publishing.cache import values  # noqa: E402
from publishing.cache.changes import SITE  # noqa: E402
from publishing.tests.factories import make_user  # noqa: E402
from publishing.tests.freshness import CHANGES  # noqa: E402
from publishing.tests.freshness.magazine import Magazine  # noqa: E402
from publishing.wsgi import django_application  # noqa: E402

from . import coverage, recorder  # noqa: E402
from .browser import Browser, Found, digest_of, page, wait_until  # noqa: E402

# Until all processes see a change in Redis: twice the time between two looks.
SETTLED_SECONDS = 0.9 if settings.REDIS_URL else 0
# What is to change soon changes after so many times what the last comparison took, and at the least so many seconds.
SOON_COMPARISONS, SOON_SECONDS = 4, 3
# By the clock, a page may change between the render and the requests.
TRIES = 3
REQUESTS = RequestFactory()


def rendered(url) -> Found:
    """A page as Django renders it now, with its names."""
    path, _, query = url.partition("?")
    environ = REQUESTS.get(path, QUERY_STRING=query, HTTP_HOST="127.0.0.1").environ
    answer = []
    chunks = django_application(environ, lambda status, headers, exc_info=None: answer.extend([status, dict(headers)]))
    body = b"".join(chunks)
    chunks.close()
    names = frozenset(filter(None, answer[1].get("Cache-Tag", "").split(",")))
    return Found(int(answer[0][:3]), digest_of(body), names=names)


def all_rendered(urls) -> dict[str, Found]:
    """As a process renders them that has cached nothing."""
    values.CachedValue.clear_all()
    caches["local"].clear()
    return {url: rendered(url) for url in urls}


class Record:
    """What the processes recorded since the last look."""

    def __init__(self, path):
        self.path, self._end, self.functions = Path(path), 0, set()

    def names(self) -> set[str]:
        with self.path.open("rb") as file:
            file.seek(self._end)
            lines = file.read().splitlines()
            self._end = file.tell()
        rows = [json.loads(line) for line in lines]
        self.functions |= {name for row in rows for name in row.get("functions", ())}
        return {name for row in rows for name in row.get("names", ())}


class Site:
    """Two workers, and what they answered last. `renderer` is a pool of one process that renders half of the pages."""

    def __init__(self, magazine, ports, record, renderer):
        self.magazine, self.ports, self.record, self.renderer = magazine, ports, record, renderer
        self.pool = ThreadPoolExecutor(1)
        self.seen = {}
        self.problems()

    def problems(self, change=None) -> list[str]:
        """What is stale now, or was rendered in vain since the last call."""
        started, names = time.monotonic(), self.record.names()
        time.sleep(SETTLED_SECONDS if names else 0)
        urls = self.magazine.urls()
        asked = self.pool.submit(lambda: [{url: page(port, url) for url in urls} for port in self.ports])
        others = self.renderer.apply_async(all_rendered, [urls[1::2]])
        fresh = all_rendered(urls[::2]) | others.get()
        found = asked.result()
        took = time.monotonic() - started
        self.magazine.soon = timedelta(seconds=max(SOON_SECONDS, SOON_COMPARISONS * took))
        wrong = [url for url in urls if any(pages[url].page != fresh[url].page for pages in found)]
        if change and (change.may_lag or change.lags):
            wrong = [url for url in wrong if not re.search(change.lags, url)]
        for _ in range(TRIES):
            again = all_rendered(wrong)
            wrong = [url for url in wrong if any(page(port, url).page != again[url].page for port in self.ports)]
        problems = [f"{url} is stale" for url in wrong]
        for url, before in self.seen.items():
            now = found[0][url]
            is_rendered = now.status == 200 and not now.is_cached
            is_named = names & {SITE, *before.names}
            if is_rendered and is_named and now.page == before.page and not (change and change.allows(url)):
                problems.append(f"{url} in vain ({', '.join(sorted(names & {SITE, *before.names}))})")
        self.seen = {url: found[0][url]._replace(names=fresh[url].names) for url in urls}
        return problems


def main(folder, first, second, uncompared=0):
    record = Record(os.environ["FRESHNESS_RECORD"])
    record.path.touch()
    recorder.install(record.path)
    # Before anything is connected to the database.
    with multiprocessing.get_context("fork").Pool(1) as renderer:
        return run(folder, record, renderer, int(first), int(second), int(uncompared))


def run(folder, record, renderer, first, second, uncompared):
    ports = [first, second]
    owner, signed_in = make_user("owner"), Client()
    signed_in.force_login(owner)
    cookies = {name: cookie.value for name, cookie in signed_in.cookies.items()}
    imported = Path(folder) / "imported"
    imported.mkdir()
    magazine = Magazine(imported, owner, Browser(list(ports), cookies), Browser(list(ports)), wait_until, timedelta())
    site, broken, started = Site(magazine, ports, record, renderer), 0, time.monotonic()
    for number, change in enumerate(CHANGES):
        try:
            change.make(magazine)
            problems = []
        except Exception:  # noqa: BLE001 - reported, and the others are made
            problems = [traceback.format_exc()]
        if number >= uncompared:
            problems += site.problems(change)
        elif number == uncompared - 1:
            site.problems()
        broken += len(problems)
        print("\n    ".join([f"{change.name}: {'; '.join(sorted(change.models)) or 'nothing'}", *problems]), flush=True)
    missing = coverage.missing(magazine, record.functions)
    print("\n".join(missing))
    seconds = f"{time.monotonic() - started:.0f} s, {time.process_time():.0f} s of CPU here"
    print(f"\n{len(CHANGES)} changes, {len(site.seen)} URLs, {broken} broken, {len(missing)} missing, {seconds}")
    return 1 if broken or missing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
