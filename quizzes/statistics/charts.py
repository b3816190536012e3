"""Where everything stands in a drawing. Templates turn it into SVG elements, attribute by attribute.

Across, everything is in percent of the drawing, down, in pixels: so a drawing is as wide as the room there is, and its
text keeps its size. Attributes are text, so that no template formats a number. Whatever a drawing shows stands in a
table beside it, too.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from .readings import USUAL_FACILITY

# Of a histogram: most bars, most labels below them, and its heights in pixels.
MOST_BINS, MOST_TICKS = 21, 7
PLOT_TOP, PLOT_HEIGHT, TICK_HEIGHT = 18, 160, 24
# Room for the numbers at the left, in percent.
AXIS_WIDTH = 14
# Of a chart of bars: a row, the bar in it, and the room above all rows for the label of a band, in pixels.
ROW_HEIGHT, BAR_HEIGHT, HEAD_HEIGHT = 26, 14, 22
# A row with its label above the bar.
TALL_ROW_HEIGHT, TALL_BAR_HEIGHT = 44, 16
# Room for the labels at the left and for the values at the right, in percent.
LABEL_WIDTH, VALUE_WIDTH = 15, 17


class Bar(NamedTuple):
    """One bar with its texts. `title` says it all; `mark` is "", "right" or "strong", never told by colour alone."""

    label: str
    value: str
    title: str
    x: str
    y: str
    width: str
    height: str
    text_y: str
    mark: str = ""


class Line(NamedTuple):
    """A line across a histogram, with what it stands for."""

    y: str
    text_y: str
    label: str


class Tick(NamedTuple):
    """A label below a histogram."""

    x: str
    label: str


class Histogram(NamedTuple):
    """How many attempts have which total. `rows` is the table beside it: (totals, attempts)."""

    name: str
    height: str
    base: str
    text_y: str
    axis: str
    bars: list[Bar]
    lines: list[Line]
    ticks: list[Tick]
    rows: list[tuple[str, int]]


class Band(NamedTuple):
    """A stretch of the scale that is marked in the drawing, with its edges."""

    x: str
    end: str
    width: str
    middle: str
    height: str
    top: str
    label: str


class BarChart(NamedTuple):
    """Bars that lie one below the other."""

    name: str
    height: str
    bars: list[Bar]
    band: Band | None = None


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def _round_step(most: int, lines: int = 4) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, … by which `most` is reached in at most so many steps."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * lines >= most:
                return step
        power *= 10


# --- histogram ----------------------------------------------------------------------------------


def _bins(totals: Mapping[str | Fraction, int], maximum: int) -> list[tuple[str, str, int]]:
    """(label below, totals as words, attempts) of each bin, of one width in whole points, from 0 to the maximum."""
    exact = {Fraction(text): count for text, count in totals.items()}
    top = max([maximum, *(int(total) for total in exact)])
    size = ceil((top + 1) / MOST_BINS)
    counts: Counter = Counter()
    for total, count in exact.items():
        counts[int(total) // size] += count
    is_whole = all(total.denominator == 1 for total in exact)
    found = []
    for number in range(top // size + 1):
        start, end = number * size, min((number + 1) * size, top + 1)
        last = end - 1
        if last == start and (is_whole or start == top):
            words = str(start)
        elif is_whole or end > top:
            words = f"{start} to {last}"
        else:
            words = f"{start} to below {end}"
        found.append((str(start), words, counts[number]))
    return found


def histogram(totals: Mapping[str | Fraction, int], maximum: int, name: str = "totals") -> Histogram:
    """Attempts by total, from exact fractions; at most 21 bars, each a whole number of points wide.

    `maximum` is the highest total that can be reached; `name` makes the ids in the page.
    """
    bins = _bins(totals, maximum)
    most = max(count for _, _, count in bins)
    step = _round_step(max(most, 1))
    top = step * max(1, ceil(most / step))
    room = (100 - AXIS_WIDTH) / len(bins)
    base = PLOT_TOP + PLOT_HEIGHT
    bars, ticks, every = [], [], ceil(len(bins) / MOST_TICKS)
    for number, (label, words, count) in enumerate(bins):
        height = PLOT_HEIGHT * count / top
        x = AXIS_WIDTH + number * room
        bars.append(
            Bar(label, str(count), f"Total {words}: {count}", _percent(x + room * 0.08), f"{base - height:.1f}",
                _percent(room * 0.84), f"{height:.1f}", "")
        )  # fmt: skip
        if number % every == 0:
            ticks.append(Tick(_percent(x + room / 2), label))
    lines = []
    for value in range(0, top + 1, step):
        y = base - PLOT_HEIGHT * value / top
        lines.append(Line(f"{y:.1f}", f"{y + 4:.1f}", f"{value:,}"))
    height, text_y = str(base + TICK_HEIGHT), str(base + 17)
    rows = [(words, count) for _, words, count in bins]
    return Histogram(name, height, str(base), text_y, _percent(AXIS_WIDTH), bars, lines, ticks, rows)


# --- bars ---------------------------------------------------------------------------------------


def _lying(label: str, value: str, title: str, share: float, number: int, mark: str = "", head: int = 0) -> Bar:
    """A bar beside its label; `share` from 0 to 1 of the whole scale."""
    y = head + number * ROW_HEIGHT
    room = 100 - LABEL_WIDTH - VALUE_WIDTH
    return Bar(
        label, value, title, _percent(LABEL_WIDTH), str(y + (ROW_HEIGHT - BAR_HEIGHT) // 2), _percent(room * share),
        str(BAR_HEIGHT), str(y + ROW_HEIGHT // 2 + 4), mark,
    )  # fmt: skip


def facility(questions: Sequence[tuple[str, float | None]], name: str = "facility") -> BarChart:
    """A bar for the facility of each question, (label, percent or None), and the band of usual values marked."""
    bars = []
    for number, (label, value) in enumerate(questions):
        text = "–" if value is None else f"{value:.0f} %"
        title = f"Question {label}: {'no attempts' if value is None else text}"
        bars.append(_lying(label, text, title, (value or 0) / 100, number, head=HEAD_HEIGHT))
    height = HEAD_HEIGHT + len(bars) * ROW_HEIGHT
    room = 100 - LABEL_WIDTH - VALUE_WIDTH
    low, high = USUAL_FACILITY
    start, end = (LABEL_WIDTH + room * limit / 100 for limit in (low, high))
    band = Band(
        _percent(start), _percent(end), _percent(end - start), _percent((start + end) / 2), str(height - HEAD_HEIGHT),
        str(HEAD_HEIGHT), f"{low}–{high} %",
    )  # fmt: skip
    return BarChart(name, str(height), bars, band)


def funnel(steps: Sequence[tuple[str, int]], name: str = "funnel") -> BarChart:
    """A bar for each step, (label, browsers), with its share of the first one; the longest is as wide as the room."""
    most, first = max([1, *(count for _, count in steps)]), steps[0][1] if steps else 0
    bars = []
    for number, (label, count) in enumerate(steps):
        share = f" · {100 * count / first:.0f} %" if first >= count and first else ""
        value, y = f"{count:,}{share}", number * TALL_ROW_HEIGHT
        bars.append(
            Bar(label, value, f"{label}: {value}", "0%", str(y + 20), _percent(100 * count / most),
                str(TALL_BAR_HEIGHT), str(y + 14))
        )  # fmt: skip
    return BarChart(name, str(len(bars) * TALL_ROW_HEIGHT), bars)


def answers(rows: Sequence[tuple[str, int, float, str]], name: str) -> BarChart:
    """A bar for each answer, (label, readers, share from 0 to 1, mark), on a scale of all who had the question."""
    bars = [
        _lying(label, f"{100 * share:.0f} %", f"{label}: {count:,}, {100 * share:.0f} %", share, number, mark)
        for number, (label, count, share, mark) in enumerate(rows)
    ]
    return BarChart(name, str(len(bars) * ROW_HEIGHT), bars)
