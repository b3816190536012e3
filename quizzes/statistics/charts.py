"""The charts of statistics, as `publishing.drawing.charts` has them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from django.utils.translation import gettext as _

from publishing.drawing.charts import Bar, Label, columns, grouped, percent

from .readings import USUAL_FACILITY

# Of a histogram.
MOST_BINS = 21
# Of a bar chart, for a label above its first row.
HEAD_HEIGHT = 22
# In percent: the labels and values beside bars.
LABEL_WIDTH, VALUE_WIDTH = 15, 17


# Rows of bar charts. In pixels: height of a row, height of its bar, offset of the bar in the row, offset of the text's
# baseline from the top of the bar; in percent: room left and right of the bars.
TEXT_BESIDE = (26, 14, 6, 11, LABEL_WIDTH, VALUE_WIDTH)
TEXT_ABOVE = (44, 16, 20, -6, 0, 0)


class Histogram(NamedTuple):
    """How many attempts have which total. `rows` is the table: (totals, attempts)."""

    height: str
    base: str
    axis: str
    bars: list[Bar]
    lines: list[Label]
    ticks: list[Label]
    rows: list[tuple[str, int]]


class Band(NamedTuple):
    """A marked range of the scale."""

    x: str
    end: str
    width: str
    middle: str
    top: str
    label: str


class BarChart(NamedTuple):
    name: str
    height: str
    text_offset: str
    bars: list[Bar]
    band: Band | None = None


# --- histogram ----------------------------------------------------------------------------------


def _bins(totals: Mapping[str | Fraction, int], maximum: int) -> list[tuple[str, str, int]]:
    """(first total, totals in words, attempts) of bins of equal width, in whole points, from 0 to the maximum."""
    exact = {Fraction(text): times for text, times in totals.items()}
    top = max([maximum, *map(int, exact)])
    size = ceil((top + 1) / MOST_BINS)
    attempts = Counter()
    for total, times in exact.items():
        attempts[int(total) // size] += times
    is_whole = all(total.denominator == 1 for total in exact)
    bins = []
    for start in range(0, top + 1, size):
        last = min(start + size - 1, top)
        if last == start and (is_whole or start == top):
            words = str(start)
        elif is_whole or last == top:
            words = _("%(first)s to %(last)s") % {"first": start, "last": last}
        else:
            words = _("%(first)s to below %(end)s") % {"first": start, "end": last + 1}
        bins.append((str(start), words, attempts[start // size]))
    return bins


def histogram(totals: Mapping[str | Fraction, int], maximum: int) -> Histogram:
    """Attempts by total, from exact fractions up to `maximum`; at most 21 bars, each whole points wide."""
    bins = _bins(totals, maximum)
    titles = (_("Total %(points)s: %(attempts)s") % {"points": words, "attempts": n} for _start, words, n in bins)
    drawn = columns([(label, title, n) for (label, _words, n), title in zip(bins, titles, strict=True)])
    return Histogram(**drawn._asdict(), rows=[(words, attempts) for _start, words, attempts in bins])


# --- bars ---------------------------------------------------------------------------------------


def _chart(name: str, rows: Iterable[tuple], layout: tuple, head: int = 0) -> BarChart:
    """A bar for each (label, value, title, share from 0 to 1, mark)."""
    row_height, bar_height, bar_offset, text_offset, left, right = layout
    bars = []
    for number, (label, value, title, share, mark) in enumerate(rows):
        y, width = str(head + number * row_height + bar_offset), percent((100 - left - right) * share)
        bars.append(Bar(title, percent(left), y, width, str(bar_height), label, value, mark))
    return BarChart(name, str(head + len(bars) * row_height), str(text_offset), bars)


def facility(questions: Sequence[tuple[str, float | None]]) -> BarChart:
    """A bar for the facility of each question, (label, percent or None), with the usual range marked."""
    rows = []
    for label, value in questions:
        text, words = ("–", _("no attempts")) if value is None else (f"{value:.0f} %",) * 2
        title = _("Question %(number)s: %(facility)s") % {"number": label, "facility": words}
        rows.append((label, text, title, (value or 0) / 100, ""))
    low, high = USUAL_FACILITY
    start, end = (LABEL_WIDTH + (100 - LABEL_WIDTH - VALUE_WIDTH) * limit / 100 for limit in USUAL_FACILITY)
    places = map(percent, (start, end, end - start, (start + end) / 2))
    return _chart("facility", rows, TEXT_BESIDE, HEAD_HEIGHT)._replace(
        band=Band(*places, top=str(HEAD_HEIGHT), label=f"{low}–{high} %")
    )


def funnel(steps: Sequence[tuple[str, int]]) -> BarChart:
    """A bar for each step, (label, browsers), with its share of the first one. The longest bar fills the width."""
    most, first, rows = max(1, *(browsers for _label, browsers in steps)), steps[0][1], []
    for label, browsers in steps:
        share = f" · {100 * browsers / first:.0f} %" if first >= browsers and first else ""
        value = f"{grouped(browsers)}{share}"
        rows.append((label, value, f"{label}: {value}", browsers / most, ""))
    return _chart("funnel", rows, TEXT_ABOVE)


def answers(rows: Sequence[tuple[str, int, float, str]], name: str) -> BarChart:
    """A bar for each answer, (label, readers, share from 0 to 1, mark); all who had the question are the full width."""
    shown = []
    for label, readers, share, mark in rows:
        value = f"{100 * share:.0f} %"
        shown.append((label, value, f"{label}: {readers:,}, {value}", share, mark))
    return _chart(name, shown, TEXT_BESIDE)
