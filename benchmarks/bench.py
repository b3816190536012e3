"""Requests per second of the publication beside a bare WSGI application, as ratios from one run.

Seeds a SQLite database in a directory of its own, then serves three applications with the project's gunicorn
configuration and 2 workers: the site as it runs (pages kept in memory), the site without its page store (each page
made anew), and a bare application that returns the same headers and bytes. The three are loaded in turns, so that
whatever else the machine does falls on all of them. Only ratios of one run compare; see docs/performance.md.
"""

import argparse
import json
import os
import pickle
import platform
import secrets
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

import load
from served import ROOT, Served

WORKERS = 2
WARM_UP_SECONDS = 0.3
PAGES = {
    "home": "/",
    "article": "/articles/the-smallest-framework-that-could-possibly-teach-you/",
    "quiz": "/quizzes/routing-and-requests/",
    "feed": "/feed.xml",
}
# What programs send, and what browsers send.
ENCODINGS = {"plain": "", "compressed": "gzip, deflate, br, zstd"}
WAYS = {
    "bare": "benchmarks.bare:application",
    "kept": "publishing.wsgi:application",
    "anew": "publishing.wsgi:django_application",
}
# What the server adds to every answer, and the store to a kept one.
NOT_OURS = {"server", "date", "connection", "age"}


@dataclass
class Cell:
    """What was measured of one page, sent in one way, by one application: a value for each round."""

    samples: list[load.Sample] = field(default_factory=list)
    cpu_seconds: list[float | None] = field(default_factory=list)

    def cpu(self) -> float | None:
        """Seconds of processor time for one answer, of all processes of the server."""
        if None in self.cpu_seconds:
            return None
        return sum(self.cpu_seconds) / sum(sample.answers for sample in self.samples)

    def figures(self, bare: "Cell") -> dict:
        """Its figures, with `of_bare` the median over the rounds of its rate divided by that of `bare`."""
        rate, whole = load.joined(self.samples)
        cpu, bare_cpu = self.cpu(), bare.cpu()
        pairs = zip(self.samples, bare.samples, strict=True)
        return {
            "requests_per_second": round(rate, 1),
            "of_bare": round(median(ours.rate / theirs.rate for ours, theirs in pairs), 3),
            "p50_ms": round(whole.percentile(50) * 1000, 2),
            "p99_ms": round(whole.percentile(99) * 1000, 2),
            "cpu_ms": cpu and round(cpu * 1000, 3),
            "cpu_times_bare": cpu and bare_cpu and round(cpu / bare_cpu, 2),
            "answers": whole.answers,
        }


def environment(directory: Path) -> dict[str, str]:
    """Production settings with a database of our own, whatever a `.env` beside manage.py says."""
    return os.environ | {
        "VAR_DIR": str(directory),
        "DATABASE_URL": f"sqlite:///{directory / 'benchmark.sqlite3'}",
        "REDIS_URL": "",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DEBUG": "False",
        "SITE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "127.0.0.1",
        "TRUSTED_PROXIES": "0",
        "BARE_ANSWERS": str(directory / "answers.pickle"),
        # A worker that is replaced while it is measured would be measured starting.
        "MAX_REQUESTS": "0",
        "THREADS": "4",
        "ACCESS_LOG": "",
    }


def seed(env: dict[str, str], *arguments) -> str:
    """Run seed.py; returns what it printed."""
    command = [sys.executable, ROOT / "benchmarks" / "seed.py", *map(str, arguments)]
    return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def measure(servers: dict[str, Served], lengths: dict, options) -> dict[tuple, Cell]:
    """Load every server with every page, round after round; returns the cells by (page, way of sending, server)."""
    cells = {(*target, way): Cell() for target in lengths for way in WAYS}
    for number in range(options.rounds + 1):
        # The first round warms up. The others change direction, so that nobody always follows the same neighbour.
        order = list(cells) if number % 2 else list(reversed(cells))
        for page, sent, way in order:
            server, cell = servers[way], cells[page, sent, way]
            message = load.request(server.port, PAGES[page], ENCODINGS[sent])
            seconds = options.seconds if number else WARM_UP_SECONDS
            before = server.cpu_seconds()
            sample = load.run(server.port, message, lengths[page, sent], options.connections, seconds)
            after = server.cpu_seconds()
            if number:
                cell.samples.append(sample)
                cell.cpu_seconds.append(None if after is None else after - before)
        if number:
            print(f"round {number} of {options.rounds}", file=sys.stderr)
    return cells


def answers(kept: Served, anew: Served) -> dict[tuple[str, str], tuple]:
    """Every page in every encoding, as the site sends it. Raises unless keeping a page changes nothing in it."""
    found = {}
    for path in PAGES.values():
        for encoding in ENCODINGS.values():
            headers, body = load.fetch(kept.port, path, encoding)
            if load.fetch(anew.port, path, encoding)[1] != body:
                raise load.WrongAnswer(f"{path}: the page made anew differs from the kept one.")
            ours = [(name, value) for name, value in headers if name.lower() not in NOT_OURS]
            found[path, encoding] = (ours, body)
    return found


