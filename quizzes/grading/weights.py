"""What a weight means: percent as authors write them, as exact fractions of the one point that a question is worth."""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

# Authors write a third as 33.33333. A weight this near to a fraction with a denominator up to 20 means that fraction.
_NEAR = Fraction(1, 20_000)
_LARGEST_DENOMINATOR = 20
# Moodle's own tolerance for "the right answers add up to the whole": two decimal places.
_WHOLE = Fraction(1, 200)


# An edition repeats a handful of weights; this is most of the time that grading takes.
@lru_cache(maxsize=256)
def fraction_of(percent: Decimal | str) -> Fraction:
    """A weight in percent (−100 to 100) as an exact fraction; "33.33333" is a third, "50" a half."""
    exact = Fraction(percent) / 100
    if exact.denominator <= _LARGEST_DENOMINATOR:
        return exact
    simple = exact.limit_denominator(_LARGEST_DENOMINATOR)
    return simple if abs(exact - simple) < _NEAR else exact


def is_whole(weights: Collection[Fraction]) -> bool:
    """Whether the positive ones add up to 1, give or take the rounding that authors do (half a percent)."""
    return abs(sum((weight for weight in weights if weight > 0), Fraction()) - 1) < _WHOLE


def clamped(points: Fraction) -> Fraction:
    """min(1, max(0, points))."""
    return min(Fraction(1), max(Fraction(), points))
