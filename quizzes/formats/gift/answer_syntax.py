"""What stands between the braces of a GIFT question. Escaped characters come as control characters."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from ...kinds.grading.numbers import ANYTHING, LONGEST, NOMINAL
from ..items import WEIGHT, ItemChoice, Text, WrongItem, number_of, weight_of
from ..moodle import ordering
from .comments import prefixed

ESCAPED = {"\\": "\x01", ":": "\x02", "#": "\x03", "=": "\x04", "{": "\x05", "}": "\x06", "~": "\x07", "n": "\x08"}
RESTORE = str.maketrans({mark: "\n" if letter == "n" else letter for letter, mark in ESCAPED.items()})
TRUE, FALSE = ("T", "TRUE"), ("F", "FALSE")
ARROW = "->"

_CHOICE_MARK, _ANSWER_MARK = re.compile("[~=]"), re.compile("=")
_WEIGHT = re.compile(f"%({WEIGHT})%")
# Meant as a weight, but not written as one: %33,3% or %+50%.
_LIKE_A_WEIGHT = re.compile(r"%\s*[+\-−]?\s*[0-9.,]+\s*%")


@dataclass(frozen=True)
class Answers:
    """The text between the braces without the general feedback. `rows` are the numbers of its lines in the file.

    `keeps_line_ends`: an answer keeps the line ends that were written around it as backslash and n.
    """

    text: str
    rows: Sequence[int]
    format: str
    keeps_line_ends: bool = False

    @property
    def line(self) -> int:
        return self.rows[0]

    def pieces(self, mark: re.Pattern) -> Iterator[tuple[int, str, str]]:
        """(line, mark, text up to the next mark); the first has mark "" where something stands before any."""
        starts = [found.start() for found in mark.finditer(self.text)]
        before = self.text[: starts[0] if starts else None]
        if before.strip():
            blank = before[: len(before) - len(before.lstrip())]
            yield self.rows[blank.count("\n")], "", before
        row, counted = 0, 0
        for start, end in zip(starts, [*starts[1:], len(self.text)], strict=False):
            row, counted = row + self.text.count("\n", counted, start), start
            yield self.rows[row], self.text[start], self.text[start + 1 : end]


def kind_of(body: str) -> str:
    """Moodle's order of deciding, on the answers without the general feedback."""
    if not body:
        return "essay"
    if body.startswith("#"):
        return "numeric"
    if body.startswith(">"):
        return "ordering"
    if "~" in body:
        return "choice"
    if "=" in body and ARROW in body:
        return "matching"
    return "true_false" if body.partition("#")[0].strip() in TRUE + FALSE else "short_answer"


def text_of(raw: str, inherited: str, *, keeps_line_ends: bool = False) -> Text | None:
    """One text with its format, by default the inherited one; None when there is nothing in it."""
    raw, inherited = prefixed(raw.strip(), inherited)
    raw = raw.strip()
    if inherited in ("moodle", "plain"):
        # Only an escaped line end breaks a line here; the others are where the author's editor wrapped.
        raw = " ".join(part.strip() for part in raw.split("\n"))
    source = raw.translate(RESTORE)
    if not source.strip():
        return None
    return Text(source if keeps_line_ends else source.strip(), inherited)


def choices(answers: Answers) -> tuple[ItemChoice, ...]:
    """Right choices after =, others after ~."""
    found = []
    for line, mark, raw in answers.pieces(_CHOICE_MARK):
        if not mark:
            raise WrongItem(line, f"“{_excerpt(raw)}” comes before the first ~ or =.")
        found.append(_choice(line, mark, raw, answers))
    return tuple(found)


def short_answers(answers: Answers) -> tuple[ItemChoice, ...]:
    """Accepted texts; the first one needs no `=`."""
    return tuple(_choice(line, "=", raw, answers) for line, _, raw in answers.pieces(_ANSWER_MARK))


def true_and_false(answers: Answers) -> tuple[ItemChoice, ItemChoice]:
    """The choices True and False, in this order. The first feedback is for the wrong answer, then the right."""
    answer, _, rest = answers.text.partition("#")
    wrong, _, right = rest.partition("#")
    is_true = answer.strip() in TRUE
    return tuple(
        ItemChoice(
            answers.line,
            Text(word, "plain"),
            is_marked_right=is_right,
            feedback=text_of(right if is_right else wrong, answers.format),
        )
        for word, is_right in (("True", is_true), ("False", not is_true))
    )


def pairs(answers: Answers) -> tuple[ItemChoice, ...]:
    """Left and right sides. The right side is plain text; an empty left side makes it one more wrong right side."""
    found = []
    for line, mark, raw in answers.pieces(_ANSWER_MARK):
        left, arrow, right = raw.partition(ARROW)
        if not mark or not arrow:
            raise WrongItem(line, f"“{_excerpt(raw)}” is no pair, which is written =left -> right.")
        right = " ".join(right.split()).translate(RESTORE).strip()
        if not right:
            raise WrongItem(line, "A pair has no right side.")
        left = text_of(left, answers.format) or Text("", answers.format)
        found.append(ItemChoice(line, left, pair=right))
    return tuple(found)


