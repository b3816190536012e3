"""The counts that the statistics of an edition are computed from. Pure.

Of the whole paper, attempts by total. Of each question, the attempts that have it by (mark, total), and its answers
with the sum of their readers' totals. All points are exact: whole numbers of 1/`unit` points.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from math import lcm
from typing import NamedTuple

from ..kinds import rules_of

# Characters of a typed answer; longer ones with the same beginning are counted together.
KEY_LENGTH = 200
# The first different answers to a question are counted, later ones are not.
COUNTED_ANSWERS = 10_000
# The most frequent ones are kept, whole and in parts: twenty items in twenty places are 400.
KEPT_RESPONSES, KEPT_PARTS = 100, 400
# Attempts that are read together, and different (answer, mark, total) of a question before they are summed: both limit
# the memory.
ROWS_AT_ONCE, HELD_AT_ONCE = 500, 6_000


class QuestionCounts(NamedTuple):
    """One question. `maximum` is in points; `is_drawn`: not on every paper."""

    id: int
    kind: str
    is_drawn: bool
    # Attempts that gave an answer.
    answered: int
    # [mark, total of the paper, attempts] of those that have it.
    pairs: list
    # [answer, readers, sum of their totals], most frequent first. Whole answers: "7" or "3,7" by ids, or the text.
    responses: list
    # The same: "7" ticked, "place:item" of an order (places from 1), "left:right" of a pair, "blank:text".
    parts: list
    maximum: int = 1

    @property
    def attempts(self) -> int:
        return sum(times for _, _, times in self.pairs)


class Counts(NamedTuple):
    """An edition: `totals` are [total, attempts], lowest first; `questions` in the edition's order."""

    unit: int
    totals: list
    questions: list[QuestionCounts]

    @property
    def attempts(self) -> int:
        return sum(times for _, times in self.totals)

    @classmethod
    def from_json(cls, data: list) -> "Counts":
        unit, totals, questions = data
        return cls(unit, totals, [QuestionCounts(*question) for question in questions])


def count(questions: Collection[Mapping], rows: Iterable[tuple], drawn: Collection[int] = ()) -> Counts:
    """Count attempts at the questions of a bundle; those with an id in `drawn` are not on every paper.

    A row is (answers, marks, total). `answers` maps ids of answered questions as text to answers, `marks` ids of all
    questions of the paper that count to points as text; `total` is their sum as text. Raises ValueError for points
    that are no fraction.
    """
    rows, totals, counters = iter(rows), Counter(), [_Counter(question) for question in questions]
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        columns = list(zip(*chunk, strict=True))
        totals.update(columns[2])
        for counter in counters:
            counter.add(*columns)
    for counter in counters:
        counter.fold()
    marks = {mark for counter in counters for mark, _ in counter.pairs}
    unit, units = _scaled(marks | totals.keys())
    counted = [counter.counts(unit, units, counter.id in drawn) for counter in counters]
    return Counts(unit, _summed((units[total], times) for total, times in totals.items()), counted)


_exact = lru_cache(4096)(Fraction)


def _scaled(points: Collection[str]) -> tuple[int, dict[str, int]]:
    """Exact fractions as whole numbers of one unit: the number of units in a point, and the units of each text."""
    unit = lcm(*(_exact(text).denominator for text in points))
    return unit, {text: int(_exact(text) * unit) for text in points}


def _summed(rows: Iterable[tuple]) -> list[list]:
    """[…, attempts] of rows that may come more than once, sorted."""
    sums = Counter()
    for *key, times in rows:
        sums[tuple(key)] += times
    return [[*key, times] for key, times in sorted(sums.items())]


class _Counter:
    """Counts one question, with limited memory however many different answers come."""

    def __init__(self, question: Mapping):
        self.id, self.rules = question["id"], rules_of(question["kind"])
        self.spelling = self.rules.spelling(question)
        self.held, self.pairs, self.answered = Counter(), Counter(), 0
        self.responses: dict[str, tuple[int, Fraction]] = {}
        self.parts: dict[str, tuple[int, Fraction]] = {}

    def add(self, answers: Sequence[Mapping], marks: Sequence[Mapping], totals: Sequence[str]) -> None:
        key = str(self.id)
        given = [self.rules.counted(each.get(key)) for each in answers]
        self.held.update(zip(given, [each.get(key) for each in marks], totals, strict=True))
        if len(self.held) > HELD_AT_ONCE:
            self.fold()

    def fold(self) -> None:
        unit, units = _scaled({total for _, _, total in self.held})
        sums = defaultdict(lambda: [0, 0])
        for (answer, mark, total), times in self.held.items():
            # Without a mark it is not on the paper, or disregarded.
            if mark is None:
                continue
            self.pairs[mark, total] += times
            if answer:
                sums[answer][0] += times
                sums[answer][1] += times * units[total]
        for answer, (times, total) in sums.items():
            self.answered += times
            if whole := self.rules.whole_key(answer, self.spelled):
                self._add(self.responses, whole, times, Fraction(total, unit))
            for part in self.rules.part_keys(answer, self.spelled):
                self._add(self.parts, part, times, Fraction(total, unit))
        self.held.clear()

    def spelled(self, text: str) -> str:
        return self.spelling(text)[:KEY_LENGTH]

    @staticmethod
    def _add(table: dict, key: str, times: int, total: Fraction) -> None:
        if key in table or len(table) < COUNTED_ANSWERS:
            had, sum_had = table.get(key, (0, 0))
            table[key] = had + times, sum_had + total

    def counts(self, unit: int, units: Mapping[str, int], is_drawn: bool) -> QuestionCounts:
        pairs = _summed((units[mark], units[total], times) for (mark, total), times in self.pairs.items())
        responses, parts = (
            [
                [key, times, int(total * unit)]
                for key, (times, total) in sorted(table.items(), key=lambda item: (-item[1][0], item[0]))[:kept]
            ]
            for table, kept in ((self.responses, KEPT_RESPONSES), (self.parts, KEPT_PARTS))
        )
        return QuestionCounts(self.id, self.rules.name, is_drawn, self.answered, pairs, responses, parts)
