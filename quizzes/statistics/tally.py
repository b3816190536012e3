"""What the statistics of an edition are made from: counts that can be added to and never need an old attempt again.

A tally is made of sums, so it does not matter in which order attempts come, or in how many pieces: adding is the same
as counting everything anew, and two tallies can be merged. All points are exact fractions, written "7/2".

For the whole paper it counts each distinct total. For each question it counts the attempts that had it on their paper,
each pair of (mark, total), and each distinct answer with the sum of its readers' totals. The pairs are as many as marks
times totals that occur: with marks in halves and 20 questions at most 123, whatever the number of attempts. Answers are
kept in bounded tables (see `frequent`).
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from math import lcm

from .frequent import Frequent
from .sheets import ONE_CHOICE, ONLY_PARTS, TYPED, Row, Sheet, no_collection

FORMAT = 1
KEPT_RESPONSES = 200
# Twenty items in twenty places, or twenty left sides with twenty right ones.
KEPT_PARTS = 400
# Of a typed answer; longer ones with the same beginning are counted together.
KEY_LENGTH = 200
ROWS_AT_ONCE = 500
# Different answers to one question that are held before they go into the bounded tables.
HELD_AT_ONCE = 6_000


@lru_cache(maxsize=4096)
def _exact(text: str) -> Fraction:
    return Fraction(text)


def scaled(points: Collection[str]) -> tuple[int, dict[str, int]]:
    """Exact fractions as whole numbers of one unit: the number of units in a point, and the units of each text."""
    fractions = {text: _exact(text) for text in points}
    unit = lcm(*(fraction.denominator for fraction in fractions.values()))
    return unit, {text: exact.numerator * (unit // exact.denominator) for text, exact in fractions.items()}


@lru_cache(maxsize=4096)
def _spelled(points: str) -> str:
    """A fraction in lowest terms."""
    return str(_exact(points))


def plain(text: str) -> str:
    """A typed answer as it is counted: Unicode NFC, white space as single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\x00", "").split())


def _joined(ids: Iterable[int]) -> str:
    return ",".join(map(str, ids))


@dataclass
class QuestionTally:
    """The counts of one question. `maximum` is what a right answer earns; `is_drawn`: not on every paper."""

    kind: str
    maximum: Fraction = Fraction(1)
    is_drawn: bool = False
    # With the question on their paper, and of these with an answer.
    attempts: int = 0
    answered: int = 0
    # (mark, total of the paper) as texts.
    pairs: Counter = field(default_factory=Counter)
    # Whole answers: "7" or "3,7" by ids, or the text.
    responses: Frequent = field(default_factory=lambda: Frequent(KEPT_RESPONSES))
    # "7" ticked, "place:item" of an order (places from 1), "left:right" of a pair, "blank:text".
    parts: Frequent = field(default_factory=lambda: Frequent(KEPT_PARTS))

    def fold(self, held: Mapping[str, tuple[Counter, Counter]], normal: Callable[[str], str]) -> None:
        """Add what was counted for each total of the paper: how often each answer was given, and each mark."""
        unit, units = scaled(held.keys())
        sums: dict[object, list[int]] = {}
        for total, (answers, marks) in held.items():
            total_spelled, worth = _spelled(total), units[total]
            for mark, count in marks.items():
                if mark is not None:
                    self.attempts += count
                    self.pairs[_spelled(mark), total_spelled] += count
            for answer, count in answers.items():
                if answer:
                    entry = sums.setdefault(answer, [0, 0])
                    entry[0] += count
                    entry[1] += count * worth
        self.answered += sum(count for count, _ in sums.values())
        if self.kind not in ONLY_PARTS:
            self.responses.add(((self._whole(answer, normal), *entry) for answer, entry in sums.items()), unit)
        if self.kind not in TYPED | ONE_CHOICE:
            parts = ((part, *entry) for answer, entry in sums.items() for part in self._parts_of(answer, normal))
            self.parts.add(parts, unit)

    def _whole(self, answer, normal) -> str:
        if self.kind in TYPED:
            return normal(answer)[:KEY_LENGTH]
        return str(answer) if self.kind in ONE_CHOICE else _joined(answer)

    def _parts_of(self, answer, normal) -> list[str]:
        if self.kind == "multiple":
            return [str(choice) for choice in answer]
        if self.kind == "ordering":
            return [f"{place}:{item}" for place, item in enumerate(answer, 1)]
        if self.kind == "matching":
            return [f"{left}:{right}" for left, right in answer]
        return [f"{blank}:{normal(text)[:KEY_LENGTH]}" for blank, text in answer]

    def merge(self, other: "QuestionTally") -> None:
        self.attempts += other.attempts
        self.answered += other.answered
        self.pairs.update(other.pairs)
        self.responses.merge(other.responses)
        self.parts.merge(other.parts)

    def to_json(self) -> dict:
        marks: dict[str, dict[str, int]] = {}
        for (mark, total), count in sorted(self.pairs.items()):
            marks.setdefault(mark, {})[total] = count
        return {
            "kind": self.kind,
            "maximum": str(self.maximum),
            "drawn": self.is_drawn,
            "attempts": self.attempts,
            "answered": self.answered,
            "marks": marks,
            "responses": self.responses.to_json(),
            "parts": self.parts.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict) -> "QuestionTally":
        return cls(
            data["kind"],
            Fraction(data["maximum"]),
            data["drawn"],
            data["attempts"],
            data["answered"],
            Counter(
                {(mark, total): count for mark, totals in data["marks"].items() for total, count in totals.items()}
            ),
            Frequent.from_json(KEPT_RESPONSES, data["responses"]),
            Frequent.from_json(KEPT_PARTS, data["parts"]),
        )


