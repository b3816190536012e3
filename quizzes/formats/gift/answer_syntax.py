"""The part of a GIFT question between braces, in which escaped characters are control characters."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import NamedTuple

from ...kinds.grading.numbers import ANYTHING, LONGEST, NOMINAL, NumberProblem, plain_number
from ...kinds.messages import gettext_noop as _
from ..items import WEIGHT, ItemChoice, Text, WrongItem, weight_of
from ..moodle import ordering
from .comments import prefixed

ESCAPED = {"\\": "\x01", ":": "\x02", "#": "\x03", "=": "\x04", "{": "\x05", "}": "\x06", "~": "\x07", "n": "\x08"}
RESTORE = str.maketrans({mark: "\n" if letter == "n" else letter for letter, mark in ESCAPED.items()})
TRUE, FALSE = ("T", "TRUE"), ("F", "FALSE")
ARROW = "->"

_CHOICE_MARK, _ANSWER_MARK = re.compile("([~=])"), re.compile("(=)")
_WEIGHT = re.compile(f"%({WEIGHT})%")
# Meant as a weight, but not written as one: %33,3% or %+50%.
_LIKE_A_WEIGHT = re.compile(r"%\s*[+\-−]?\s*[0-9.,]+\s*%")


class Answers(NamedTuple):
    """The text between the braces without the general feedback. `rows` are the numbers of its lines in the file."""

    text: str
    rows: Sequence[int]
    format: str

    @property
    def line(self) -> int:
        return self.rows[0]

    def pieces(self, mark: re.Pattern) -> Iterator[tuple[int, str, str]]:
        """(line, mark, text up to the next mark); text before any mark has the mark ""."""
        before, *rest = mark.split(self.text)
        if before.strip():
            blank = before[: len(before) - len(before.lstrip())]
            yield self.rows[blank.count("\n")], "", before
        row = before.count("\n")
        for sign, text in zip(rest[::2], rest[1::2], strict=True):
            yield self.rows[row], sign, text
            row += text.count("\n")


def kind_of(body: str) -> str:
    """In Moodle's order, for the answers without the general feedback."""
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


def text_of(raw: str, inherited: str) -> Text | None:
    """A text with its format, by default the inherited one; None if it is empty.

    Line ends that are written as backslash and n stay, also around it.
    """
    raw, inherited = prefixed(raw.strip(), inherited)
    raw = raw.strip()
    if inherited in ("moodle", "plain"):
        # Only an escaped line end breaks a line here; the others are where the author's editor wrapped.
        raw = " ".join(part.strip() for part in raw.split("\n"))
    source = raw.translate(RESTORE)
    return Text(source, inherited) if source.strip() else None


def choices(answers: Answers) -> Iterator[ItemChoice]:
    """Right choices after =, others after ~."""
    for line, mark, raw in answers.pieces(_CHOICE_MARK):
        if not mark:
            raise WrongItem(line, _("“%(text)s” comes before the first ~ or =.", text=_excerpt(raw)))
        yield _choice(line, mark, raw, answers)


def short_answers(answers: Answers) -> Iterator[ItemChoice]:
    """Accepted texts; the first one needs no `=`."""
    return (_choice(line, "=", raw, answers) for line, _sign, raw in answers.pieces(_ANSWER_MARK))


def true_and_false(answers: Answers) -> Iterator[ItemChoice]:
    """The choices True and False, in this order. The first feedback is for the wrong answer, then the right."""
    answer, _sign, feedback = answers.text.partition("#")
    wrong, _sign, right = feedback.partition("#")
    for word, words in (("True", TRUE), ("False", FALSE)):
        is_right = answer.strip() in words
        feedback = text_of(right if is_right else wrong, answers.format)
        yield ItemChoice(answers.line, Text(word, "plain"), Decimal(100 if is_right else 0), feedback)


def pairs(answers: Answers) -> Iterator[ItemChoice]:
    """Left and right sides. The right side is plain text; an empty left side makes it one more wrong right side."""
    for line, mark, raw in answers.pieces(_ANSWER_MARK):
        left, arrow, right = raw.partition(ARROW)
        if not mark or not arrow:
            raise WrongItem(line, _("“%(text)s” is not a pair; write =left -> right.", text=_excerpt(raw)))
        right = " ".join(right.split()).translate(RESTORE).strip()
        if not right:
            raise WrongItem(line, _("A pair has no right side."))
        left = text_of(left, answers.format) or Text("", answers.format)
        yield ItemChoice(line, left, pair=right)