def run(options, directory: Path) -> dict:
    """Seed, serve, measure; returns everything that is reported, as plain data."""
    env = environment(directory)
    print(f"seeding {options.articles} articles", file=sys.stderr)
    seed(env, options.articles)
    queries = json.loads(seed(env, "--queries", *PAGES.values()))
    with ExitStack() as stack:

        def serve(way):
            return stack.enter_context(Served(WAYS[way], env, WORKERS, directory / f"{way}.log"))

        servers = {"kept": serve("kept"), "anew": serve("anew")}
        pages = answers(servers["kept"], servers["anew"])
        Path(env["BARE_ANSWERS"]).write_bytes(pickle.dumps(pages))
        servers["bare"] = serve("bare")
        lengths = {(page, sent): len(pages[path, encoding][1]) for page, path in PAGES.items()
                   for sent, encoding in ENCODINGS.items()}  # fmt: skip
        cells = measure(servers, lengths, options)
        memory = {way: server.memory() for way, server in servers.items()}
        started_in = {way: round(server.started_in, 2) for way, server in servers.items()}
    rows = [
        {
            "page": page,
            "sent": sent,
            "bytes": lengths[page, sent],
            "queries": queries[PAGES[page]],
            **{way: cells[page, sent, way].figures(cells[page, sent, "bare"]) for way in WAYS},
        }
        for page, sent in lengths
    ]
    return {"run": about(options), "memory_bytes": memory, "seconds_to_first_answer": started_in, "pages": rows}


def about(options) -> dict:
    packages = {name: version(name) for name in ("django", "gunicorn")}
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "articles": options.articles,
        "connections": options.connections,
        "seconds": options.seconds,
        "rounds": options.rounds,
        "workers": WORKERS,
        "processors": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **packages,
    }


def table(heads: list[str], rows: list[list]) -> str:
    """A Markdown table; every column but the first two is aligned right."""
    texts = [heads, *([str(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(heads))]
    rule = ["-" * width if column < 2 else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    lines = [texts[0], rule, *texts[1:]]

    def cell(column, value):
        return value.ljust(widths[column]) if column < 2 else value.rjust(widths[column])

    return "\n".join("| " + " | ".join(cell(i, value) for i, value in enumerate(line)) + " |" for line in lines)


def report(result: dict) -> str:
    """The figures of a run as two Markdown tables and a line on the run itself."""
    facts, rates, costs = result["run"], [], []
    for row in result["pages"]:
        bare, kept, anew = row["bare"], row["kept"], row["anew"]
        rate = [f"{way['requests_per_second']:,.0f}" for way in (bare, kept, anew)]
        rates.append([row["page"], row["sent"], rate[0], rate[1], f"{kept['of_bare']:.2f}", rate[2],
                      f"{anew['of_bare']:.3f}"])  # fmt: skip
        times = [f"{way['p50_ms']:.1f} / {way['p99_ms']:.1f}" for way in (bare, kept, anew)]
        cpu = ["–" if way["cpu_ms"] is None else f"{way['cpu_ms']:.3g}" for way in (bare, kept, anew)]
        times_bare = f"{kept['cpu_times_bare']:.2f}" if kept["cpu_times_bare"] else "–"
        costs.append([row["page"], row["sent"], *times, cpu[0], cpu[1], times_bare, cpu[2], f"{row['bytes']:,}",
                      row["queries"]])  # fmt: skip
    memory = ", ".join(f"{way} {size / 2**20:.0f} MiB" for way, size in result["memory_bytes"].items() if size)
    return "\n\n".join(
        [
            "Requests per second (medians over the rounds), and of bare, the median of the rounds' ratios:",
            table(["page", "sent", "bare", "kept", "of bare", "made anew", "of bare"], rates),
            "Milliseconds to the whole answer, p50 / p99; processor milliseconds an answer (CPU), which other programs "
            "disturb least; bytes of the body, and queries of a page made anew:",
            table(["page", "sent", "bare p50 / p99", "kept", "made anew", "CPU bare", "kept", "of bare", "made anew",
                   "bytes", "queries"], costs),
            f"Memory under load (PSS, {facts['workers']} workers): {memory}. "
            f"First page {result['seconds_to_first_answer']['kept']} s after the launch.",
            f"{facts['date']}; {facts['articles']:,} articles; {facts['workers']} workers of 4 threads; "
            f"{facts['connections']} connections; {facts['rounds']} rounds of {facts['seconds']} s; "
            f"{facts['processors']} processors, shared with the load; {facts['system']}; "
            f"Python {facts['python']}, Django {facts['django']}, gunicorn {facts['gunicorn']}.",
        ]
    )  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description="Requests per second beside a bare WSGI application, as ratios.")
    parser.add_argument("--seconds", type=float, default=0.5, help="of one page in one round (default 0.5)")
    parser.add_argument("--rounds", type=int, default=8, help="default 8")
    parser.add_argument("--connections", type=int, default=16, help="requests in flight (default 16)")
    parser.add_argument("--articles", type=int, default=1000, help="default 1000, at least 3")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="publishing-bench-") as directory:
        result = run(options, Path(directory))
    print(report(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