def in_order(answers: Answers) -> tuple[ItemChoice, ...]:
    """The items of an ordering question, which are written as pairs: =item -> 1."""
    found = pairs(answers)
    numbers = [choice.pair for choice in found]
    if sorted(numbers, key=lambda number: (len(number), number)) != [
        str(number) for number in range(1, len(found) + 1)
    ]:
        raise WrongItem(answers.line, f"The items to order are numbered -> 1 to -> {len(found)}, each once.")
    if not all(choice.text.source for choice in found):
        raise WrongItem(answers.line, "An item to order is empty.")
    ordered = sorted(found, key=lambda choice: int(choice.pair))
    return tuple(ItemChoice(choice.line, choice.text) for choice in ordered)


def moodle_order(answers: Answers) -> tuple[tuple[ItemChoice, ...], str, list[str]]:
    """The items, the rule and notes of an ordering as Moodle writes it: >4 ALL VERTICAL …, then one item a line."""
    head = ordering.gift_head(answers.text)
    if not head:
        raise WrongItem(
            answers.line,
            "After { and > comes a line like 4 ALL VERTICAL ABSOLUTE_POSITION SHOW none, then one item to order a "
            "line. For an accepted answer that starts with >, write =>.",
        )
    row, found = head[0].count("\n"), []
    for line, raw in zip(answers.rows[row:], answers.text[head.end() :].split("\n"), strict=False):
        text = text_of(raw, answers.format)
        if text is None and raw.strip():
            raise WrongItem(line, "An item to order is empty.")
        found += [ItemChoice(line, text)] if text else []
    rule, notes = ordering.rule_and_notes(
        answers.line, head["grading"] or "", head["select"] or "RANDOM", head["count"], len(found)
    )
    return tuple(found), rule, notes


def numbers(answers: Answers) -> tuple[ItemChoice, ...]:
    """Accepted numbers: value, value:tolerance or low..high, each with its weight; `~` or `*` is any other number."""
    # The sign that says so stands before everything else.
    before, _, text = answers.text.partition("#")
    answers = replace(answers, text=text, rows=answers.rows[before.count("\n") :])
    found = []
    for line, mark, raw in answers.pieces(_CHOICE_MARK):
        weight, raw = _weight(line, raw)
        answer, _, feedback = raw.partition("#")
        answer = answer.strip()
        if mark == "~" and answer not in ("", ANYTHING):
            raise WrongItem(line, f"After ~ stands only feedback for every other number, not “{_excerpt(answer)}”.")
        value, tolerance = (ANYTHING, "") if mark == "~" else _number_and_tolerance(line, answer)
        found.append(
            ItemChoice(
                line,
                Text(value, "plain"),
                weight,
                mark != "~",
                text_of(feedback, answers.format),
                tolerance=tolerance,
                tolerance_kind=NOMINAL,
            )
        )
    return tuple(found)


def _choice(line: int, mark: str, raw: str, answers: Answers) -> ItemChoice:
    weight, raw = _weight(line, raw)
    answer, _, feedback = raw.partition("#")
    text = text_of(answer, answers.format, keeps_line_ends=answers.keeps_line_ends)
    if text is None:
        raise WrongItem(line, "An answer is empty. In a text, write \\~ or \\= for ~ or =.")
    return ItemChoice(line, text, weight, mark == "=", text_of(feedback, answers.format))


def _weight(line: int, raw: str) -> tuple[Decimal | None, str]:
    raw = raw.strip()
    found = _WEIGHT.match(raw)
    if not found and (meant := _LIKE_A_WEIGHT.match(raw)):
        raise WrongItem(line, f"The weight {meant[0]} is not written like %50% or %33.33333%.")
    return (weight_of(line, found[1]), raw[found.end() :]) if found else (None, raw)


def _number_and_tolerance(line: int, answer: str) -> tuple[str, str]:
    """As written; a range as its middle and half its width."""
    answer = answer.translate(RESTORE)
    low, dots, high = answer.partition("..")
    if dots:
        return _middle_and_half(line, number_of(line, low), number_of(line, high))
    value, _, tolerance = answer.partition(":")
    return value.strip(), tolerance.strip()


def _middle_and_half(line: int, low: Decimal, high: Decimal) -> tuple[str, str]:
    if low > high:
        raise WrongItem(line, f"The range from {low} to {high} ends before it starts.")
    with localcontext(prec=1000):
        texts = [format(((high + way * low) / 2).normalize(), "f") for way in (1, -1)]
    if any(len(text) > LONGEST for text in texts):
        raise WrongItem(line, f"The middle of the range from {low} to {high} has more than {LONGEST} digits.")
    return texts[0], texts[1]


def _excerpt(raw: str) -> str:
    return " ".join(raw.translate(RESTORE).split())[:40]
