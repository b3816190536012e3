from copy import deepcopy
from fractions import Fraction as F

import pytest

from quizzes import kinds
from quizzes.kinds import corrected
from quizzes.kinds.grading.answers import Graded


def question(kind, *choices, rule="", **more):
    choices = [{"id": id, "feedback": "", **choice} for id, choice in enumerate(choices, 1)]
    return {"id": 7, "kind": kind, "rule": rule, "matching": "", "choices": choices, **more}


def accept(choice=None, text="", blank=None, **more):
    return {"question": 7, "action": "accept", "choice": choice, "text": text, "blank": blank, **more}


def points(asked, corrections, answer):
    return kinds.grade(corrected(asked, corrections), answer).points


def weights(*percents):
    return [{"weight": percent} for percent in percents]


def test_a_disregarded_question_is_gone_and_corrections_of_others_change_nothing():
    asked = question("single", *weights("100", "0"), rule="single")

    assert corrected(asked, [accept(2), {"question": 7, "action": "disregard"}]) is None
    assert corrected(asked, [accept(2, question=8) | {"question": 8}]) == asked
    assert corrected(asked, []) is asked


@pytest.mark.parametrize("kind", ["single", "true_false"])
def test_a_second_choice_is_accepted_too_and_the_edition_stays_as_it_was(kind):
    asked = question(kind, *weights("100", "0"), rule="single")
    before = deepcopy(asked)

    assert (points(asked, [], [2]), points(asked, [accept(2)], [2]), points(asked, [accept(2)], [1])) == (0, 1, 1)
    assert asked == before


@pytest.mark.parametrize(
    ("rule", "percents", "ticked", "before", "after"),
    [
        ("right-minus-wrong", ("50", "50", "0", "0"), [1, 2, 3], F(1, 2), F(1)),
        ("right-minus-wrong", ("50", "50", "0", "0"), [1, 3, 4], F(0), F(0)),
        ("right-minus-wrong", ("50", "50", "0", "0"), [3], F(0), F(0)),
        ("weighted-sum", ("70", "30", "-50", "-50"), [1, 2, 3], F(1, 2), F(1)),
        ("weighted-sum", ("40", "40", "20", "-50"), [1], F(2, 5), F(1, 2)),
        ("weighted-sum", ("40", "40", "20", "-50"), [1, 2], F(4, 5), F(1)),
        ("weighted-sum", ("40", "40", "20", "-50"), [1, 2, 4], F(3, 10), F(1, 2)),
        ("all-or-nothing", ("50", "50", "0", "0"), [1, 2, 3], F(0), F(1)),
        ("all-or-nothing", ("50", "50", "0", "0"), [1, 2], F(1), F(1)),
        ("all-or-nothing", ("50", "25", "25", "0"), [1, 2], F(0), F(1)),
    ],
)
def test_an_accepted_choice_of_a_multiple_choice_is_ignored(rule, percents, ticked, before, after):
    asked = question("multiple", *weights(*percents), rule=rule)

    assert (points(asked, [], ticked), points(asked, [accept(3)], ticked)) == (before, after)


def test_a_multiple_choice_whose_only_right_choice_is_ignored_is_void():
    asked = question("multiple", *weights("100", "0"), rule="right-minus-wrong")

    assert corrected(asked, [accept(1)]) is None


@pytest.mark.parametrize(
    ("kind", "more", "correction", "answer"),
    [
        ("short_answer", {}, accept(text="tuple"), "Tuple"),
        ("output", {}, accept(text="[1,2]"), "[1,2]  "),
        ("numeric", {"tolerance": "", "tolerance_kind": "nominal"}, accept(text="3,2"), "3.20"),
        ("cloze", {"blank": 1}, accept(text="yield", blank=1), {"1": "yield"}),
        ("cloze", {"blank": 1, "tolerance": "0"}, accept(text="3,2", blank=1), {"1": "3.20"}),
    ],
)
def test_a_text_is_accepted_too_before_what_was_worth_less(kind, more, correction, answer):
    asked = question(kind, {"text": "3", "weight": "100"} | more, {"text": "*", "weight": "25"} | more)

    new = corrected(asked, [correction])

    assert [choice["id"] for choice in new["choices"]] == [1, -1, 2]
    assert kinds.grade(new, answer) == Graded(F(1), frozenset([-1]))
    assert points(asked, [correction], {"1": "3"} if kind == "cloze" else "3") == 1


def test_a_text_for_one_blank_comes_after_the_best_answers_of_that_blank():
    variants = [(1, "a", "100"), (1, "b", "50"), (2, "c", "100"), (2, "d", "50")]
    asked = question("cloze", *({"blank": blank, "text": text, "weight": weight} for blank, text, weight in variants))

    new = corrected(asked, [accept(text="e", blank=2), accept(text="f", blank=1)])

    assert [choice["id"] for choice in new["choices"]] == [1, -2, 2, 3, -1, 4]
    assert points(asked, [accept(text="e", blank=2)], {"1": "b", "2": "e"}) == F(3, 4)


def test_what_this_edition_does_not_have_changes_nothing():
    single = question("single", *weights("100", "0"), rule="single")
    cloze = question("cloze", {"blank": 1, "text": "a", "weight": "100"})

    assert corrected(single, [accept(9)]) == single
    assert corrected(cloze, [accept(text="b", blank=2)]) == cloze
    for kind, correction in (("numeric", accept(text="pi")), ("cloze", accept(text="pi", blank=1))):
        number = question(kind, {"blank": 1, "text": "3", "tolerance": "0", "weight": "100"})
        assert corrected(number, [correction]) == number


def test_one_more_text_of_a_list_is_accepted_and_no_other():
    texts = [("Italy", "100"), ("France", "0")]
    asked = question("cloze", *({"blank": 1, "text": text, "weight": w, "offered": True} for text, w in texts))

    assert points(asked, [], {"1": "France"}) == 0
    assert points(asked, [accept(text="France", blank=1)], {"1": "France"}) == 1
    assert corrected(asked, [accept(text="Spain", blank=1)]) == asked


@pytest.mark.parametrize(
    ("kind", "correction"), [("ordering", accept(1)), ("matching", accept(1)), ("single", accept(1) | {"action": "x"})]
)
def test_a_correction_that_means_nothing_is_an_error(kind, correction):
    with pytest.raises(ValueError):
        corrected(question(kind, *weights("0", "0")), [correction])
