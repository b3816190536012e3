"""What a weight means: percent as authors write them, as exact fractions of the one point that a question is worth."""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

# Authors write a third as 33.33333. A weight this near to a fraction with a denominator up to 20 means that fraction.
_NEAR = Fraction(1, 20_000)
_LARGEST_DENOMINATOR = 20


# An edition repeats a handful of weights; this is most of the time that grading takes.
@lru_cache(maxsize=256)
def fraction_of(percent: Decimal | str) -> Fraction:
    """A weight in percent (−100 to 100) as an exact fraction; "33.33333" is a third, "50" a half, "147/25" 5.88 %."""
    exact = Fraction(percent) / 100
    if exact.denominator <= _LARGEST_DENOMINATOR or "/" in str(percent):
        return exact
    simple = exact.limit_denominator(_LARGEST_DENOMINATOR)
    return simple if abs(exact - simple) < _NEAR else exact


def fractions_of(percents: Collection[Decimal]) -> list[Fraction]:
    """The weights of one question. Those that add up to 100 only as they are written, are taken as they are written."""
    simple, exact = [fraction_of(percent) for percent in percents], [Fraction(percent) / 100 for percent in percents]
    return exact if is_whole(exact) and not is_whole(simple) else simple


def is_whole(weights: Collection[Fraction]) -> bool:
    """Whether the positive ones add up to exactly 1, so that who ticks all of them gets the whole point."""
    return sum((weight for weight in weights if weight > 0), Fraction()) == 1


def clamped(points: Fraction) -> Fraction:
    """min(1, max(0, points))."""
    return min(Fraction(1), max(Fraction(), points))
