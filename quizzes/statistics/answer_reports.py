"""What readers answered to each question, as the editors' page of statistics shows it: pure, from counts."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..kinds import grade
from ..kinds.base import Rules
from ..kinds.base_forms import text_of
from ..kinds.forms import forms_of
from ..kinds.grading.weights import fraction_of
from . import charts, items
from .counting import KEY_LENGTH, QuestionCounts
from .items import AnswerStatistics

# Of what was typed, of orders, of the fillings of one blank, and of what is wrong in one place or beside one left side.
MOST_TYPED, MOST_ORDERS, MOST_FILLINGS, MOST_WRONG = 12, 6, 6, 2


def figure(value: float | None, digits: int = 2, unit: str = "") -> str:
    """A figure as it is shown; "–" for none. Minus signs are real ones."""
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    return (text.lstrip("-") if not float(text) else text.replace("-", "−")) + unit


@dataclass(frozen=True)
class AnswerRow:
    """One answer: its short `label` in the drawing, the answer as `text`, and what it is `worth`, in words."""

    label: str
    text: str
    worth: str
    answer: AnswerStatistics
    is_shown: bool

    @property
    def count(self) -> int:
        return self.answer.count

    @property
    def share_text(self) -> str:
        return figure(100 * self.answer.share, 0, " %")

    @property
    def point_biserial_text(self) -> str:
        return figure(self.answer.point_biserial if self.is_shown else None)

    @property
    def attracts_strong(self) -> bool:
        return self.answer.attracts_strong

    @property
    def bar(self) -> tuple[str, int, float, str]:
        """As `charts.answers` takes it. Right ones have a tick, those that attract strong readers “!”."""
        if self.attracts_strong:
            return f"{self.label} !", self.count, self.answer.share, "strong"
        is_right = self.worth == "right"
        return f"{self.label} ✓" if is_right else self.label, self.count, self.answer.share, "right" if is_right else ""


@dataclass(frozen=True)
class AnswerGroup:
    """Answers that are compared with each other, with their drawing. `others`: how many readers gave other ones."""

    title: str
    rows: list[AnswerRow]
    chart: charts.BarChart
    others: int = 0


def _worth(points: Fraction) -> str:
    return "right" if points == 1 else "partly right" if points > 0 else "wrong"


def _graded(question: Mapping, answer, whole: int = 1) -> str:
    """What an answer is worth, in words; "" for one that cannot be graded, as a text that was cut."""
    try:
        return _worth(grade(question, answer).points * whole)
    except (KeyError, ValueError):
        return ""


class _Groups:
    """The groups of one question, which is one of an edition's bundle, corrected."""

    def __init__(self, question: Mapping, counts: QuestionCounts, is_shown: bool):
        self.question, self.counts, self.is_shown = question, counts, is_shown

    def group(self, title: str, rows: list[AnswerRow], others: int = 0) -> Iterator[AnswerGroup]:
        """One group, or none where nobody answered."""
        if rows:
            name = f"answers-{self.question['id']}-{re.sub(r'[^a-z0-9]+', '-', title.lower())}"
            yield AnswerGroup(title, rows, charts.answers([row.bar for row in rows], name), others)

    def row(self, label, text: str, worth: str, answer: AnswerStatistics) -> AnswerRow:
        return AnswerRow(str(label), text, worth, answer, self.is_shown)

    def choices(self, rules: Rules) -> Iterator[AnswerGroup]:
        listed, weights, worths = self.question["choices"], {}, {}
        for choice in listed:
            weight = fraction_of(choice["weight"])
            if choice.get("is_neutral"):
                weights[choice["id"]], worths[choice["id"]] = Fraction(1), "not counted"
                continue
            weights[choice["id"]] = weight
            worths[choice["id"]] = "right" if rules.is_right(weight) else _worth(weight)
        found = items.choices(self.counts, weights)
        rows = [
            self.row(chr(ord("A") + place), text_of(choice["html"]), worths[choice["id"]], answer)
            for place, (choice, answer) in enumerate(zip(listed, found, strict=True))
        ]
        yield from self.group("Choices", rows)

    def whole(self, title: str, words, most: int = MOST_ORDERS) -> Iterator[AnswerGroup]:
        """The most frequent answers of a kind that is made of ids; `words` makes text of "3,7"."""
        given = items.responses(self.counts)
        rows = [
            self.row(number, words(answer.key), _graded(self.question, _ids(answer.key)), answer)
            for number, answer in enumerate(given[:most], 1)
        ]
        yield from self.group(title, rows, self.counts.answered - sum(row.count for row in rows))

    def typed(self) -> Iterator[AnswerGroup]:
        rows = [
            self.row(
                number,
                answer.key,
                "" if len(answer.key) == KEY_LENGTH else _graded(self.question, answer.key),
                answer,
            )
            for number, answer in enumerate(items.responses(self.counts)[:MOST_TYPED], 1)
        ]
        yield from self.group("Typed answers", rows, self.counts.answered - sum(row.count for row in rows))

    def parts(
        self,
        title: str,
        firsts: Iterable[str],
        words: Callable[[str, str], str],
        is_right: Callable[[str, str], bool],
    ) -> Iterator[AnswerGroup]:
        """Parts such as "left:right": for each left what is right, and the most frequent of what is wrong."""
        rows = []
        for first, answers in _by_first(items.parts(self.counts), firsts):
            wrong = 0
            for second, answer in answers:
                worth = "right" if is_right(first, second) else "wrong"
                wrong += worth == "wrong"
                if worth == "right" or wrong <= MOST_WRONG:
                    rows.append(self.row(len(rows) + 1, words(first, second), worth, answer))
        yield from self.group(title, rows)

    def blanks(self, blanks: Collection[int]) -> Iterator[AnswerGroup]:
        rows, others = [], 0
        for blank, answers in _by_first(items.parts(self.counts), [str(blank) for blank in blanks]):
            for text, answer in answers[:MOST_FILLINGS]:
                worth = _graded(self.question, {blank: text}, len(blanks))
                rows.append(self.row(len(rows) + 1, f"[[{blank}]] {text}", worth, answer))
            others += sum(answer.count for _, answer in answers[MOST_FILLINGS:])
        yield from self.group("Blanks", rows, others)


def _by_first(parts: list[AnswerStatistics], firsts: Iterable[str]) -> Iterator[tuple[str, list]]:
    """Parts such as "left:right" by what stands first, in the order of `firsts`: (left, [(right, part), …])."""
    found = {first: [] for first in firsts}
    for part in parts:
        first, _, second = part.key.partition(":")
        found[first].append((second, part))
    yield from found.items()


def _ids(key: str) -> list[int]:
    return [int(pk) for pk in key.split(",")]


def groups(question: Mapping, counts: QuestionCounts, is_shown: bool) -> list[AnswerGroup]:
    """The answers to a question of an edition's bundle, as it is graded now. `is_shown`: indices, too."""
    return list(forms_of(question["kind"]).answer_groups(question, _Groups(question, counts, is_shown)))
