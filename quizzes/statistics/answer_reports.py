"""What readers answered to each question, as the editors' page of statistics shows it: pure, from counts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from html import unescape

from django.utils.html import strip_tags
from django.utils.text import Truncator

from ..grading.weights import fraction_of
from ..kinds import grade
from ..kinds.cloze.rules import AS_WRITTEN
from . import charts, items
from .counting import KEY_LENGTH, QuestionCounts
from .items import AnswerStatistics

# Of what was typed, of orders, of the fillings of one blank, and of what is wrong in one place or beside one left side.
MOST_TYPED, MOST_ORDERS, MOST_FILLINGS, MOST_WRONG = 12, 6, 6, 2

_BLOCK = re.compile(r"<(?=/?(?:p|pre|li|div|h[1-6]|br|tr|td|table|ul|ol|blockquote)\b)")


def text_of(html: str, longest: int = 160) -> str:
    """Frozen HTML as one line of text; a picture alone is called so."""
    text = " ".join(unescape(strip_tags(_BLOCK.sub(" <", html.translate(AS_WRITTEN)))).split())
    return Truncator(text).chars(longest) or "(a picture)"


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
    """The groups of one question, which is one of an edition's bundle, repaired."""

    def __init__(self, question: Mapping, counts: QuestionCounts, is_shown: bool):
        self.question, self.counts, self.is_shown = question, counts, is_shown

    def group(self, title: str, rows: list[AnswerRow], others: int = 0) -> Iterator[AnswerGroup]:
        """One group, or none where nobody answered."""
        if rows:
            name = f"answers-{self.question['id']}-{re.sub(r'[^a-z0-9]+', '-', title.lower())}"
            yield AnswerGroup(title, rows, charts.answers([row.bar for row in rows], name), others)

    def row(self, label, text: str, worth: str, answer: AnswerStatistics) -> AnswerRow:
        return AnswerRow(str(label), text, worth, answer, self.is_shown)

    def choices(self) -> Iterator[AnswerGroup]:
        listed, weights, worths = self.question["choices"], {}, {}
        is_multiple = self.question["kind"] == "multiple"
        for choice in listed:
            weight = fraction_of(choice["weight"])
            if choice.get("is_neutral"):
                weights[choice["id"]], worths[choice["id"]] = Fraction(1), "counts neither way"
                continue
            weights[choice["id"]] = weight
            worths[choice["id"]] = _worth(Fraction(weight > 0) if is_multiple else weight)
        found = items.choices(self.counts, weights)
        rows = [
            self.row(chr(ord("A") + place), text_of(choice["html"]), worths[choice["id"]], answer)
            for place, (choice, answer) in enumerate(zip(listed, found, strict=True))
        ]
        yield from self.group("Choices", rows)
        if is_multiple:
            letters = {str(choice["id"]): row.label for choice, row in zip(listed, rows, strict=True)}
            yield from self.whole("Ticked together", lambda key: " ".join(map(letters.get, key.split(","))))

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
        yield from self.group("What was typed", rows, self.counts.answered - sum(row.count for row in rows))

    def ordering(self) -> Iterator[AnswerGroup]:
        listed = self.question["choices"]
        texts = {str(choice["id"]): text_of(choice["html"]) for choice in listed}
        right = {str(choice["id"]): str(place) for place, choice in enumerate(listed, 1)}
        rows = []
        for place, answers in _by_first(items.parts(self.counts), list(right.values())):
            for item, answer in _some(answers, lambda item, place=place: right[item] == place):
                rows.append(self.part(rows, f"{place}. {texts[item]}", right[item] == place, answer))
        yield from self.group("Items in their places", rows)
        yield from self.whole("Orders", lambda key: " ".join(right.get(pk, "?") for pk in key.split(",")))

    def matching(self) -> Iterator[AnswerGroup]:
        choices = {str(choice["id"]): choice for choice in self.question["choices"]}
        lefts = [pk for pk, choice in choices.items() if choice["html"]]
        rows = []
        for left, answers in _by_first(items.parts(self.counts), lefts):
            text, pair = text_of(choices[left]["html"], 60), choices[left]["pair"]
            for right, answer in _some(answers, lambda right, pair=pair: choices[right]["pair"] == pair):
                given = choices[right]["pair"]
                rows.append(self.part(rows, f"{text} → {given}", given == pair, answer))
        yield from self.group("Pairs", rows)

    def part(self, rows: list[AnswerRow], text: str, is_right: bool, answer: AnswerStatistics) -> AnswerRow:
        return self.row(len(rows) + 1, text, "right" if is_right else "wrong", answer)

    def cloze(self) -> Iterator[AnswerGroup]:
        blanks = sorted({choice["blank"] for choice in self.question["choices"]})
        rows, others = [], 0
        for blank, answers in _by_first(items.parts(self.counts), [str(blank) for blank in blanks]):
            for text, answer in answers[:MOST_FILLINGS]:
                worth = _graded(self.question, {blank: text}, len(blanks))
                rows.append(self.row(len(rows) + 1, f"[[{blank}]] {text}", worth, answer))
            others += sum(answer.count for _, answer in answers[MOST_FILLINGS:])
        yield from self.group("Blanks", rows, others)


def _by_first(parts: list[AnswerStatistics], firsts: list[str]) -> Iterator[tuple[str, list]]:
    """Parts such as "left:right" by what stands first, in the order of `firsts`: (left, [(right, part), …])."""
    found = {first: [] for first in firsts}
    for part in parts:
        first, _, second = part.key.partition(":")
        found[first].append((second, part))
    yield from found.items()


def _some(answers: list[tuple[str, AnswerStatistics]], is_right) -> Iterator[tuple[str, AnswerStatistics]]:
    """What is right, and the most frequent of what is wrong."""
    wrong = 0
    for second, answer in answers:
        wrong += not is_right(second)
        if is_right(second) or wrong <= MOST_WRONG:
            yield second, answer


def _ids(key: str) -> list[int]:
    return [int(pk) for pk in key.split(",")]


def groups(question: Mapping, counts: QuestionCounts, is_shown: bool) -> list[AnswerGroup]:
    """The answers to a question of an edition's bundle, as it is graded now. `is_shown`: indices, too."""
    found = _Groups(question, counts, is_shown)
    by_kind = {
        "single": found.choices, "multiple": found.choices, "true_false": found.choices, "ordering": found.ordering,
        "matching": found.matching, "cloze": found.cloze,
    }  # fmt: skip
    return list(by_kind.get(question["kind"], found.typed)())
