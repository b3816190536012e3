"""What the kinds of questions have in common when they grade an answer: its shape, and what it earned."""

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

from .weights import clamped, fraction_of

Answer = str | Collection[int] | Mapping[str | int, int | str] | None
NOTHING = frozenset()


class Graded(NamedTuple):
    """`points` from 0 to 1, and the ids of the choices that the answer `matched`, whose feedback the reader is shown.

    These are the ticked choices; the accepted variant that fits, for a cloze one for each blank; the left sides that
    were paired rightly; the items in their own place.
    """

    points: Fraction
    matched: frozenset[int] = NOTHING


class Mark(NamedTuple):
    """What one question earned: `points` from 0 to 1, whether it was answered, and what the answer `matched`."""

    question: int
    points: Fraction
    is_answered: bool
    matched: frozenset[int] = NOTHING

    @property
    def state(self) -> str:
        """ "right" (the whole point), "partly", "wrong" or "unanswered"."""
        if not self.is_answered:
            return "unanswered"
        if self.points == 1:
            return "right"
        return "partly" if self.points > 0 else "wrong"


def is_answer(answer: Answer) -> bool:
    """Whether anything was answered: not None, nothing empty, no blank text, and not a mapping of blank texts only."""
    if isinstance(answer, str):
        return bool(answer.strip())
    if isinstance(answer, Mapping):
        return any(is_answer(part) if isinstance(part, str) else part is not None for part in answer.values())
    return bool(answer)


def first_that_fits(variants: Collection[Mapping], fits: Callable[[Mapping], bool]) -> Graded:
    """The weight of the first accepted variant that fits, from 0 to 1."""
    for choice in variants:
        if fits(choice):
            return Graded(clamped(fraction_of(choice["weight"])), frozenset([choice["id"]]))
    return Graded(Fraction())


def ids(answer: Answer, known: Mapping[int, object]) -> list[int]:
    """The answer as a list of different ids. Raises ValueError for another shape, KeyError for an unknown id."""
    if isinstance(answer, str | Mapping) or not isinstance(answer, Collection):
        raise ValueError("The answer is a list of choices.")
    if not all(type(choice) is int for choice in answer):
        raise ValueError("A choice is named by its id.")
    if len(set(answer)) != len(answer):
        raise ValueError("A choice is repeated in the answer.")
    if unknown := set(answer) - set(known):
        raise KeyError(*unknown)
    return list(answer)


def parts(answer: Answer) -> list[tuple[str | int, int | str]]:
    """The answer as pairs. Raises ValueError for another shape."""
    if not isinstance(answer, Mapping):
        raise ValueError("The answer is a mapping.")
    if len({str(part) for part in answer}) != len(answer):
        raise ValueError("A part of the question is repeated in the answer.")
    return list(answer.items())


def text(answer: object) -> str:
    """The answer as a text. Raises ValueError for another shape."""
    if not isinstance(answer, str):
        raise ValueError("The answer is a text.")
    return answer
