"""Aiken, the plainest format: a question on a line, choices `A. …` or `A) …`, and `ANSWER: A`. All text is plain.

Source: Moodle, question/format/aiken/format.php. Here nothing is taken for HTML, and the answer may be lower case.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from string import ascii_uppercase as LETTERS

from publishing.text.parsing import normal_line_ends

from ..kinds.messages import gettext_noop as _
from .items import Item, ItemChoice, ItemFile, Text, WrongItem, one_line

KINDS_WRITTEN = ("single", "true_false")

_CHOICE = re.compile(r"[A-Z][).](.*)", re.DOTALL)
# Moodle requires capitals. In lower case the line must end after the letter, since "Answer: why?" may be a question.
_ANSWER = re.compile(r"ANSWER:\s*(?P<any>.*)|(?i:answer\s*:\s*(?P<letter>[a-z])[).]?)")


@dataclass
class _Draft:
    """A question being read, without a stem when a choice or an answer comes before any; with lines of the file."""

    line: int
    stem: str = ""
    choices: list[tuple[int, str]] = field(default_factory=list)
    answer: tuple[int, str] | None = None


def parse(text: str) -> ItemFile:
    """Never raises. Linear in the length of the text."""
    result = ItemFile()
    for draft in _drafts(text):
        try:
            result.add(_item(draft))
        except WrongItem as error:
            result.problems.append(error.problem)
    return result


def looks_like_it(text: str) -> bool:
    """Whether a line with an answer follows a choice somewhere."""
    return any(draft.answer and draft.choices for draft in _drafts(text))


def _drafts(text: str) -> Iterator[_Draft]:
    draft = None
    for number, line in enumerate(normal_line_ends(text).split("\n"), 1):
        line = line.strip()
        if len(line) < 2:
            continue
        if answer := _ANSWER.fullmatch(line):
            draft = draft or _Draft(number)
            draft.answer = number, answer["any"] or answer["letter"] or ""
            yield draft
            draft = None
        elif choice := _CHOICE.fullmatch(line):
            draft = draft or _Draft(number)
            draft.choices.append((number, choice[1].strip()))
        else:
            if draft:
                yield draft
            draft = _Draft(number, line)
    if draft:
        yield draft


def _item(draft: _Draft) -> Item:
    line, choices = draft.line, draft.choices
    if not draft.stem:
        wrong = _("A choice comes before the question. A question cannot start with a capital letter and . or ).")
        raise WrongItem(line, wrong if choices else _("An answer comes before the question."))
    if not draft.answer:
        no_choice = _("A question is one line; the next lines are its choices: A. … or A) ….")
        raise WrongItem(line, _("The question has no line “ANSWER: A”.") if choices else no_choice)
    if len(choices) < 2:
        raise WrongItem(line, _("It needs at least two choices."))
    if empty := [number for number, text in choices if not text]:
        raise WrongItem(empty[0], _("A choice is empty."))
    answer_line, answer = draft.answer
    letters = LETTERS[: len(choices)]
    right = letters.find(answer[0].upper()) if answer and answer[0].isascii() else -1
    if right < 0:
        raise WrongItem(
            answer_line, _("The answer is “%(answer)s”; it can be A to %(last)s.", answer=answer[:20], last=letters[-1])
        )
    parts = (
        ItemChoice(number, Text(text, "plain"), Decimal(100 if index == right else 0))
        for index, (number, text) in enumerate(choices)
    )
    return Item(line, "single", "", Text(draft.stem, "plain"), tuple(parts))


def write(items: Iterable[Item], header: Mapping[str, str]) -> str:
    """Normal questions without a `refusal`. Aiken has no header."""
    blocks = []
    for item in items:
        choices = list(zip(LETTERS, item.choices, strict=False))
        lines = [f"{letter}. {one_line(choice.text.source)}" for letter, choice in choices]
        right = next(letter for letter, choice in choices if choice.percent == 100)
        blocks.append("\n".join([one_line(item.stem.source), *lines, f"ANSWER: {right}"]))
    return "\n\n".join(blocks) + "\n" * bool(blocks)


def refusal(item: Item) -> str:
    """Why a question of `KINDS_WRITTEN` cannot be written; "" when it can."""
    weights = sorted(choice.percent for choice in item.choices)
    if weights[-1] != 100 or weights[-2] != 0 or weights[0] != 0:
        return _("Aiken supports only one right answer, with the other choices all wrong.")
    if len(weights) > len(LETTERS):
        return _("Aiken supports at most %(most)s choices.", most=len(LETTERS))
    stem = one_line(item.stem.source)
    if _CHOICE.fullmatch(stem) or _ANSWER.fullmatch(stem) or len(stem) < 2:
        return _("Its text would be taken for a choice or an answer.")
    return ""
