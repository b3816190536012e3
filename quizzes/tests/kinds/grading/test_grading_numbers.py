from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes import kinds
from quizzes.kinds.grading import numbers
from quizzes.kinds.grading.answers import Graded
from quizzes.kinds.grading.numbers import NumberProblem, read_number

EPSILON = F(1, 10**14)


def numeric(*variants):
    names = ("text", "tolerance", "tolerance_kind", "weight")
    choices = [{"id": id, **dict(zip(names, variant, strict=True))} for id, variant in enumerate(variants)]
    return {"id": 1, "kind": "numeric", "rule": "", "matching": "", "choices": choices}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3.14", F(314, 100)), ("-2", F(-2)), ("+2", F(2)), (".5", F(1, 2)), ("5.", F(5)), ("1e3", F(1000)),
        ("6.02E23", F(602 * 10**21)), ("3,14", F(314, 100)), ("−2", F(-2)), ("1e−3", F(1, 1000)), (" 7\n", F(7)),
        ("0,125", F(1, 8)), ("-,5", F(-1, 2)), ("007", F(7)), ("1e308", F(10**308)), ("0.1", F(1, 10)),
        ("2,5e1", F(25)), ("3x10^8", F(3 * 10**8)), ("3×10^8", F(3 * 10**8)), ("3*10**8", F(3 * 10**8)),
        ("3·10^8", F(3 * 10**8)), ("3⋅10⁸", F(3 * 10**8)), ("-1,5 X 10^-2", F(-15, 1000)),
        ("6.02 × 10²³", F(602 * 10**21)), ("5 × 10⁻³", F(5, 1000)), ("2*10**+3", F(2000)),
        ("1 x 10 ^ −3", F(1, 1000)),
        ("1,000,000", F(10**6)), ("-12,345,678.5", F(-123456785, 10)), ("1,000.5", F(10005, 10)),
        ("1.000.000", F(10**6)), ("1.000,5", F(10005, 10)), ("1,000,000e3", F(10**9)), ("1,0005", F(10005, 10000)),
        ("1.000", F(1)), ("0,000", F(0)),
    ],
)  # fmt: skip
def test_a_number_is_read_exactly(typed, number):
    assert read_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write a number."),
        ("  ", "Write a number."),
        ("1e999", "“1e999” is too large."),
        ("1e-999", "“1e-999” is too small."),
        ("1e999999999", "“1e999999999” is too large."),
        ("１２", "Write the number with the digits 0 to 9."),
        ("٣", "Write the number with the digits 0 to 9."),
        ("1 000", "Write the number without anything between its digits."),
        ("1_000", "Write the number without anything between its digits."),
        ("1,000", "“1,000” can be read in two ways; write the number without a comma."),
        ("1,000e3", "“1,000e3” can be read in two ways; write the number without a comma."),
        ("3x10^999", "“3x10^999” is too large."),
        ("3·10⁻⁹⁹⁹", "“3·10⁻⁹⁹⁹” is too small."),
        ("9" * 51, "Write the number with at most 50 characters."),
        ("NaN", "“NaN” is not a number; write it like 42, 3.14 or 6.02e23."),
        ("inf", "“inf” is not a number; write it like 42, 3.14 or 6.02e23."),
    ],
)
def test_a_text_that_is_not_a_number_is_refused_with_a_sentence(typed, sentence):
    with pytest.raises(NumberProblem) as problem:
        read_number(typed)

    assert str(problem.value) == sentence


@pytest.mark.parametrize(
    "typed",
    [
        "0xff",
        "1/2",
        "1,2,3",
        "1.2.3",
        "--1",
        "1e",
        "e5",
        ".",
        "1e1.5",
        "5 %",
        "½",
        "*",
        "3x10",
        "3x10^",
        "10^8",
        "3x8^2",
        "3e⁸",
        "3x10⁸^2",
        "1,000,00",
        "1,000,0000",
        "1,000,000,5",
        "01,000,000",
        "1e 5",
    ],
)
def test_other_notations_are_refused(typed):
    with pytest.raises(NumberProblem):
        read_number(typed)


@settings(derandomize=True)
@given(st.text(alphabet="0123456789.,eE+-−_ x×*·^⁸⁻１\n", max_size=60))
def test_any_text_is_a_number_of_bounded_size_or_a_problem(typed):
    try:
        number = read_number(typed)
    except NumberProblem:
        return
    assert abs(number) < 10 ** (308 + 50) and number.denominator <= 10 ** (308 + 50)


