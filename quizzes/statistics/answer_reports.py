"""The answers to each question for the statistics page, from their counts. Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from ..kinds import grade
from ..kinds.base import Rules
from ..kinds.base_forms import text_of
from ..kinds.forms import FORMS
from ..kinds.grading.weights import fraction_of
from ..kinds.words import translated
from . import charts, items
from .counting import KEY_LENGTH, QuestionCounts
from .items import AnswerStatistics

# Rows of typed answers, of orders, of one blank's answers, and of wrong ones for one place or left side.
MOST_TYPED, MOST_ORDERS, MOST_FILLINGS, MOST_WRONG = 12, 6, 6, 2


WORTH = {
    "right": pgettext_lazy("answer", "right"),
    "partly right": pgettext_lazy("answer", "partly right"),
    "wrong": pgettext_lazy("answer", "wrong"),
    "not counted": pgettext_lazy("answer", "not counted"),
}


def figure(value: float | None, digits: int = 2, unit: str = "") -> str:
    """A figure as it is shown, with a real minus sign and the decimal sign of the language; "–" for None."""
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    return number_format(text.lstrip("-") if not float(text) else text.replace("-", "−")) + unit


class AnswerRow(NamedTuple):
    """One answer: its short `label` in the chart, the answer as `text`, and what it is `worth`, of `WORTH`."""

    label: str
    text: str
    worth: str
    answer: AnswerStatistics
    share: str
    point_biserial: str

    @property
    def worth_name(self) -> str:
        return WORTH.get(self.worth, "")

    @property
    def bar(self) -> tuple[str, int, float, str]:
        """The row for `charts.answers`."""
        sign, mark = (" ✓", "right") if self.worth == "right" else ("", "")
        if self.answer.attracts_strong:
            sign, mark = " !", "strong"
        return self.label + sign, self.answer.count, self.answer.share, mark


class AnswerGroup(NamedTuple):
    """Answers that are compared with each other, with their chart. `others`: readers who gave other answers."""

    title: str
    rows: list[AnswerRow]
    chart: charts.BarChart
    others: int = 0


def _worth(points: Fraction) -> str:
    return "right" if points == 1 else "partly right" if points > 0 else "wrong"


def _graded(question: Mapping, answer, maximum: int = 1) -> str:
    """What an answer is worth; "" for one that cannot be graded, such as a cut text."""
    try:
        return _worth(grade(question, answer).points * maximum)
    except (KeyError, ValueError):
        return ""


class _Groups:
    """The groups of one question of a bundle, corrected. Each kind says which it has."""

    def __init__(self, question: Mapping, counts: QuestionCounts, is_shown: bool):
        self.question, self.counts, self.is_shown = question, counts, is_shown

    def _group(self, title: str, rows: list[AnswerRow], others: int = 0) -> Iterator[AnswerGroup]:
        """One group; none without answers."""
        if rows:
            name = f"answers-{self.question['id']}-{re.sub(r'[^a-z0-9]+', '-', title.lower())}"
            yield AnswerGroup(title, rows, charts.answers([row.bar for row in rows], name), others)

    def _row(self, label, text: str, worth: str, answer: AnswerStatistics) -> AnswerRow:
        point_biserial = answer.point_biserial if self.is_shown else None
        share = figure(100 * answer.share, 0, " %")
        return AnswerRow(str(label), text, worth, answer, share, figure(point_biserial))

    def choices(self, rules: Rules) -> Iterator[AnswerGroup]:
        choices, weights, worths = self.question["choices"], {}, []
        for choice in choices:
            weight = fraction_of(choice["weight"])
            if choice.get("is_neutral"):
                weight, worth = Fraction(1), "not counted"
            else:
                worth = "right" if rules.is_right(weight) else _worth(weight)
            weights[choice["id"]] = weight
            worths.append(worth)
        answers = items.choices(self.counts, weights)
        named = {text: translated(text) for text in rules.fixed_texts}
        rows = [
            self._row(chr(ord("A") + place), named.get(text := text_of(choice["html"]), text), worth, answer)
            for place, (choice, worth, answer) in enumerate(zip(choices, worths, answers, strict=True))
        ]
        yield from self._group(_("Choices"), rows)

    def whole(self, title: str, words: Callable[[str], str], worth=None, most: int = MOST_ORDERS):
        """The most frequent whole answers. `words` makes text of a key such as "3,7", `worth` says what it is worth."""
        worth = worth or (lambda key: _graded(self.question, [int(pk) for pk in key.split(",")]))
        answers = items.answers(self.counts, self.counts.responses)[:most]
        rows = [self._row(n, words(each.key), worth(each.key), each) for n, each in enumerate(answers, 1)]
        return self._group(title, rows, self.counts.answered - sum(row.answer.count for row in rows))

    def typed(self) -> Iterator[AnswerGroup]:
        def worth(text):
            return "" if len(text) == KEY_LENGTH else _graded(self.question, text)

        return self.whole(_("Typed answers"), str, worth, MOST_TYPED)

    def parts(
        self,
        title: str,
        firsts: Iterable[str],
        words: Callable[[str, str], str],
        is_right: Callable[[str, str], bool],
    ) -> Iterator[AnswerGroup]:
        """Parts such as "left:right": for each left side the right part, and the most frequent wrong ones."""
        rows = []
        for first, answers in self._by_first(firsts):
            wrong = 0
            for second, answer in answers:
                worth = "right" if is_right(first, second) else "wrong"
                wrong += worth == "wrong"
                if worth == "right" or wrong <= MOST_WRONG:
                    rows.append(self._row(len(rows) + 1, words(first, second), worth, answer))
        return self._group(title, rows)

    def blanks(self, blanks: Collection[int]) -> Iterator[AnswerGroup]:
        rows, others = [], 0
        for blank, answers in self._by_first(blanks):
            for text, answer in answers[:MOST_FILLINGS]:
                worth = _graded(self.question, {blank: text}, len(blanks))
                rows.append(self._row(len(rows) + 1, f"[[{blank}]] {text}", worth, answer))
            others += sum(answer.count for _text, answer in answers[MOST_FILLINGS:])
        return self._group(_("Blanks"), rows, others)

    def _by_first(self, firsts: Iterable) -> Iterable[tuple[str, list]]:
        """Parts such as "left:right" by their left side, in the order of `firsts`: (left, [(right, part), …])."""
        parts = {str(first): [] for first in firsts}
        for part in items.answers(self.counts, self.counts.parts):
            first, _colon, second = part.key.partition(":")
            parts[first].append((second, part))
        return parts.items()


def groups(question: Mapping, counts: QuestionCounts, is_shown: bool) -> list[AnswerGroup]:
    """The answers to a question of a bundle, corrected. `is_shown`: with indices."""
    return list(FORMS[question["kind"]].answer_groups(question, _Groups(question, counts, is_shown)))
