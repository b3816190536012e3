from fractions import Fraction as F
from statistics import mean, pstdev, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.statistics import items, readings, whole
from quizzes.statistics.counting import count

# Eight attempts at five questions; the third is worth two points.
MAXIMA = (1, 1, 2, 1, 1)
MARKS = """
    1 1   2   1 1
    1 1   2   0 1
    1 1/2 2   1 0
    1 1   1   0 1
    0 1/2 1   1 0
    1 0   1/2 0 1
    0 0   0   1 0
    1 0   0   0 0
"""
# Facility, standard deviation, discrimination index, discriminative efficiency, effective weight.
GOLDEN = {
    1: (75.000000, 0.462910, 30.265313, 39.393939, 17.260927),
    2: (50.000000, 0.462910, 79.139421, 83.333333, 22.372718),
    3: (53.125000, 0.863444, 83.185997, 87.755102, 31.780736),
    4: (50.000000, 0.534522, -17.868542, -20.000000, 8.456093),
    5: (50.000000, 0.534522, 38.065944, 42.857143, 20.129527),
}


def question(number):
    return {"id": number, "kind": "single", "matching": "plain"}


def counts_of(rows, maxima=None, drawn=()):
    """The counts of rows of marks; None where the question is not on the paper."""
    maxima = maxima or [1] * len(rows[0])
    marked = [{str(n): str(mark) for n, mark in enumerate(row, 1) if mark is not None} for row in rows]
    attempts = [({}, marks, str(sum(map(F, marks.values())))) for marks in marked]
    found = count([question(number) for number in range(1, len(maxima) + 1)], attempts, drawn)
    worth = [each._replace(maximum=maximum) for each, maximum in zip(found.questions, maxima, strict=True)]
    return found._replace(questions=worth)


def golden_rows():
    return [[F(mark) for mark in line.split()] for line in MARKS.strip().splitlines()]


@pytest.mark.parametrize("number", GOLDEN)
def test_the_figures_of_a_question_are_the_golden_ones(number):
    item = items.item_statistics(counts_of(golden_rows(), MAXIMA))[number - 1]

    found = (item.facility, item.sd, item.discrimination, item.efficiency, item.weight)
    assert found == pytest.approx(GOLDEN[number], abs=5e-7)
    assert (item.question, item.attempts, item.is_weight_negative) == (number, 8, False)


def test_the_figures_of_the_quiz_are_the_golden_ones():
    found = whole.quiz_statistics(counts_of(golden_rows(), MAXIMA))

    golden = (8, 3.312500, 3.250000, 1.850434, 0.012330, -1.374658, 61.277705, 62.227241, 1.151474)
    assert tuple(found) == pytest.approx(golden, abs=5e-7)


def test_what_everybody_gets_right_tells_nobody_apart():
    item = items.item_statistics(counts_of([[1, 0], [1, 1], [1, 1]]))[0]

    assert (item.facility, item.sd, item.weight) == (100, 0, 0)
    assert item.discrimination is item.efficiency is None


def test_a_question_that_is_worth_nothing_has_no_facility():
    assert items.item_statistics(counts_of([[0, 0], [0, 1]], maxima=(0, 1)))[0].facility is None


def test_one_attempt_has_no_spread():
    counts = counts_of([[1, 0]])
    item, found = items.item_statistics(counts)[0], whole.quiz_statistics(counts)

    assert item[3:] == (100, None, None, None, None, False)
    assert found == (1, 1, 1, None, None, None, None, None, None)


def test_two_attempts_have_a_spread_and_no_shape():
    counts = counts_of([[1, 1], [0, 0]])
    item, found = items.item_statistics(counts)[0], whole.quiz_statistics(counts)

    assert item[3:] == pytest.approx((50, 0.5**0.5, 100, 100, 50, False))
    assert found.sd == pytest.approx(2**0.5)
    assert found.skewness is found.kurtosis is found.consistency is found.standard_error is None


