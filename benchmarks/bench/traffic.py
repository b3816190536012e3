"""Readers by the clock, without and with writers: hit rate and latencies. And 200 requests for one page at once."""

import random
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from . import addresses
from .load import closed_loop, open_loop, request, spread
from .seeds import ROOT, site
from .served import COUNTED, Served

RATE = 500
ENCODING = "gzip, deflate, br, zstd"
# 196 articles by Zipf's law; the rest are lists, the home page more often than another.
ARTICLES, LISTS_SHARE, HOME_TIMES = 196, 0.3, 20
LISTS = [
    *(f"/categories/{name.lower()}/" for name in addresses.CATEGORIES),
    *(f"/tags/topic-{number}/" for number in range(5)),
    "/archive/", "/quizzes/", addresses.FEED,
]  # fmt: skip
CROWD = 200


def paths(number: int) -> list[str]:
    """The paths of `number` requests, the same every time: 70 % articles."""
    choose = random.Random(7)
    articles = [f"/articles/{addresses.slug(age)}/" for age in range(ARTICLES)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(ARTICLES)))
    lists = ["/"] * HOME_TIMES + LISTS
    return [
        choose.choice(lists) if choose.random() < LISTS_SHARE else choose.choices(articles, cum_weights=weights)[0]
        for _ in range(number)
    ]


class Writer:
    """Makes another process write. `begin` does not wait for it."""

    def __init__(self, process: subprocess.Popen):
        self.process = process

    def begin(self) -> None:
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def finish(self) -> None:
        if self.process.stdout.readline() != "done\n":
            raise RuntimeError("The writer failed.")


class Site:
    """A served copy of a seed that counts what is rendered. `renders()` are the paths since the last call."""

    def __init__(self, number: int, directory: Path, **environment: str):
        self.log = directory / "renders"
        self.environment = site(number, directory, RENDERS=str(self.log), **environment)
        self.directory, self.seen = directory, 0
        self.server = Served.by("gunicorn", COUNTED, self.environment, directory / "server.log")

    def __enter__(self):
        self.server.__enter__()
        return self

    def __exit__(self, *error):
        self.server.__exit__(*error)

    def renders(self) -> list[str]:
        lines = self.log.read_text().splitlines()
        new, self.seen = lines[self.seen :], len(lines)
        return [path for path in new if not path.startswith("/healthz")]

    def warm(self) -> None:
        """Every worker has every page of the traffic in its store."""
        messages = [request(path, ENCODING) for path in sorted({*paths(5000), *LISTS, "/"})]
        with spread(self.server, len(self.server.workers())) as opened:
            for connection in opened:
                for message in messages * 2:
                    connection.ask(message)

    @contextmanager
    def writer(self, verb: str) -> Iterator[Writer]:
        """A process that writes at each `begin`."""
        command = [sys.executable, "-m", "benchmarks.bench.inside.writer", verb]
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

        if process.stdout.readline() != "ready\n":
            raise RuntimeError(f"The writer of {verb} did not start.")
        try:
            yield Writer(process)
        finally:
            process.communicate()


@dataclass
class Readers:
    """What readers by the clock saw: share of requests that rendered nothing, latencies, and wrong answers."""

    hit_rate: float
    p50_ms: float
    p99_ms: float
    served: float
    wrong: int


def readers(found: Site, seconds: float, verb: str = "", rate: int = RATE) -> Readers:
    """Load at `rate` requests a second, with one write a second if there is a `verb`."""
    asked = paths(int(rate * seconds))
    with ExitStack() as stack:
        write = stack.enter_context(found.writer(verb)) if verb else None
        found.warm()
        found.renders()
        messages = [request(path, ENCODING) for path in asked]
        sample = open_loop(found.server, messages, rate, write and write.begin)
        rendered = found.renders()
    return Readers(
        hit_rate=100 * (1 - len(rendered) / len(asked)),
        p50_ms=sample.percentile_ms(50),
        p99_ms=sample.percentile_ms(99),
        served=sample.rate,
        wrong=len(asked) - sample.statuses[200],
    )


def crowd(found: Site) -> int:
    """How often an article is rendered when a comment is approved and 200 readers ask for the page at once."""
    found.warm()
    message = request(addresses.ARTICLE, ENCODING)
    with (
        found.writer("approve") as write,
        selectors.DefaultSelector() as selector,
        spread(found.server, CROWD, selector) as opened,
    ):
        found.renders()
        write.begin()
        write.finish()
        for connection in opened:
            connection.send(message)
        waiting = set(opened)
        while waiting:
            for key, _ in selector.select(30):
                if key.data.receive():
                    waiting.discard(key.data)
    # One that goes on behind the answers counts, too.
    time.sleep(1)
    return found.renders().count(addresses.ARTICLE)


def each_page(number: int) -> Iterator[str]:
    """Addresses of different pages without end: all articles, then lists of them, then searches."""
    yield from (f"/articles/{addresses.slug(age)}/" for age in range(number))
    lists = [f"/categories/{name.lower()}/" for name in addresses.CATEGORIES]
    each = number // len(addresses.CATEGORIES) // addresses.PAGE_SIZE
    yield from (f"{address}?page={page}" for page in range(2, each) for address in lists)
    yield from (f"/search/?q={addresses.RARE_WORD}+{count}" for count in range(10**9))


def memory(found: Site, number: int, pages: int) -> tuple[float, float]:
    """MiB of the server after `pages` different pages, and after as many more."""
    after, every = [], each_page(number)
    for _ in range(2):
        messages = (request(path, ENCODING) for path, _ in zip(every, range(pages), strict=False))
        closed_loop(found.server, messages, 8, 3600)
        after.append(found.server.memory_mib())
    return after[0], after[1]
