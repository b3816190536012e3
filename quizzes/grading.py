"""What an answer is worth: pure functions over plain data, exact to the last third.

Nothing here knows the database, and no number is a float. A question is worth one point; every rule gives a fraction
of it, from 0 to 1. Which rule a question is graded by is frozen with the edition (`rule_for`), so that a past result
means the same for ever.

Sources. The weighted sum is what Moodle computes for a multiple-choice question (question/type/multichoice), and a
single choice is its one-answer form. Right minus wrong is what H5P (js/multichoice.js, weights of 1) and Canvas
(partial credit) do. The rule that counts every box, ticked or not, is left out on purpose: it pays for an empty answer.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

SINGLE = "single"
RIGHT_MINUS_WRONG = "right-minus-wrong"
WEIGHTED_SUM = "weighted-sum"

# Authors write a third as 33.33333. A weight this near to a fraction with a denominator up to 20 means that fraction.
_NEAR = Fraction(1, 20_000)
_LARGEST_DENOMINATOR = 20
# Moodle's own tolerance for "the right answers add up to the whole": two decimal places.
_WHOLE = Fraction(1, 200)


class Mark(NamedTuple):
    """What one question earned: `points` from 0 to 1, and whether anything was chosen."""

    question: int
    points: Fraction
    is_answered: bool


def fraction_of(percent: Decimal | str) -> Fraction:
    """A weight in percent (−100 to 100) as an exact fraction; "33.33333" is a third, "50" a half."""
    exact = Fraction(percent) / 100
    simple = exact.limit_denominator(_LARGEST_DENOMINATOR)
    return simple if abs(exact - simple) < _NEAR else exact


def is_whole(weights: Collection[Fraction]) -> bool:
    """Whether the positive ones add up to 1, give or take the rounding that authors do (half a percent)."""
    return abs(sum((weight for weight in weights if weight > 0), Fraction()) - 1) < _WHOLE


def rule_for(kind: str, weights: Collection[Fraction]) -> str:
    """The rule for a question of `kind` ("single", "true_false", "multiple") with these weights.

    Several choices with equal shares for the C right ones, and for the wrong ones either nothing or a share off each,
    are the author saying "right" and "wrong": right minus wrong. Any other weights are meant as written.
    """
    if kind != "multiple":
        return SINGLE
    right = [weight for weight in weights if weight > 0]
    wrong = [weight for weight in weights if weight <= 0]
    share = Fraction(1, len(right)) if right else Fraction()
    is_plain = all(weight == share for weight in right) and (
        all(weight == 0 for weight in wrong) or all(weight == -share for weight in wrong)
    )
    return RIGHT_MINUS_WRONG if is_plain else WEIGHTED_SUM


def _clamped(points: Fraction) -> Fraction:
    return min(Fraction(1), max(Fraction(), points))


def single(weights: Mapping[int, Fraction], chosen: Collection[int]) -> Fraction:
    """min(1, max(0, w)) for the weight w of the choice; 0 without one. From 0 to 1."""
    return _clamped(sum((weights[choice] for choice in chosen), Fraction()))


def right_minus_wrong(weights: Mapping[int, Fraction], chosen: Collection[int]) -> Fraction:
    """max(0, h − x) / C for h right and x wrong choices ticked, of C right ones. From 0 to 1.

    Ticking everything is worth max(0, C − W) / C with W wrong choices, ticking nothing 0.
    """
    right = {choice for choice, weight in weights.items() if weight > 0}
    hits = len(right.intersection(chosen))
    return Fraction(max(0, 2 * hits - len(set(chosen))), len(right)) if right else Fraction()


def weighted_sum(weights: Mapping[int, Fraction], chosen: Collection[int]) -> Fraction:
    """min(1, max(0, Σ w)) over the weights of what was ticked. From 0 to 1."""
    return _clamped(sum((weights[choice] for choice in set(chosen)), Fraction()))


_RULES = {SINGLE: single, RIGHT_MINUS_WRONG: right_minus_wrong, WEIGHTED_SUM: weighted_sum}


def grade(question: Mapping, chosen: Collection[int]) -> Fraction:
    """The points, from 0 to 1, for choosing the choices with these ids.

    `question` is one of an edition's: {"rule": str, "choices": [{"id": int, "weight": percent as text}, …]}. Raises
    KeyError for a choice that the question does not have.
    """
    weights = {choice["id"]: fraction_of(choice["weight"]) for choice in question["choices"]}
    return _RULES[question["rule"]](weights, chosen) if chosen else Fraction()


def grade_paper(questions: Collection[Mapping], answers: Mapping[int, Collection[int]]) -> list[Mark]:
    """A mark for each question, in their order. `answers` maps ids of questions to ids of choices; none: unanswered."""
    return [
        Mark(question["id"], grade(question, answers.get(question["id"], ())), bool(answers.get(question["id"])))
        for question in questions
    ]
