"""Attempts laid out as a sheet, a row a paper and two columns a question, and counted fast.

The papers of one total are counted together, column by column, which Python does in C: a hundred thousand papers of
twenty questions take little longer than decoding them.
"""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from operator import itemgetter

# Papers that wait to be counted with others of their total: some 8 MB at twenty questions.
WAITING = 6_000

Row = tuple[Mapping[str, object], Mapping[str, str], str]

ONE_CHOICE = {"single", "true_false"}
TYPED = {"short_answer", "numeric", "output"}
NOTHING = (None,)
# Kinds whose answer is a mapping; as a whole it has too many forms to say anything.
ONLY_PARTS = {"matching", "cloze"}


class Sheet:
    """Counts of papers, by their total and by question. `kinds` maps ids of questions to their kinds."""

    def __init__(self, kinds: Mapping[int, str]):
        self.kinds = {str(number): kind for number, kind in kinds.items()}
        self.papers: dict[str, list[tuple]] = {}
        self.waiting = 0
        # Of each total: a counter of answers for each question, then a counter of marks for each.
        self.counts: dict[str, list[Counter]] = {}

    def add(self, rows: list[Row]) -> None:
        """Take in a few hundred papers: (answers, marks, total) each."""
        answers, marks, totals = zip(*rows, strict=True)
        columns = [_answers(kind, key, answers) for key, kind in self.kinds.items()]
        columns += _marks(list(self.kinds), marks)
        for total, paper in zip(totals, zip(*columns, strict=True), strict=True):
            self.papers.setdefault(total, []).append(paper)
        self.waiting += len(rows)
        if self.waiting >= WAITING:
            self.count()

    def count(self) -> None:
        """Count the papers that wait."""
        for total, papers in self.papers.items():
            if total not in self.counts:
                self.counts[total] = [Counter() for _ in range(2 * len(self.kinds))]
            for counter, column in zip(self.counts[total], zip(*papers, strict=True), strict=True):
                counter.update(column)
        self.papers, self.waiting = {}, 0

    def question(self, place: int) -> dict[str, tuple[Counter, Counter]]:
        """By total: how often each answer was given to the question at `place`, from 0, and each mark."""
        return {total: (counters[place], counters[len(self.kinds) + place]) for total, counters in self.counts.items()}

    def forget(self, place: int) -> None:
        """The same question anew, from nothing."""
        for answers, marks in self.question(place).values():
            answers.clear()
            marks.clear()

    def size(self, place: int) -> int:
        """How many different answers to the question are held, those of each total for themselves."""
        return sum(len(counters[place]) for counters in self.counts.values())


def _answers(kind: str, key: str, answers: Iterable[Mapping]) -> list:
    """The answers to one question as things that can be counted; None for none."""
    if kind in TYPED:
        return [answer.get(key) for answer in answers]
    if kind in ONLY_PARTS:
        return [tuple(answer[key].items()) if key in answer else None for answer in answers]
    if kind in ONE_CHOICE:
        return [(answer.get(key) or NOTHING)[0] for answer in answers]
    return [tuple(answer[key]) if key in answer else None for answer in answers]


def _marks(keys: list[str], marks: Iterable[Mapping[str, str]]) -> list:
    """The marks of each question; None where it is not on a paper."""
    if len(keys) > 1:
        # Twice as fast, and the rule: every question is on every paper.
        with suppress(KeyError):
            return list(zip(*map(itemgetter(*keys), marks), strict=True))
    return [[mark.get(key) for mark in marks] for key in keys]


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the collector of garbage from looking through rows that were just decoded, again and again: nothing in them
    is circular, and it takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
