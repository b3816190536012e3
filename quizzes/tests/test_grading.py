from decimal import Decimal
from fractions import Fraction as F

import pytest

from quizzes import grading


def question(kind, *weights):
    rule = grading.rule_for(kind, [grading.fraction_of(weight) for weight in weights])
    return {"id": 1, "rule": rule, "choices": [{"id": i, "weight": weight} for i, weight in enumerate(weights)]}


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
    assert grading.grade(question(kind, *weights), chosen) == points


@pytest.mark.parametrize(
    ("percent", "fraction"),
    [
        ("50", F(1, 2)), ("33.33333", F(1, 3)), ("33.33", F(1, 3)), ("66.66667", F(2, 3)), ("14.28571", F(1, 7)),
        ("-100", F(-1)), ("0", F(0)), ("12.5", F(1, 8)), ("33.5", F(67, 200)), (Decimal("16.66667"), F(1, 6)),
    ],
)  # fmt: skip
def test_a_weight_is_the_fraction_that_its_author_meant(percent, fraction):
    assert grading.fraction_of(percent) == fraction


def test_every_answer_to_every_small_question_stays_between_nothing_and_one_point():
    from itertools import chain, combinations

    for weights in [("50", "50", "-50"), ("100", "-100", "-100"), ("70", "30", "-5", "0"), ("25",) * 4]:
        asked = question("multiple", *weights)
        every = chain.from_iterable(combinations(range(len(weights)), size) for size in range(len(weights) + 1))
        for chosen in every:
            assert 0 <= grading.grade(asked, chosen) <= 1


def test_a_paper_is_marked_question_by_question():
    questions = [question("single", "100", "0") | {"id": 7}, question("single", "0", "100") | {"id": 8}]

    marks = grading.grade_paper(questions, {7: [0]})

    assert marks == [grading.Mark(7, F(1), True), grading.Mark(8, F(0), False)]