@pytest.mark.parametrize(
    ("value", "tolerance", "kind", "low", "high"),
    [
        (F(5), F(1, 10), "nominal", F(49, 10) - 5 * EPSILON, F(51, 10) + 5 * EPSILON),
        (F(1, 2), F(0), "nominal", F(1, 2) - EPSILON / 2, F(1, 2) + EPSILON / 2),
        (F(1), F(10), "nominal", F(-9) - 10 * EPSILON, F(11) + 10 * EPSILON),
        (F(0), F(0), "nominal", -(EPSILON**2), EPSILON**2),
        (F(-5), F(1), "nominal", F(-6) - 5 * EPSILON, F(-4) + 5 * EPSILON),
        (F(200), F(1, 100), "relative", F(198) - 200 * EPSILON, F(202) + 200 * EPSILON),
        (F(-200), F(1, 100), "relative", F(-202) - 200 * EPSILON, F(-198) + 200 * EPSILON),
        (F(0), F(1, 2), "relative", F(0), F(0)),
        (F(10), F(1), "geometric", 10 / (2 + EPSILON), 10 * (2 + EPSILON)),
        (F(-10), F(1), "geometric", -10 * (2 + EPSILON), -10 / (2 + EPSILON)),
    ],
)
def test_a_tolerance_is_an_interval_whose_ends_count(value, tolerance, kind, low, high):
    assert numbers.interval(value, tolerance, kind) == (low, high)


@pytest.mark.parametrize(("tolerance", "kind"), [(F(-1), "nominal"), (F(1), "absolute")])
def test_a_tolerance_that_means_nothing_is_an_error(tolerance, kind):
    with pytest.raises(ValueError):
        numbers.interval(F(1), tolerance, kind)


@pytest.mark.parametrize(
    ("typed", "points", "matched"),
    [("3.14", 1, 0), ("3,15", 1, 0), ("3.16", F(1, 2), 1), ("3.2", F(1, 2), 1), ("-7", 0, 2), ("3.13", 1, 0)],
)
def test_the_first_interval_with_the_number_decides_and_a_star_accepts_any(typed, points, matched):
    question = numeric(
        ("3.14", "0.01", "nominal", "100"), ("3.14", "0.1", "nominal", "50"), ("*", "", "nominal", "-50")
    )

    assert kinds.grade(question, typed) == Graded(F(points), frozenset([matched]))


def test_a_large_number_without_tolerance_is_met_in_another_notation():
    question = numeric(("6.02e23", "", "relative", "100"))

    assert kinds.grade(question, "602e21").points == 1
    assert kinds.grade(question, "6.03e23") == Graded(F(0))


@pytest.mark.parametrize(
    ("value", "tolerance", "right", "wrong"),
    [
        ("2.220446049250313e-16", "0", "2.220446049250313e-16", ["0", "5e-15", "-1e-15", "2.22e-16"]),
        ("5.551115123125783e-17", "", "5.551115123125783e-17", ["0", "1e-14"]),
        ("6.62607015e-34", "1e-36", "6.63e-34", ["0", "6.7e-34"]),
        ("0.3", "0", "0.30000000000000004", ["0.3000001"]),
        ("1e-20", "0", "1e-20", ["0.9999999e-20", "1.0000001e-20"]),
        ("0", "1e-24", "-1e-24", ["-2e-24", "2e-24"]),
        ("0", "0", "1e-35", ["1e-15", "-1e-20"]),
    ],
)
def test_a_tiny_number_is_graded_as_exactly_as_a_large_one(value, tolerance, right, wrong):
    question = numeric((value, tolerance, "nominal", "100"))

    assert [kinds.grade(question, typed).points for typed in (right, *wrong)] == [1] + [0] * len(wrong)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("3.14", "3.14"), ("3,14", "3.14"), ("−2", "-2"), (".5", ".5"), ("5.", "5"), ("+1E3", "+1e3"), ("007", "007"),
        ("3 × 10⁸", "3e8"), ("3*10**-8", "3e-8"), ("1,000,000", "1000000"), ("1.000,5", "1000.5"), ("1e0", "1"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_every_program_reads_it(typed, plain):
    assert numbers.plain_number(typed) == plain
    assert read_number(plain) == read_number(typed)