def test_three_attempts_have_a_skewness_and_no_kurtosis():
    found = whole.quiz_statistics(counts_of([[1, 1], [0, 0], [0, 1]]))

    assert found.skewness == 0
    assert found.kurtosis is None
    assert found.consistency == pytest.approx(200 / 3)


def test_nothing_is_divided_where_nobody_has_answered():
    empty = count([question(1), question(2)], [])

    assert whole.quiz_statistics(empty) == whole.QuizStatistics(0)
    assert items.item_statistics(empty)[0] == items.ItemStatistics(1, 0, 0, None, None, None, None, None, False)


def test_equal_totals_have_no_shape():
    found = whole.quiz_statistics(counts_of([[1, 0], [0, 1], [1, 0], [0, 1]]))

    assert found.sd == 0
    assert found.skewness is found.kurtosis is found.consistency is found.error_ratio is None


def test_a_mark_that_falls_where_the_total_rises_has_no_weight():
    item = items.item_statistics(counts_of([[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 1, 1], [0, 1, 1, 1]]))[0]

    assert item.weight is None
    assert item.is_weight_negative


def test_a_drawn_question_is_compared_with_the_whole_total():
    rows = [[1, 1, None], [0, 1, None], [1, None, 0], [1, None, 1], [0, None, 0]]
    drawn = items.item_statistics(counts_of(rows, drawn=(2, 3)))[2]
    fixed = items.item_statistics(counts_of(rows))[2]

    assert (drawn.attempts, drawn.facility) == (3, pytest.approx(100 / 3))
    # Marks 0, 1, 0 with totals 1, 2, 0, and with the rest 1, 1, 0.
    assert drawn.discrimination == pytest.approx(50 * 3**0.5)
    assert fixed.discrimination == pytest.approx(50)
    assert drawn.weight is None
    assert whole.quiz_statistics(counts_of(rows, drawn=(2, 3))).consistency is None


# --- the same from plain lists ------------------------------------------------------------------

POINTS = st.sampled_from([F(0), F(1, 3), F(1, 2), F(2, 3), F(1)])
PAPERS = st.integers(2, 4).flatmap(lambda width: st.lists(st.tuples(*[POINTS] * width), min_size=4, max_size=25))


def plain_covariance(a, b):
    return sum((x - mean(a)) * (y - mean(b)) for x, y in zip(a, b, strict=True)) / (len(a) - 1)


@given(PAPERS)
def test_counts_give_what_plain_lists_give(rows):
    totals, columns = [sum(row) for row in rows], list(zip(*rows, strict=True))
    with_total = [float(plain_covariance(column, totals)) for column in columns]
    roots = sum(value**0.5 for value in with_total if value >= 0)

    for column, item, shared in zip(columns, items.item_statistics(counts_of(rows)), with_total, strict=True):
        rest = [total - x for total, x in zip(totals, column, strict=True)]
        together, most = plain_covariance(column, rest), plain_covariance(sorted(column), sorted(rest))
        spread = float(plain_covariance(column, column) * plain_covariance(rest, rest)) ** 0.5
        assert item.facility == pytest.approx(float(100 * mean(column)))
        assert item.sd == pytest.approx(float(stdev(column)))
        assert item.discrimination == (pytest.approx(float(100 * together) / spread, abs=1e-9) if spread else None)
        assert item.efficiency == (pytest.approx(float(100 * together / most), abs=1e-9) if most else None)
        assert item.weight == (pytest.approx(100 * shared**0.5 / roots) if shared >= 0 and roots else None)


