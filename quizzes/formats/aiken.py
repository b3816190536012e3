"""Aiken, the plainest format: a question on a line, choices `A. …` or `A) …`, and `ANSWER: A`. All text is plain.

The rules are those of Moodle's own reader (question/format/aiken/format.php), except that nothing is taken for HTML
and that the answer may be in small letters.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from publishing.text.parsing import normal_line_ends

from .items import Item, ItemChoice, ItemFile, Problem, Text, WrongItem, normal, one_line, what_is_missing

MAX_CHOICES = 26

_CHOICE = re.compile(r"[A-Z][).](.*)", re.DOTALL)
# Moodle asks for capitals; in other letters only a line with nothing but a letter is one, not "Answer: why?".
_ANSWER = re.compile(r"ANSWER:\s*(?P<any>.*)|(?i:answer\s*:\s*(?P<letter>[a-z])[).]?)")


class Written(NamedTuple):
    """A file, and what of the questions it does not hold. The line of a problem is the number of the question."""

    text: str
    left_out: list[Problem]


@dataclass
class _Draft:
    """A question being read. Without a stem it holds choices that stand before any."""

    line: int
    stem: str = ""
    choices: list[tuple[int, str]] = field(default_factory=list)


def parse(text: str) -> ItemFile:
    """Read a whole file, of any line ends. Never raises; linear in the length of the text."""
    result, draft = ItemFile(), None
    for number, line in enumerate(normal_line_ends(text).split("\n"), 1):
        line = line.strip()
        if len(line) < 2:
            continue
        try:
            if answer := _ANSWER.fullmatch(line):
                finished, draft = draft, None
                result.items.append(_finished(finished, number, answer["any"] or answer["letter"] or ""))
            elif choice := _CHOICE.fullmatch(line):
                draft = draft or _Draft(number)
                draft.choices.append((number, choice[1].strip()))
            else:
                unfinished, draft = draft, _Draft(number, line)
                _complain(unfinished)
        except WrongItem as error:
            result.problems.append(Problem(error.line, error.message))
    try:
        _complain(draft)
    except WrongItem as error:
        result.problems.append(Problem(error.line, error.message))
    return result


def looks_like_it(text: str) -> bool:
    """Whether a line with an answer follows a choice somewhere."""
    before = ""
    for line in normal_line_ends(text).split("\n"):
        line = line.strip()
        if _ANSWER.fullmatch(line) and _CHOICE.fullmatch(before):
            return True
        before = line if len(line) > 1 else before
    return False


def _complain(draft: _Draft | None) -> None:
    """Raises WrongItem for a question without an answer."""
    if draft is None:
        return
    if not draft.stem:
        raise WrongItem(draft.line, _before_question())
    if not draft.choices:
        raise WrongItem(draft.line, "After a question, which is one line, come its choices: A. … or A) ….")
    raise WrongItem(draft.line, "The question has no line “ANSWER: A”.")


def _before_question() -> str:
    return "A choice stands before the question. A question cannot start with a capital letter and . or )."


def _finished(draft: _Draft | None, line: int, answer: str) -> Item:
    if draft is None:
        raise WrongItem(line, "An answer stands before the question.")
    if not draft.stem:
        raise WrongItem(draft.line, _before_question())
    if len(draft.choices) < 2:
        there_is = "only one choice" if draft.choices else "no choice"
        raise WrongItem(draft.line, f"There is {there_is}; at least two are needed.")
    if empty := [number for number, text in draft.choices if not text]:
        raise WrongItem(empty[0], "A choice is empty.")
    right = ord(answer[0].upper()) - ord("A") if answer and answer[0].isascii() else -1
    if not 0 <= right < len(draft.choices):
        last = chr(ord("A") + min(len(draft.choices), MAX_CHOICES) - 1)
        raise WrongItem(line, f"The answer is “{answer[:20]}”; it can be A to {last}.")
    choices = tuple(
        ItemChoice(number, Text(text, "plain"), is_marked_right=index == right)
        for index, (number, text) in enumerate(draft.choices)
    )
    return Item(draft.line, "single", "", Text(draft.stem, "plain"), choices)


def write(items: Iterable[Item]) -> Written:
    """Single choice questions with one right answer and at most 26 choices; the others are in `left_out`."""
    blocks, left_out = [], []
    for number, item in enumerate(map(normal, items), 1):
        if reason := _why_not(item):
            left_out.append(Problem(number, reason))
        else:
            blocks.append(_block(item))
    return Written("\n\n".join(blocks) + "\n" * bool(blocks), left_out)


def _block(item: Item) -> str:
    letters = [chr(ord("A") + index) for index in range(len(item.choices))]
    lines = [one_line(item.stem.source)]
    lines += [f"{letter}. {one_line(choice.text.source)}" for letter, choice in zip(letters, item.choices, strict=True)]
    right = next(letter for letter, choice in zip(letters, item.choices, strict=True) if choice.percent == 100)
    return "\n".join([*lines, f"ANSWER: {right}"])


def _why_not(item: Item) -> str:
    if item.kind not in ("single", "true_false"):
        return "Aiken holds single choice only."
    if missing := what_is_missing(item):
        return missing
    weights = sorted(choice.percent for choice in item.choices)
    if weights[-1] != 100 or weights[-2] != 0 or weights[0] != 0:
        return "Aiken holds one right answer only, and the others all wrong."
    if len(item.choices) > MAX_CHOICES:
        return f"Aiken holds at most {MAX_CHOICES} choices."
    stem = one_line(item.stem.source)
    if _CHOICE.fullmatch(stem) or _ANSWER.fullmatch(stem) or len(stem) < 2:
        return "Its text would be taken for a choice or an answer."
    return ""