def in_order(answers: Answers) -> Iterator[ItemChoice]:
    """The items of an ordering question, which are written as pairs: =item -> 1."""
    found = {choice.pair: choice for choice in pairs(answers)}
    count = answers.text.count("=")
    for number in range(1, count + 1):
        if str(number) not in found:
            raise WrongItem(
                answers.line, _("The items to order are numbered -> 1 to -> %(count)s, each once.", count=count)
            )
        choice = found[str(number)]
        if not choice.text.source:
            raise WrongItem(choice.line, _("An item to order is empty."))
        yield ItemChoice(choice.line, choice.text)


def moodle_order(answers: Answers) -> tuple[list[ItemChoice], str, list[str]]:
    """The items, the rule and notes of an ordering as Moodle writes it: >4 ALL VERTICAL …, then one item a line."""
    head = ordering.GIFT_HEAD.match(answers.text)
    if not head:
        raise WrongItem(
            answers.line,
            _(
                "After { and >, write a line like 4 ALL VERTICAL ABSOLUTE_POSITION SHOW none, then one item to order a "
                "line. For an accepted answer that starts with >, write =>."
            ),
        )
    row, found = head[0].count("\n"), []
    for line, raw in zip(answers.rows[row:], answers.text[head.end() :].split("\n"), strict=False):
        text = text_of(raw, answers.format)
        if text is None and raw.strip():
            raise WrongItem(line, _("An item to order is empty."))
        found += [ItemChoice(line, text)] if text else []
    select, grading = head["select"] or "RANDOM", head["grading"] or ""
    return found, *ordering.rule_and_notes(answers.line, grading, select, head["count"], len(found))


def numbers(answers: Answers) -> Iterator[ItemChoice]:
    """Accepted numbers: value, value:tolerance or low..high, each with its weight; `~` or `*` is any other number."""
    # The # that marks a numeric question comes before everything else.
    before, _sign, text = answers.text.partition("#")
    answers = answers._replace(text=text, rows=answers.rows[before.count("\n") :])
    for line, mark, raw in answers.pieces(_CHOICE_MARK):
        weight, answer, feedback = _parts(line, mark, raw, answers)
        if mark == "~" and answer not in ("", ANYTHING):
            raise WrongItem(
                line, _("After ~ comes only feedback for every other number, not “%(text)s”.", text=_excerpt(answer))
            )
        value, tolerance = (ANYTHING, "") if mark == "~" else _number_and_tolerance(line, answer)
        choice = ItemChoice(line, Text(value, "plain"), weight, feedback)
        yield replace(choice, tolerance=tolerance, tolerance_kind=NOMINAL)


def _choice(line: int, mark: str, raw: str, answers: Answers) -> ItemChoice:
    weight, answer, feedback = _parts(line, mark, raw, answers)
    text = text_of(answer, answers.format)
    if text is None:
        raise WrongItem(line, _("An answer is empty. In a text, write \\~ or \\= for ~ or =."))
    return ItemChoice(line, text, weight, feedback)


def _parts(line: int, mark: str, raw: str, answers: Answers) -> tuple[Decimal, str, Text | None]:
    """`%weight%answer#feedback`; without a weight, all or nothing by the mark."""
    answer, _sign, feedback = raw.partition("#")
    answer, weight = answer.strip(), Decimal(0 if mark == "~" else 100)
    if found := _WEIGHT.match(answer):
        weight, answer = weight_of(line, found[1]), answer[found.end() :].strip()
    elif meant := _LIKE_A_WEIGHT.match(answer):
        raise WrongItem(line, _("The weight %(weight)s is not written like %%50%% or %%33.33333%%.", weight=meant[0]))
    return weight, answer, text_of(feedback, answers.format)


def _number_and_tolerance(line: int, answer: str) -> tuple[str, str]:
    """As written; a range as its middle and half its width."""
    answer = answer.translate(RESTORE)
    if ".." not in answer:
        value, _sign, tolerance = answer.partition(":")
        return value.strip(), tolerance.strip()
    try:
        # Any number that can be read has a finite decimal form.
        low, high = (Decimal(plain_number(end)) for end in answer.split("..", 1))
    except NumberProblem as error:
        raise WrongItem(line, error.args[0]) from error
    if low > high:
        raise WrongItem(line, _("The range from %(low)s to %(high)s ends before it starts.", low=low, high=high))
    with localcontext(prec=1000):
        middle, half = (format((number / 2).normalize(), "f") for number in (high + low, high - low))
    if max(len(middle), len(half)) > LONGEST:
        raise WrongItem(
            line,
            _(
                "The middle of the range from %(low)s to %(high)s has more than %(most)s digits.",
                low=low,
                high=high,
                most=LONGEST,
            ),
        )
    return middle, half


def _excerpt(raw: str) -> str:
    return " ".join(raw.translate(RESTORE).split())[:40]
