"""Ticked choices: four rules, each from the weights of a question and what was ticked to points from 0 to 1.

`weights` maps the id of a choice to its weight, `ticked` holds ids among them. A choice with a positive weight is
right. The rule that counts every box, ticked or not, is left out on purpose: it pays for an empty answer.
"""

from collections.abc import Collection, Mapping
from fractions import Fraction

from ..messages import gettext_noop as _
from .weights import clamped

SINGLE = "single"
RIGHT_MINUS_WRONG = "right-minus-wrong"
WEIGHTED_SUM = "weighted-sum"
ALL_OR_NOTHING = "all-or-nothing"


def right_minus_wrong(weights: Mapping[int, Fraction], ticked: Collection[int]) -> Fraction:
    """max(0, h − x) / C for h right and x wrong choices ticked, of C right ones. From 0 to 1.

    Ticking everything is worth max(0, C − W) / C with W wrong choices, ticking nothing 0. Source: H5P
    (js/multichoice.js, weights of 1) and Canvas (partial credit).
    """
    right = _right(weights)
    hits = len(right.intersection(ticked))
    return Fraction(max(0, 2 * hits - len(set(ticked))), len(right)) if right else Fraction()


def weighted_sum(weights: Mapping[int, Fraction], ticked: Collection[int]) -> Fraction:
    """min(1, max(0, Σ w)) over the weights of what was ticked, which is one choice at most in a single choice.

    From 0 to 1. Source: Moodle, question/type/multichoice; a negative weight of its one-answer form counts as 0 here.
    """
    return clamped(sum((weights[choice] for choice in set(ticked)), Fraction()))


def all_or_nothing(weights: Mapping[int, Fraction], ticked: Collection[int]) -> Fraction:
    """1 when exactly the right choices are ticked (h = C and x = 0), otherwise 0.

    Source: the exact mode of RELATE; Frappe, LearnPress and Tutor have nothing else.
    """
    right = _right(weights)
    return Fraction(bool(right) and set(ticked) == right)


RULES = {
    SINGLE: weighted_sum,
    RIGHT_MINUS_WRONG: right_minus_wrong,
    WEIGHTED_SUM: weighted_sum,
    ALL_OR_NOTHING: all_or_nothing,
}


# For those who choose one.
WORDS = {
    SINGLE: _("The weight of the choice"),
    RIGHT_MINUS_WRONG: _("Right minus wrong"),
    WEIGHTED_SUM: _("The sum of the weights"),
    ALL_OR_NOTHING: _("All or nothing"),
}


def derived_rule(weights: Collection[Fraction]) -> str:
    """The rule that the author of a multiple response meant by these weights.

    Several choices with equal shares for the C right ones, and for the wrong ones either nothing or a share off each,
    are the author saying "right" and "wrong": right minus wrong. Any other weights are meant as written.
    """
    right, wrong = [weight for weight in weights if weight > 0], {weight for weight in weights if weight <= 0}
    share = Fraction(1, len(right)) if right else Fraction()
    is_plain = set(right) <= {share} and (wrong <= {0} or wrong <= {-share})
    return RIGHT_MINUS_WRONG if is_plain else WEIGHTED_SUM


def counted(weights: Mapping[int, Fraction], neutral: Collection[int], rule: str) -> dict[int, Fraction]:
    """The weights of the choices that count, once a correction has made the `neutral` ones count neither way.

    Where the weights are added up, the right ones that are left share what the neutral ones were worth, each in
    proportion, so that the whole point can still be reached: each is multiplied by Σ before / Σ after.
    """
    kept = {choice: weight for choice, weight in weights.items() if choice not in neutral}
    before, after = (sum((w for w in some.values() if w > 0), Fraction()) for some in (weights, kept))
    if rule != WEIGHTED_SUM or before == after or not after:
        return kept
    return {choice: weight * before / after if weight > 0 else weight for choice, weight in kept.items()}


def _right(weights: Mapping[int, Fraction]) -> set[int]:
    return {choice for choice, weight in weights.items() if weight > 0}
