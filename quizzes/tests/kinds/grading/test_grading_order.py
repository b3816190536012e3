from fractions import Fraction as F
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes import kinds
from quizzes.kinds.grading import ordering
from quizzes.kinds.grading.answers import Graded

RULES = [
    "all-or-nothing", "absolute-position", "next-exclude-last", "next-include-last", "previous-and-next",
    "all-previous-and-next", "longest-ordered-subset", "longest-contiguous-subset", "relative-to-correct",
]  # fmt: skip


def points(rule, order, right="ABCDE"):
    choices = [{"id": ord(letter), "html": letter, "weight": "0"} for letter in right]
    question = {"id": 1, "kind": "ordering", "rule": rule, "choices": choices}
    return kinds.grade(question, [ord(letter) for letter in order]).points


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("ABCDE", "1 1 1 1 1 1 1 1 1"),
        ("BACDE", "0 .6 .5 .6 .5 .9 .8 .8 .9"),
        ("BCDEA", "0 0 .75 .6 .6 .6 .8 .8 .6"),
        ("EDCBA", "0 .2 0 0 0 0 0 0 .4"),
        ("ABDCE", "0 .6 .25 .4 .4 .9 .8 .6 .9"),
        ("AEBCD", "0 .2 .5 .4 .5 .7 .8 .8 .7"),
    ],
)
def test_the_nine_rules_give_the_golden_values(order, expected):
    assert [points(rule, order) for rule in RULES] == [F(value) for value in expected.split()]


def test_an_author_may_choose_from_all_nine():
    assert list(kinds.rules_of("ordering").scoring) == RULES


def is_in_order(subset):
    return list(subset) == sorted(subset)


def is_consecutive(subset):
    return max(subset) - min(subset) == len(subset) - 1


def longest(places, is_wanted):
    """By trying every part of the order: what Moodle's search finds."""
    sizes = range(len(places), 1, -1)
    return next((size for size in sizes if any(map(is_wanted, combinations(places, size)))), 0)


@pytest.mark.parametrize("items", range(2, 7))
def test_the_longest_subsets_are_those_that_a_search_finds(items):
    for places in permutations(range(items)):
        ordered = longest(places, is_in_order)
        contiguous = longest(places, lambda subset: is_in_order(subset) and is_consecutive(subset))

        assert ordering.longest_ordered_subset(places) == F(ordered, items)
        assert ordering.longest_contiguous_subset(places) == F(contiguous, items)


@settings(derandomize=True)
@given(st.integers(2, 20).flatmap(lambda items: st.permutations(range(items))))
def test_every_order_earns_from_nothing_to_one_and_only_the_right_one_earns_all(places):
    for rule in ordering.RULES.values():
        assert 0 <= rule(places) <= 1
        assert (rule(places) == 1) == (places == sorted(places))


def test_the_items_in_their_own_place_are_what_matched():
    question = {"id": 1, "kind": "ordering", "rule": "", "choices": [{"id": id} for id in (7, 8, 9)]}

    assert kinds.grade(question, [7, 9, 8]) == Graded(F(2, 3), frozenset([7]))
    assert kinds.grade(question, []) == Graded(F(0))
