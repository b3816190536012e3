"""What each page costs in one process, without the page store: `… costs ARTICLES ROUNDS`.

Prints JSON. Function calls (cProfile), statements and steps of SQLite's virtual machine are counts: other programs do
not disturb them. The processor time is the median of some rounds.
"""

import cProfile
import json
import pstats
import re
import sys
import time
from contextlib import contextmanager
from statistics import median

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles.models import Article, ArticleCounts  # noqa: E402
from publishing.cache import changes  # noqa: E402

from .. import addresses  # noqa: E402

WARM_UP = 3
SECONDS = 3.0
STEPS_AT_ONCE = 10
READER = {"headers": {"host": "127.0.0.1", "sec-fetch-site": "same-origin"}}


@contextmanager
def counted_statements():
    """A list of the statements inside; transactions aside."""
    statements = []

    def note(execute, sql, parameters, many, context):
        statements.append(sql)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield statements


@contextmanager
def counted_steps():
    """A list with the number of steps that SQLite's virtual machine takes, to ten for each statement."""
    steps = [0]

    def note():
        steps[0] += STEPS_AT_ONCE

    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.set_progress_handler(note, STEPS_AT_ONCE)
    try:
        yield steps
    finally:
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(None, 0)


def milliseconds(do, rounds: int) -> dict[str, float]:
    """Medians of `rounds`, fewer if they take long: CPU of this process, and by the clock."""
    times, started = [], time.monotonic()
    while len(times) < rounds and (len(times) < 3 or time.monotonic() < started + SECONDS):
        cpu, clock = time.process_time(), time.perf_counter()
        do()
        times.append((time.process_time() - cpu, time.perf_counter() - clock))
    cpu, clock = (round(1000 * median(column), 2) for column in zip(*times, strict=True))
    return {"cpu_ms": cpu, "clock_ms": clock}


def cost(do, rounds: int) -> dict[str, float]:
    """The costs of `do()`. It is called several times before, so that caches are warm."""
    for _ in range(WARM_UP):
        do()
    with counted_statements() as statements, counted_steps() as steps:
        do()
    profile = cProfile.Profile()
    profile.runcall(do)
    return {
        "queries": len(statements),
        "steps": steps[0],
        "calls": pstats.Stats(profile).total_calls,
        **milliseconds(do, rounds),
    }


def reading(address: str):
    client = Client(**READER)

    def read():
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")
        return b"".join(response) if response.streaming else response.content

    return read


def after_a_change(read):
    """The same, when another process has just published an article."""
    # As if it had not been there before.
    names = Article.changed_names(None, Article.objects.published().newest_first().first())

    def read_again():
        changes.record(*names)
        return read()

    return read_again


def sitemap_file() -> str | None:
    """The first file with articles that the index of the sitemap names; None if there is no index."""
    text = reading(addresses.SITEMAP)().decode()
    files = re.findall(r"<loc>https?://[^/]+(/[^<]*article[^<]*)</loc>", text) if "<sitemapindex" in text else []
    return files[0] if files else None


def commenting():
    """Posts a comment, each time of a new reader."""
    client, number = Client(**READER), 0

    def post():
        nonlocal number
        number += 1
        client.cookies.clear()
        fields = {"name": "Ann", "body": f"What is line {number} for?", "homepage": ""}
        network = f"10.{number // 250}.{number % 250}.1"
        response = client.post(f"{addresses.ARTICLE}comments/", fields, REMOTE_ADDR=network)
        if response.status_code != 303:
            raise RuntimeError(f"A comment: {response.status_code}")

    return post


def main(articles: int, rounds: int) -> None:
    # A week in which every article was read.
    ArticleCounts.objects.update(day=timezone.localdate(), day_views=F("views"))
    pages = addresses.pages(articles)
    if file := sitemap_file():
        pages["sitemap, one file"] = file
    found = {name: cost(reading(address), rounds) for name, address in pages.items()}
    for name in addresses.AFTER_A_CHANGE:
        found[f"{name}, after a change"] = cost(after_a_change(reading(pages[name])), rounds)
    found["comment posted"] = cost(commenting(), rounds)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
