"""Measure the publication, and print every figure beside its limit: `make bench`, `make bench-short`.

`--short` measures what can be counted exactly, at the first two sizes, and fails if a count is worse than it was.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from . import plots, report, seeds, serving, traffic
from .limits import PAGES
from .seeds import python, site
from .served import SERVERS, SITE, Served

PAGE = seeds.ROOT / "docs" / "performance.md"
IMAGES = seeds.ROOT / "docs" / "images"
SHORT_SIZES = [1000, 20_000]


class Run:
    """One run: what was found, by the names of limits.py, and what each part said."""

    def __init__(self, directory: Path, options):
        self.directory, self.options = directory, options
        self.sizes = options.sizes
        self.found: dict[str, float | None] = {}
        self.costs: dict[int, dict] = {}
        self.bare: dict[tuple[str, str], dict[str, float]] = {}
        self.on_postgres: dict[str, dict] = {}
        self.readers: dict[str, traffic.Readers] = {}

    def middle_size(self) -> int:
        """20,000, if that is one of the sizes."""
        return max((size for size in self.sizes if size <= 20_000), default=self.sizes[0])

    def folder(self, name: str) -> Path:
        return self.directory / name

    def uncached(self):
        for size in self.sizes:
            env = site(size, self.folder(f"costs-{size}"))
            rounds = 3 if self.options.short else 9
            self.costs[size] = json.loads(python("benchmarks.bench.inside.costs", size, rounds, env=env))
        smallest, largest = self.costs[self.sizes[0]], self.costs[self.sizes[-1]]
        for name, cost in largest.items():
            self.found[f"{name}: CPU ms"] = cost["cpu_ms"]
            self.found[f"{name}: function calls"] = cost["calls"]
            self.found[f"{name}: queries"] = cost["queries"]
            if name in smallest and len(self.sizes) > 1:
                self.found[f"{name}: growth"] = report.growth(smallest[name], cost)

    def postgres(self):
        size = self.middle_size()
        env = site(size, self.folder("postgres"), seeds.postgres(size))
        self.on_postgres = json.loads(python("benchmarks.bench.inside.costs", size, 9, env=env))
        for name, cost in self.on_postgres.items():
            self.found[f"{name} on PostgreSQL: ms by the clock"] = cost["clock_ms"]

    def beside_bare(self):
        for server in SERVERS:
            ways = serving.beside_bare(self.sizes[0], self.folder(f"bare-{server}"), server, rounds=10, seconds=0.5)
            for way, figures in ways.items():
                self.bare[server, way] = figures
                self.found[f"cached article, {way}, of bare {server}"] = figures["of bare"]

    def traffic(self):
        seconds = 8 if self.options.short else 30
        verbs = {"with an approval a second": "approve", "with a draft saved a second": "draft"}
        if not self.options.short:
            verbs = {"without writes": "", **verbs}
        with traffic.Site(self.sizes[0], self.folder("traffic")) as found:
            self.found["renders when 200 clients ask after a change"] = traffic.crowd(found)
            for name, verb in verbs.items():
                self.readers[name] = traffic.readers(found, seconds, verb)
                self.found[f"hit rate {name}"] = self.readers[name].hit_rate
                if quiet := self.readers.get("without writes"):
                    self.found[f"p99 {name}, of that without writes"] = self.readers[name].p99_ms / quiet.p99_ms
            if view := serving.first_view_bytes(found.server):
                self.found["first view of an article"] = sum(view.values()) / 1000

    def starts(self):
        env = site(self.sizes[0], self.folder("start"))
        times = []
        for _ in range(3):
            with Served.by("gunicorn", SITE, env, self.folder("start") / "server.log") as server:
                times.append(server.started_in)
        self.found["launch to first answer"] = min(times)
        self.found["later make run to first answer"] = serving.later_run(self.folder("run"))

    def comments(self):
        rate = serving.comments_per_second(self.sizes[0], self.folder("comments"), 5)
        self.found["comments a second, 2 workers"] = rate

    def memory(self):
        size = self.middle_size()
        with traffic.Site(size, self.folder("memory"), WEB_CONCURRENCY="2") as found:
            first, second = traffic.memory(found, size, self.options.pages)
        self.found["memory after many pages, 2 workers"] = first
        self.found["memory after as many again"] = second / first

    def parts(self) -> dict[str, Callable[[], None]]:
        short = {"uncached": self.uncached, "traffic": self.traffic}
        if self.options.short:
            return short
        more = (self.postgres, self.beside_bare, self.starts, self.comments, self.memory)
        return short | {part.__name__: part for part in more}

    def measure(self) -> None:
        for name, part in self.parts().items():
            if self.options.only and name not in self.options.only:
                continue
            started = time.monotonic()
            part()
            print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)

    def blocks(self) -> dict[str, str]:
        """What was found, as it is printed, by the names that docs/performance.md has for it."""
        command = "bench-short" if self.options.short else f"bench SIZES={','.join(map(str, self.sizes))}"
        blocks = {"run": f"`make {command}`: {report.machine()}", "limits": report.limits(self.found)}
        if self.costs:
            blocks["costs"] = report.costs(self.costs)
        if self.bare:
            blocks["bare"] = report.bare(self.bare)
        if self.readers:
            blocks["readers"] = report.readers(self.readers)
        if self.on_postgres:
            blocks["postgres"] = report.postgres(self.on_postgres)
        return blocks

    def write_docs(self) -> None:
        PAGE.write_text(report.rewritten(PAGE.read_text(), self.blocks()))
        if self.costs:
            cpu = {size: {name: cost["cpu_ms"] for name, cost in costs.items()} for size, costs in self.costs.items()}
            (IMAGES / "growth.svg").write_text(plots.growth(cpu, {name: page.cpu_ms for name, page in PAGES.items()}))
        if self.readers:
            rows = {name: (seen.hit_rate, seen.p99_ms) for name, seen in self.readers.items()}
            (IMAGES / "readers.svg").write_text(plots.readers(rows, traffic.RATE))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="only what can be counted exactly; fails on a broken one")
    parser.add_argument("--sizes", default=SHORT_SIZES, type=lambda text: [int(size) for size in text.split(",")])
    parser.add_argument("--only", nargs="*", metavar="PART", help="only these parts")
    parser.add_argument("--pages", type=int, default=20_000, help="different pages for the memory (20,000)")
    parser.add_argument("--docs", action="store_true", help="write docs/performance.md and its pictures")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="publishing-bench-") as directory:
        run = Run(Path(directory), options)
        run.measure()
    print("\n\n".join(run.blocks().values()))
    if options.docs:
        run.write_docs()
    if options.short and (broken := report.broken(run.found)):
        print(f"\nbroken: {'; '.join(broken)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
