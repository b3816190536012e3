"""The figures of the whole quiz, from its counts.

They are Moodle's (mod/quiz/report/statistics/classes/calculator.php). s attempts with totals T;
m_k = Σ (T − mean)^k / s. Sums are exact; only the result is rounded to a float. What cannot be computed is None.
"""

from bisect import bisect_right
from fractions import Fraction
from itertools import accumulate
from math import sqrt
from typing import NamedTuple

from .counting import Counts
from .items import variance


class QuizStatistics(NamedTuple):
    """See `of` for the formulas.

    `mean`, `median`, `sd` and `standard_error` are in points; `skewness` and `kurtosis` have no unit; `consistency`
    (at most 100, may be negative) and `error_ratio` are in percent.
    """

    attempts: int
    mean: float | None = None
    median: float | None = None
    sd: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    consistency: float | None = None
    error_ratio: float | None = None
    standard_error: float | None = None


def quiz_statistics(counts: Counts) -> QuizStatistics:
    """The figures of all attempts.

    - mean; median: the middle total, or the mean of the two middle ones; None without attempts;
    - sd = √k₂ with k₂ = s·m₂ / (s − 1); None below two attempts;
    - skewness k₃ / k₂^1.5 with k₃ = s²·m₃ / ((s − 1)(s − 2)); None below three attempts or where k₂ = 0;
    - kurtosis, as excess, k₄ / k₂² with k₄ = s²·((s + 1)·m₄ − 3(s − 1)·m₂²) / ((s − 1)(s − 2)(s − 3)); None below four
      attempts or where k₂ = 0;
    - coefficient of internal consistency CIC = 100 · p / (p − 1) · (1 − Σ var x / k₂) over p questions, which is
      Cronbach's alpha in percent; None below two questions or three attempts, where k₂ = 0, and if questions are
      drawn, because readers then did not answer the same p questions;
    - error ratio ER = 100 · √(1 − CIC / 100); standard error ER · sd / 100.
    """
    attempts, unit, totals = counts.attempts, counts.unit, counts.totals
    if not attempts:
        return QuizStatistics(0)
    mean = Fraction(sum(total * times for total, times in totals), attempts)
    second, third, fourth = (
        sum((total - mean) ** power * times for total, times in totals) / attempts / unit**power for power in (2, 3, 4)
    )
    k2 = attempts * second / (attempts - 1) if attempts > 1 else None
    sd = None if k2 is None else sqrt(k2)
    consistency = _consistency(counts, k2)
    # Rounding may make it slightly negative if the questions agree completely.
    error_ratio = None if consistency is None else 100 * sqrt(max(0, 1 - consistency / 100))
    return QuizStatistics(
        attempts=attempts,
        mean=float(mean / unit),
        median=float(_median(totals, attempts) / unit),
        sd=sd,
        skewness=_skewness(attempts, k2, third),
        kurtosis=_kurtosis(attempts, k2, second, fourth),
        consistency=consistency,
        error_ratio=error_ratio,
        standard_error=None if error_ratio is None else error_ratio * sd / 100,
    )


def _median(totals: list, attempts: int) -> Fraction:
    """Of sorted (total, how often)."""
    ends = list(accumulate(times for _, times in totals))
    middle = [totals[bisect_right(ends, place)][0] for place in ((attempts - 1) // 2, attempts // 2)]
    return Fraction(sum(middle), 2)


def _skewness(attempts: int, k2: Fraction | None, third: Fraction) -> float | None:
    if attempts < 3 or not k2:
        return None
    return float(attempts**2 * third / ((attempts - 1) * (attempts - 2))) / float(k2) ** 1.5


def _kurtosis(attempts: int, k2: Fraction | None, second: Fraction, fourth: Fraction) -> float | None:
    if attempts < 4 or not k2:
        return None
    middle = (attempts + 1) * fourth - 3 * (attempts - 1) * second**2
    return float(attempts**2 * middle / ((attempts - 1) * (attempts - 2) * (attempts - 3)) / k2**2)


def _consistency(counts: Counts, k2: Fraction | None) -> float | None:
    questions = [question for question in counts.questions if question.pairs]
    number = len(questions)
    if number < 2 or counts.attempts < 3 or not k2 or any(question.is_drawn for question in questions):
        return None
    variances = sum(variance(question, counts.unit) or 0 for question in questions)
    return float(Fraction(100 * number, number - 1) * (1 - variances / k2))
