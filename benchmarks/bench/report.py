"""Figures as tables, and in docs/performance.md between `<!-- bench: NAME -->` and `<!-- end -->`."""

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version

from .limits import LIMITS, Limit

DIGITS = {"": 0, "%": 1, "×": 2, "ms": 1, "MiB": 0, "s": 2, "kB": 0}


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; every column but the first is aligned right."""
    texts = [heads, *rows]
    widths = [max(len(row[column]) for row in texts) for column in range(len(heads))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]

    def line(row):
        cells = [
            text.rjust(width) if column else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        return f"| {' | '.join(cells)} |"

    return "\n".join(line(row) for row in [heads, rule, *rows])


def number(value: float | None, unit: str = "", digits: int | None = None) -> str:
    if value is None:
        return "–"
    text = f"{value:,.{DIGITS[unit] if digits is None else digits}f}"
    return f"{text} {unit}" if unit else text


def verdict(limit: Limit, found: float) -> str:
    if not limit.is_kept(found):
        return "broken"
    return "reached" if limit.is_reached(found) else "missed"


def limits(found: dict[str, float | None]) -> str:
    """Everything that has a limit and was measured, beside it."""
    rows = []
    for limit in LIMITS:
        value = found.get(limit.name)
        if value is not None:
            bound = f"{'≥' if limit.at_least else '≤'} {number(limit.target, limit.unit)}"
            rows.append([limit.name, number(value, limit.unit), bound, verdict(limit, value)])
    return table(["what", "found", "target", ""], rows)


def broken(found: dict[str, float | None]) -> list[str]:
    """The counts that are worse than they may be."""
    values = ((limit, found.get(limit.name)) for limit in LIMITS)
    return [limit.name for limit, value in values if value is not None and not limit.is_kept(value)]


def costs(by_size: dict[int, dict[str, dict]]) -> str:
    """Uncached pages at each size."""
    sizes = list(by_size)
    heads = ["uncached page", "queries", "calls", *(f"CPU ms, {size:,}" for size in sizes)]
    heads += ["growth of CPU", "of work"] if len(sizes) > 1 else []
    rows = []
    for name, cost in by_size[sizes[-1]].items():
        each = [by_size[size].get(name, {}) for size in sizes]
        row = [name, number(cost["queries"]), number(cost["calls"])]
        row += [number(one.get("cpu_ms"), "", 1) for one in each]
        if len(sizes) > 1:
            first = by_size[sizes[0]].get(name)
            row += [number(first and ratio(first["cpu_ms"], cost["cpu_ms"]), "", 2)]
            row += [number(first and growth(first, cost), "", 2)]
        rows.append(row)
    return table(heads, rows)


def postgres(found: dict[str, dict]) -> str:
    rows = [[name, number(cost["queries"]), number(cost["cpu_ms"], "", 1), number(cost["clock_ms"], "", 1)]
            for name, cost in found.items()]  # fmt: skip
    return table(["uncached page on PostgreSQL", "queries", "CPU ms of the site", "ms by the clock"], rows)


def bare(found: dict[tuple[str, str], dict[str, float]]) -> str:
    """A cached article beside a bare application."""
    heads = ["cached article", "a second", "bare", "rate of bare", "CPU ms", "bare", "of bare"]
    rows = []
    for (server, way), figures in found.items():
        rates = [number(figures[name]) for name in ("per second", "bare per second")]
        cpu = [number(figures[name], "", 3) for name in ("CPU ms", "bare CPU ms")]
        rate, of_bare = (number(figures[name], "", 2) for name in ("rate", "of bare"))
        rows.append([f"{server}, {way}", *rates, rate, *cpu, of_bare])
    return table(heads, rows)


def readers(found: dict) -> str:
    """What readers saw, by what was written meanwhile."""
    rows = [
        [
            name,
            f"{seen.hit_rate:.1f} %",
            f"{seen.p50_ms:,.1f}",
            f"{seen.p99_ms:,.1f}",
            number(seen.served),
            number(seen.wrong),
        ]
        for name, seen in found.items()
    ]
    return table(["readers by the clock", "hits", "p50, ms", "p99, ms", "answers a second", "no 200"], rows)


def ratio(before: float, after: float) -> float:
    return after / before if before else float("inf")


def work(cost: dict) -> float:
    """Function calls, with ten steps of SQLite as one: they take about as long."""
    return cost["calls"] + cost["steps"] / 10


def growth(before: dict, after: dict) -> float:
    return ratio(work(before), work(after))


def machine() -> str:
    """When and on what a run was made, and whether its times say anything."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("django", "gunicorn"))
    load, processors = os.getloadavg()[2], os.cpu_count() or 1
    busy = " Other programs used the processors: times by the clock are not reliable." if load > 2 * processors else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}; {processors} processors, shared with the load; {load:.1f} processes ran or "
        f"waited; {platform.system()} {platform.machine()}; Python {platform.python_version()}, {packages}.{busy}"
    )


def rewritten(page: str, blocks: dict[str, str]) -> str:
    """The page with these blocks in place of what stood between their marks; other blocks stay."""

    def block(match):
        return f"{match[1]}\n\n{blocks[match[2]]}\n\n{match[3]}" if match[2] in blocks else match[0]

    return re.sub(r"(<!-- bench: ([a-z]+) -->).*?(<!-- end -->)", block, page, flags=re.DOTALL)
