"""The geometry of charts, which templates turn into SVG.

Widths are in percent of the chart and heights in pixels, so that a chart fills its room and its text keeps its size.
Attributes are text, so that templates format no numbers. Each chart has a table with the same figures beside it.
"""

from collections.abc import Sequence
from itertools import count
from math import ceil
from typing import NamedTuple

from django.utils.formats import number_format

# Of columns: most labels below them, and their heights in pixels.
MOST_TICKS = 7
PLOT_TOP, PLOT_HEIGHT, TICK_HEIGHT = 18, 160, 24
# In percent: the axis.
AXIS_WIDTH = 14


class Bar(NamedTuple):
    """A bar with its texts. `title` says all; `mark` is "", "right" or "strong", which the label shows too."""

    title: str
    x: str
    y: str
    width: str
    height: str
    label: str = ""
    value: str = ""
    mark: str = ""


class Label(NamedTuple):
    """A horizontal line of columns (at y) or a label below it (at x)."""

    place: str
    label: str


class Columns(NamedTuple):
    """Numbers as columns on a scale from 0."""

    height: str
    base: str
    axis: str
    bars: list[Bar]
    lines: list[Label]
    ticks: list[Label]


def grouped(number: int) -> str:
    """A number with its thousands apart: "1,200"."""
    return number_format(number, force_grouping=True)


def percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def round_step(most: int, lines: int = 4) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, … of which at most `lines` steps reach `most`."""
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    return next(step for step in steps if step * lines >= most)


def columns(rows: Sequence[tuple[str, str, int]]) -> Columns:
    """A column for each (label below it, words that say all, number); at most seven labels."""
    most = max(1, *(number for *_rest, number in rows))
    step = round_step(most)
    top = step * ceil(most / step)
    room, base, every = (100 - AXIS_WIDTH) / len(rows), PLOT_TOP + PLOT_HEIGHT, ceil(len(rows) / MOST_TICKS)
    bars, ticks = [], []
    for place, (label, title, number) in enumerate(rows):
        x, height = AXIS_WIDTH + place * room, PLOT_HEIGHT * number / top
        bars.append(Bar(title, percent(x + room * 0.08), f"{base - height:.1f}", percent(room * 0.84), f"{height:.1f}"))
        if place % every == 0:
            ticks.append(Label(percent(x + room / 2), label))
    return Columns(
        height=str(base + TICK_HEIGHT),
        base=str(base),
        axis=percent(AXIS_WIDTH),
        bars=bars,
        lines=[Label(f"{base - PLOT_HEIGHT * at / top:.1f}", grouped(at)) for at in range(0, top + 1, step)],
        ticks=ticks,
    )