@dataclass
class Tally:
    """The counts of an edition: a `QuestionTally` by id of question, in the edition's order, and of each total."""

    questions: dict[int, QuestionTally] = field(default_factory=dict)
    totals: Counter = field(default_factory=Counter)

    @classmethod
    def of(cls, questions: Iterable[Mapping], drawn: Collection[int] = ()) -> "Tally":
        """An empty one for an edition's questions; those with an id in `drawn` are not on every paper."""
        return cls({q["id"]: QuestionTally(q["kind"], is_drawn=q["id"] in drawn) for q in questions})

    @property
    def attempts(self) -> int:
        return self.totals.total()

    def add(self, rows: Iterable[Row], normal: Mapping[int, Callable[[str], str]] | None = None) -> None:
        """Count attempts: (answers, marks, total) each.

        `answers` maps the question's id as text to what was answered, without those that were not; `marks` maps it to
        its points, for each question of the paper; `total` is the sum of the marks. `normal` says by id of question
        how typed answers are spelled before they are compared, by default as `plain` does.

        Rows are taken a few hundred at a time. Raises ValueError for points that are no fraction; the tally is then of
        no more use.
        """
        rows, normal = iter(rows), normal or {}
        sheet = Sheet({number: question.kind for number, question in self.questions.items()})
        with no_collection():
            while chunk := list(islice(rows, ROWS_AT_ONCE)):
                for total, count in Counter(row[2] for row in chunk).items():
                    self.totals[_spelled(total)] += count
                if self.questions:
                    sheet.add(chunk)
                if not sheet.waiting:
                    self._fold(sheet, normal, HELD_AT_ONCE)
            sheet.count()
            self._fold(sheet, normal)

    def _fold(self, sheet: Sheet, normal: Mapping[int, Callable[[str], str]], held: int = 0) -> None:
        """Take in from the sheet the questions with more different answers than may be held."""
        for place, (number, question) in enumerate(self.questions.items()):
            if not held or sheet.size(place) > held:
                question.fold(sheet.question(place), normal.get(number, plain))
                sheet.forget(place)

    def merge(self, other: "Tally") -> None:
        """Add all that another tally of the same edition holds."""
        self.totals.update(other.totals)
        for number, question in other.questions.items():
            if number in self.questions:
                self.questions[number].merge(question)
            else:
                self.questions[number] = deepcopy(question)

    def to_json(self) -> dict:
        """Plain data that JSON can hold."""
        questions = [[number, question.to_json()] for number, question in self.questions.items()]
        return {"format": FORMAT, "totals": dict(sorted(self.totals.items())), "questions": questions}

    @classmethod
    def from_json(cls, data: dict) -> "Tally":
        """The tally that `to_json` gave. Raises ValueError for another format."""
        if data.get("format") != FORMAT:
            raise ValueError(f"A tally of format {data.get('format')!r} cannot be read.")
        questions = {number: QuestionTally.from_json(question) for number, question in data["questions"]}
        return cls(questions, Counter(data["totals"]))
