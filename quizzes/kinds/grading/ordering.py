"""Items put in order: the nine rules that Moodle has, each from a reader's order to points from 0 to 1.

Every rule takes `places`: for each item, in the reader's order, its place in the right order. It is a permutation of
0 … n − 1 with n ≥ 2, and the right order is 0, 1, …, n − 1. Every rule gives that one 1, and nothing less than 0.

Source of all nine: Moodle, question/type/ordering/question.php (the gradings −1 to 7), written here as closed forms.
"""

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from ..messages import gettext_noop as _


def all_or_nothing(places: Sequence[int]) -> Fraction:
    """1 when every item is in its place, otherwise 0. Moodle's grading −1."""
    return Fraction(absolute_position(places) == 1)


def absolute_position(places: Sequence[int]) -> Fraction:
    """#{items in their own place} / n, from 0 to 1; n − 1 of them cannot be. Moodle's grading 0."""
    return Fraction(sum(place == position for position, place in enumerate(places)), len(places))


def next_exclude_last(places: Sequence[int]) -> Fraction:
    """#{items followed at once by the one that should follow} / (n − 1), from 0 to 1. Moodle's grading 1."""
    return Fraction(_followed(places), len(places) - 1)


def next_include_last(places: Sequence[int]) -> Fraction:
    """As `next_exclude_last`, and the last item counts when it is last; / n, from 0 to 1. Moodle's grading 2."""
    return Fraction(_followed(places) + _is_last_right(places), len(places))


def previous_and_next(places: Sequence[int]) -> Fraction:
    """(#{items with the right one just before} + #{… just after}) / 2n, from 0 to 1. Moodle's grading 3.

    To have nothing before it is right for the first item, to have nothing after it for the last one.
    """
    ends = (places[0] == 0) + _is_last_right(places)
    return Fraction(2 * _followed(places) + ends, 2 * len(places))


def all_previous_and_next(places: Sequence[int]) -> Fraction:
    """#{pairs of items in the right order} / (n(n − 1)/2), from 0 (reversed) to 1. Moodle's grading 4.

    This is (1 + Kendall's τ) / 2. Time: n².
    """
    pairs = len(places) * (len(places) - 1) // 2
    return Fraction(sum(first < second for first, second in combinations(places, 2)), pairs)


def longest_ordered_subset(places: Sequence[int]) -> Fraction:
    """L / n for the length L of the longest increasing subsequence, 0 when L is 1. From 0 to 1. Moodle's grading 5."""
    tails: list[int] = []  # tails[k] is the smallest end of an increasing subsequence of length k + 1
    for place in places:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return _share(len(tails), places)


def longest_contiguous_subset(places: Sequence[int]) -> Fraction:
    """R / n for the longest run of R items that belong one after the other and come in that order, 0 when R is 1.

    Others may stand between them. From 0 to 1. Moodle's grading 6.
    """
    longest = run = 1
    # For each item of the right order, its position in the reader's.
    positions = sorted(range(len(places)), key=places.__getitem__)
    for before, after in pairwise(positions):
        run = run + 1 if before < after else 1
        longest = max(longest, run)
    return _share(longest, places)


def relative_to_correct(places: Sequence[int]) -> Fraction:
    """Σ (n − 1 − d) / n(n − 1) with d the distance of an item from its place. From 0 to 1. Moodle's grading 7.

    A full reversal still earns about a half: 2/5 of five items.
    """
    furthest = len(places) - 1
    near = sum(furthest - abs(place - position) for position, place in enumerate(places))
    return Fraction(near, len(places) * furthest)


DEFAULT_RULE = "all-previous-and-next"
# In the order of Moodle's numbers, which start at -1, with the words for those who choose one.
_RULES = {
    "all-or-nothing": (all_or_nothing, _("All or nothing")),
    "absolute-position": (absolute_position, _("Each item in its place")),
    "next-exclude-last": (next_exclude_last, _("Each item before its next")),
    "next-include-last": (next_include_last, _("Each item before its next, and the last one last")),
    "previous-and-next": (previous_and_next, _("Each item between its neighbours")),
    DEFAULT_RULE: (all_previous_and_next, _("Each pair in the right order")),
    "longest-ordered-subset": (longest_ordered_subset, _("The longest row in the right order")),
    "longest-contiguous-subset": (longest_contiguous_subset, _("The longest row of neighbours")),
    "relative-to-correct": (relative_to_correct, _("How far each item is from its place")),
}
RULES = {name: rule for name, (rule, _) in _RULES.items()}
WORDS = {name: words for name, (_, words) in _RULES.items()}


def _followed(places: Sequence[int]) -> int:
    return sum(after == place + 1 for place, after in pairwise(places))


def _is_last_right(places: Sequence[int]) -> bool:
    return places[-1] == len(places) - 1


def _share(length: int, places: Sequence[int]) -> Fraction:
    return Fraction(length, len(places)) if length > 1 else Fraction()