@given(PAPERS)
def test_the_whole_is_what_plain_lists_give(rows):
    totals = [float(sum(row)) for row in rows]
    columns = [list(map(float, column)) for column in zip(*rows, strict=True)]
    found, count = whole.quiz_statistics(counts_of(rows)), len(rows)

    assert (found.mean, found.sd) == pytest.approx((mean(totals), stdev(totals)))
    if len(set(totals)) > 1:
        alpha = len(columns) / (len(columns) - 1) * (1 - sum(stdev(column) ** 2 for column in columns) / found.sd**2)
        cubes = sum(((total - mean(totals)) / stdev(totals)) ** 3 for total in totals)
        assert found.consistency == pytest.approx(100 * alpha)
        assert found.standard_error == pytest.approx(found.sd * (1 - alpha) ** 0.5, abs=1e-6)
        assert found.skewness == pytest.approx(count / (count - 1) / (count - 2) * cubes, abs=1e-9)


# --- answers ------------------------------------------------------------------------------------


def answered(*rows):
    """The counts of one question among others; rows of (choice or None, total, how often)."""
    attempts = [
        ({"1": [choice]} if choice else {}, {"1": "0"}, str(total))
        for choice, total, times in rows
        for _ in range(times)
    ]
    return count([question(1)], attempts).questions[0]


@given(st.lists(st.tuples(st.sampled_from([None, 1, 2, 3]), st.integers(0, 9)), min_size=2))
def test_a_point_biserial_is_the_correlation_of_taking_a_choice_with_the_total(rows):
    totals = [total for _, total in rows]

    for choice in items.choices(answered(*[(*row, 1) for row in rows]), {1: F(1), 2: F(0), 3: F(0)}):
        taken = [int(str(chosen) == choice.key) for chosen, _ in rows]
        spread = pstdev(taken) * pstdev(totals)
        shared = sum((a - mean(taken)) * (b - mean(totals)) for a, b in zip(taken, totals, strict=True)) / len(rows)
        assert (choice.count, choice.share) == (sum(taken), sum(taken) / len(rows))
        assert choice.point_biserial == (pytest.approx(shared / spread, abs=1e-9) if spread else None)


def test_a_wrong_choice_that_strong_readers_take_is_flagged():
    question = answered((7, 9, 5), (8, 4, 30), (None, 1, 3))

    flags = [choice.attracts_strong for choice in items.choices(question, {7: F(0), 8: F(1), 9: F(0)})]

    assert flags == [True, False, False]


@pytest.mark.parametrize(
    ("rows", "weight"),
    [
        ([(7, 9, 4), (8, 4, 30)], F(0)),
        ([(7, 9, 5), (8, 4, 24)], F(0)),
        ([(7, 9, 5), (8, 4, 30)], F(1, 2)),
        ([(7, 3, 5), (8, 4, 30)], F(0)),
    ],
    ids=["too few took it", "too few attempts", "it is partly right", "weak readers take it"],
)
def test_other_choices_are_not_flagged(rows, weight):
    assert not items.choices(answered(*rows), {7: weight, 8: F(1)})[0].attracts_strong


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (readings.of_facility, {None: "", 0: "hard", 19.4: "hard", 19.6: "rather hard", 35: "about right"}),
        (readings.of_facility, {64: "about right", 66: "fairly easy", 80: "fairly easy", 81: "easy", 100: "easy"}),
        (readings.of_discrimination, {50: "very good", 49.6: "very good", 30: "adequate", 29: "weak", 19: "very weak"}),
        (readings.of_discrimination, {-0.1: "probably wrong or ambiguous", -80: "probably wrong or ambiguous"}),
        (readings.of_discrimination, {0: "no better than chance", None: ""}),
        (readings.of_consistency, {75: "satisfactory", 74: "moderate", None: ""}),
        (readings.of_skewness, {0: "about symmetric", -1: "a tail of low totals"}),
        (readings.of_kurtosis, {0: "close to normal", -1.4: "flatter than normal"}),
    ],
)
def test_a_figure_reads(words, values):
    assert {value: words(value) for value in values} == values


def test_indices_are_shown_from_thirty_attempts_on():
    assert [readings.missing(number) for number in (0, 29, 30, 31)] == [30, 1, 0, 0]
    assert [readings.missing(number) for number in (0, 29, 31)] == [30, 1, 0]
