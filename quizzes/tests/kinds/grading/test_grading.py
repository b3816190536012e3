from decimal import Decimal
from fractions import Fraction as F
from itertools import chain, combinations

import pytest

from quizzes import kinds
from quizzes.kinds.grading.answers import Graded, Mark
from quizzes.kinds.grading.choices import ALL_OR_NOTHING
from quizzes.kinds.grading.numbers import NumberProblem
from quizzes.kinds.grading.weights import fraction_of, fractions_of


def question(kind, *weights, rule=""):
    rule = kinds.rules_of(kind).rule_for([fraction_of(weight) for weight in weights], rule)
    choices = [{"id": i, "weight": weight} for i, weight in enumerate(weights)]
    return {"id": 1, "kind": kind, "rule": rule, "choices": choices}


MATCHING = {
    "id": 2, "kind": "matching", "rule": "",
    "choices": [
        {"id": 1, "html": "<p>len</p>", "pair": "int", "weight": "0"},
        {"id": 2, "html": "<p>str</p>", "pair": "str", "weight": "0"},
        {"id": 3, "html": "<p>hash</p>", "pair": "int", "weight": "0"},
        {"id": 4, "html": "", "pair": "float", "weight": "0"},
    ],
}  # fmt: skip
CLOZE = {
    "id": 3, "kind": "cloze", "rule": "", "matching": "python",
    "choices": [
        {"id": 1, "blank": 1, "text": "for x in y", "weight": "100"},
        {"id": 2, "blank": 2, "text": "a<=b", "weight": "100"},
        {"id": 3, "blank": 2, "text": "a<b", "weight": "50"},
        {"id": 4, "blank": 3, "text": "'a'", "weight": "100"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "weights", "chosen", "points"),
    [
        ("single", ("100", "0", "0"), [0], F(1)),
        ("single", ("100", "0", "0"), [1], F(0)),
        ("single", ("100", "50", "0"), [1], F(1, 2)),
        ("single", ("100", "-50"), [1], F(0)),
        ("single", ("100", "0"), [], F(0)),
        ("true_false", ("0", "100"), [1], F(1)),
        # Right minus wrong: two right, two wrong.
        ("multiple", ("50", "50", "-50", "-50"), [0, 1], F(1)),
        ("multiple", ("50", "50", "-50", "-50"), [0], F(1, 2)),
        ("multiple", ("50", "50", "-50", "-50"), [0, 2], F(0)),
        ("multiple", ("50", "50", "0", "0"), [0, 1, 2], F(1, 2)),
        ("multiple", ("50", "50", "0", "0"), [0, 1, 2, 3], F(0)),
        ("multiple", ("50", "50", "0"), [0, 1, 2], F(1, 2)),
        ("multiple", ("50", "50", "0", "0"), [], F(0)),
        ("multiple", ("33.33333", "33.33333", "33.33333", "0"), [0, 1], F(2, 3)),
        ("multiple", ("33.33333", "33.33333", "33.33333", "0"), [0, 1, 2], F(1)),
        # Weights of the author's own: the weighted sum, clamped.
        ("multiple", ("50", "50", "-100", "-100"), [0, 1, 2], F(0)),
        ("multiple", ("50", "50", "-25", "-25"), [0, 1, 2], F(3, 4)),
        ("multiple", ("70", "30", "0"), [0, 2], F(7, 10)),
        ("multiple", ("60", "60", "-20"), [0, 1], F(1)),
        ("multiple", ("33.33333", "33.33333", "33.33333", "-100"), [0, 1, 2], F(1)),
    ],
)
def test_a_question_is_worth(kind, weights, chosen, points):
    assert kinds.grade(question(kind, *weights), chosen) == Graded(points, frozenset(chosen))


@pytest.mark.parametrize(("chosen", "points"), [([0, 1], 1), ([0], 0), ([0, 1, 2], 0), ([], 0), ([2], 0)])
def test_all_or_nothing_pays_for_exactly_the_right_choices(chosen, points):
    asked = question("multiple", "50", "50", "0", rule=ALL_OR_NOTHING)

    assert kinds.grade(asked, chosen).points == points


def test_an_author_may_name_the_rule_and_the_weights_say_it_otherwise():
    halves = [F(1, 2), F(1, 2), F(0)]

    assert kinds.rules_of("multiple").rule_for(halves) == "right-minus-wrong"
    assert kinds.rules_of("multiple").rule_for(halves, "weighted-sum") == "weighted-sum"
    assert kinds.rules_of("single").rule_for(halves, "weighted-sum") == "single"
    assert kinds.rules_of("ordering").rule_for([]) == "all-previous-and-next"
    assert kinds.rules_of("ordering").rule_for([], "relative-to-correct") == "relative-to-correct"
    assert kinds.rules_of("numeric").rule_for(halves) == kinds.rules_of("cloze").rule_for(halves, "weighted-sum") == ""
    with pytest.raises(ValueError, match="no rule"):
        kinds.rules_of("multiple").rule_for(halves, "absolute-position")


@pytest.mark.parametrize(
    ("percent", "fraction"),
    [
        ("50", F(1, 2)), ("33.33333", F(1, 3)), ("33.33", F(1, 3)), ("66.66667", F(2, 3)), ("14.28571", F(1, 7)),
        ("-100", F(-1)), ("0", F(0)), ("12.5", F(1, 8)), ("33.5", F(67, 200)), (Decimal("16.66667"), F(1, 6)),
    ],
)  # fmt: skip
def test_a_weight_is_the_fraction_that_its_author_meant(percent, fraction):
    assert fraction_of(percent) == fraction


@pytest.mark.parametrize(
    ("percents", "fractions"),
    [
        (["33.33333"] * 3, [F(1, 3)] * 3),
        (["5.88", "30", "64.12"], [F(588, 10000), F(3, 10), F(6412, 10000)]),
        (["33", "33.33333"], [F(33, 100), F(1, 3)]),
    ],
)
def test_weights_that_add_up_as_written_are_taken_as_written(percents, fractions):
    found = fractions_of([Decimal(percent) for percent in percents])

    assert found == fractions
    assert [fraction_of(str(fraction * 100)) for fraction in found] == fractions


@pytest.mark.parametrize("rule", ["", *kinds.rules_of("multiple").scoring])
def test_every_answer_to_every_small_question_stays_between_nothing_and_one_point(rule):
    for weights in [("50", "50", "-50"), ("100", "-100", "-100"), ("70", "30", "-5", "0"), ("25",) * 4]:
        asked = question("multiple", *weights, rule=rule)
        every = chain.from_iterable(combinations(range(len(weights)), size) for size in range(len(weights) + 1))
        for chosen in every:
            assert 0 <= kinds.grade(asked, chosen).points <= 1


@pytest.mark.parametrize(
    ("answer", "points", "matched"),
    [
        ({"1": 1, "2": 2, "3": 3}, F(1), {1, 2, 3}),
        ({"1": 3, "2": 2, "3": 1}, F(1), {1, 2, 3}),
        ({"1": 4, "2": 2}, F(1, 3), {2}),
        ({1: 1, 3: 1}, F(2, 3), {1, 3}),
        ({}, F(0), set()),
    ],
)
def test_matching_counts_right_pairs_and_equal_right_sides_are_as_good_as_each_other(answer, points, matched):
    assert kinds.grade(MATCHING, answer) == Graded(points, frozenset(matched))


@pytest.mark.parametrize(
    ("answer", "points", "matched"),
    [
        ({"1": "for  x in y", "2": "a <= b", "3": '"a"'}, F(1), {1, 2, 4}),
        ({"2": "a < b  # strictly"}, F(1, 6), {3}),
        ({1: "forxiny", 2: "a>b", 3: "a"}, F(0), set()),
        ({"1": "  ", "3": "'a'"}, F(1, 3), {4}),
    ],
)
def test_a_cloze_is_the_mean_of_its_blanks(answer, points, matched):
    assert kinds.grade(CLOZE, answer) == Graded(points, frozenset(matched))


@pytest.mark.parametrize(
    ("asked", "answer", "error"),
    [
        (question("single", "100", "0"), [0, 1], ValueError),
        (question("single", "100", "0"), [2], KeyError),
        (question("single", "100", "0"), "0", ValueError),
        (question("multiple", "50", "50"), [0, 0], ValueError),
        (question("multiple", "50", "50"), [[0]], ValueError),
        (question("multiple", "50", "50"), [True], ValueError),
        (question("ordering", "0", "0"), [0], ValueError),
        (question("ordering", "0", "0"), [0, 0], ValueError),
        (question("ordering", "0", "0"), [0, 2], KeyError),
        (MATCHING, {"4": 1}, KeyError),
        (MATCHING, {"1": 5}, KeyError),
        (MATCHING, {"1": "1"}, ValueError),
        (MATCHING, {"1": 1, 1: 2}, ValueError),
        (MATCHING, [1, 2], ValueError),
        (CLOZE, {"4": "x"}, KeyError),
        (CLOZE, {"1": 3}, ValueError),
        ({"kind": "numeric", "choices": []}, "1e999", NumberProblem),
        ({"kind": "output", "choices": []}, ["3"], ValueError),
    ],
)
def test_an_answer_that_the_question_cannot_have_is_an_error(asked, answer, error):
    with pytest.raises(error):
        kinds.grade(asked, answer)


def test_a_paper_is_marked_question_by_question():
    questions = [question("single", "100", "0") | {"id": 7}, question("single", "0", "100") | {"id": 8}]

    marks = kinds.grade_paper(questions, {7: [0], "99": [1]})

    assert marks == [Mark(7, F(1), True, frozenset([0])), Mark(8, F(0), False)]
    assert kinds.grade_paper(questions, {"7": [0], "8": []}) == marks


@pytest.mark.parametrize(
    ("answer", "state"),
    [({"1": 1, "2": 2, "3": 3}, "right"), ({"1": 1}, "partly"), ({"1": 4}, "wrong"), ({}, "unanswered")],
)
def test_a_mark_has_a_state(answer, state):
    [mark] = kinds.grade_paper([MATCHING], {"2": answer})

    assert mark.state == state
