"""Many clients at once, and many addresses of one page."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .site import ARTICLE, ask, prepared, processes
from .table import fault


def memory(site) -> int:
    """Bytes of the processes, pages that they share counted once."""
    kilobytes = 0
    for pid in processes(site):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            kilobytes += int(line.split()[1]) if line.startswith("Pss:") else 0
    return kilobytes * 1024


@fault("200 clients for one page")
def crowd(table, folder):
    """The page is changed first, then requested by all at once; /metrics counts the renders."""
    site = prepared(folder)
    with site.served(workers=2), ThreadPoolExecutor(200) as pool:
        ask(site, "GET", ARTICLE)
        site.run(
            "article = Article.objects.get(slug='" + ARTICLE.split("/")[2] + "'); article.title += '!'; article.save()"
        )
        before = renders(site)
        answers = list(pool.map(lambda _: ask(site, "GET", ARTICLE), range(200)))
        table.answer("the slowest", max(answers, key=lambda answer: answer.seconds), 200)
        wrong = [answer.status for answer in answers if answer.status != 200]
        table.promise("all are answered", not wrong, wrong)
        table.promise("one render", (made := renders(site) - before) == 1, made)


def renders(site) -> int:
    """How many pages all processes have rendered; they write their counters every two seconds."""
    time.sleep(3)
    page = ask(site, "GET", "/metrics", Authorization=f"Bearer {site.environment['METRICS_TOKEN']}")
    rows = [
        line.split()
        for line in page.text.splitlines()
        if line.startswith('publishing_page_store_total{event="renders"')
    ]
    return int(float(rows[0][1]))


@fault("4,000 query strings")
def query_strings(table, folder, queries=2_000):
    """Unknown parameters make no new page; searches make one each, and the oldest go."""
    site = prepared(folder)
    with site.served(workers=2), ThreadPoolExecutor(8) as pool:
        # Load all code.
        for number in range(40):
            ask(site, "GET", f"/search/?q=warm{number}")
            ask(site, "GET", ARTICLE)
        start = memory(site)
        for what, path in (("tracking parameters", f"{ARTICLE}?fbclid="), ("searches", "/search/?q=word")):
            answers = pool.map(lambda number, path=path: ask(site, "GET", f"{path}{number}").status, range(queries))
            statuses = Counter(answers)
            table.promise(f"{queries} {what} are answered", set(statuses) == {200}, dict(statuses))
            grown = memory(site) - start
            table.promise(f"memory grew by {grown / 2**20:.0f} MiB", grown < 64 * 2**20, grown)
        size = sum(path.stat().st_size for path in site.directory.glob("pages.sqlite3*"))
        table.promise(f"the store has {size / 2**20:.0f} MiB on disk", size < 600 * 2**20, size)


@fault("100,000 query strings", short=False)
def more_query_strings(table, folder):
    query_strings(table, folder, queries=50_000)
