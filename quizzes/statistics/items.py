"""The figures of each question and of each answer to it, from their counts.

Item statistics are Moodle's (question/classes/statistics/questions/calculator.php). s attempts have the question; x is
its mark, T the total of the paper, and o = T − x the rest of the paper, or T for a question that is drawn at random.
Moments are those of a sample (divided by s − 1), summed exactly; only the result is rounded to a float. What cannot be
computed is None.

The point-biserial of an answer is that of Canvas (quiz_statistics/item_analysis/item.rb).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import sqrt
from typing import NamedTuple

from ..kinds import rules_of
from .counting import Counts, QuestionCounts
from .readings import MINIMUM_ATTEMPTS

# Fewer readers of a choice say nothing about who chooses it.
MINIMUM_CHOOSERS = 5

Pairs = Iterable[tuple[int, int, int]]


class ItemStatistics(NamedTuple):
    """One question. See `of` for the formulas.

    `attempts` had it on their paper, `answered` of them gave an answer. `facility` is in percent of the marks, `sd` in
    marks, `discrimination` and `efficiency` from −100 to 100, `weight` in percent of all questions.
    """

    question: int
    attempts: int
    answered: int
    facility: float | None
    sd: float | None
    discrimination: float | None
    efficiency: float | None
    weight: float | None
    # The covariance of mark and total is negative, so there is no weight.
    is_weight_negative: bool


class AnswerStatistics(NamedTuple):
    """One answer: `count` readers gave it, `share` (0 to 1) of those who had the question.

    `point_biserial`, −1 to 1, is positive if they did better on the whole paper than the others.
    """

    key: str
    count: int
    share: float
    point_biserial: float | None
    # A wrong choice that readers with high totals prefer: the question may be ambiguous, or the key wrong.
    attracts_strong: bool = False


def covariance(rows: Pairs, unit: int) -> Fraction | None:
    """Σ (a − mean a)(b − mean b) / (s − 1) of (a, b, how often) in units of 1/`unit` points; None below two."""
    count = a_sum = b_sum = products = 0
    for a, b, times in rows:
        count += times
        a_sum += a * times
        b_sum += b * times
        products += a * b * times
    return (products - Fraction(a_sum * b_sum, count)) / (count - 1) / unit**2 if count > 1 else None


def by_rank(rows: Pairs) -> Pairs:
    """All a and all b, each sorted, paired by rank: the pairing with the highest covariance. Works on the counts."""
    first, second = Counter(), Counter()
    for a, b, times in rows:
        first[a] += times
        second[b] += times
    firsts, seconds = sorted(first.items()), sorted(second.items())
    while firsts:
        (a, a_times), (b, b_times) = firsts.pop(), seconds.pop()
        times = min(a_times, b_times)
        yield a, b, times
        if a_times > times:
            firsts.append((a, a_times - times))
        if b_times > times:
            seconds.append((b, b_times - times))


def variance(question: QuestionCounts, unit: int) -> Fraction | None:
    """Of the marks, in points²; None below two attempts."""
    return covariance(((x, x, times) for x, _, times in question.pairs), unit)


def item_statistics(counts: Counts) -> list[ItemStatistics]:
    """The figures of each question, in order.

    - facility F = 100 · mean(x) / maximum; None for a maximum of 0 or without attempts;
    - standard deviation √(Σ (x − mean)² / (s − 1)); None below two attempts;
    - discrimination index DI = 100 · cov(x, o) / √(var x · var o); None where either variance is 0;
    - discriminative efficiency DE = 100 · cov(x, o) / cov_max, where cov_max pairs the two lists sorted; None where
      that is 0;
    - effective weight = 100 · √cov(x, T) / Σ √cov(x, T) over the questions for which it is not negative; None where it
      is negative (`is_weight_negative`) or the sum is 0, and for every question if some are drawn: readers then have
      no paper in common.
    """
    items = [_item(question, counts.unit) for question in counts.questions]
    has_weights = not any(question.is_drawn for question in counts.questions)
    total = sum(item.weight or 0 for item in items) if has_weights else 0
    return [
        item._replace(weight=100 * item.weight / total if item.weight is not None and total else None) for item in items
    ]


def _item(question: QuestionCounts, unit: int) -> ItemStatistics:
    """With √cov(x, T) in place of the weight."""
    pairs, attempts = question.pairs, question.attempts
    rest = [(x, total if question.is_drawn else total - x, times) for x, total, times in pairs]
    x_x, x_rest, x_total = variance(question, unit), covariance(rest, unit), covariance(pairs, unit)
    rest_rest, highest = covariance(((o, o, times) for _, o, times in rest), unit), covariance(by_rank(rest), unit)
    facility = None
    if attempts and question.maximum:
        facility = float(100 * Fraction(sum(x * times for x, _, times in pairs), unit * attempts) / question.maximum)
    is_negative = x_total is not None and x_total < 0
    return ItemStatistics(
        question=question.id,
        attempts=attempts,
        answered=question.answered,
        facility=facility,
        sd=None if x_x is None else sqrt(x_x),
        discrimination=100 * x_rest / sqrt(x_x * rest_rest) if x_x and rest_rest else None,
        efficiency=float(100 * x_rest / highest) if highest else None,
        weight=None if x_total is None or is_negative else sqrt(x_total),
        is_weight_negative=is_negative,
    )


# --- answers ------------------------------------------------------------------------------------


def answers(question: QuestionCounts, table: list) -> list[AnswerStatistics]:
    """The answers of `table`, the question's `responses` or `parts`, in its order.

    The point-biserial is (M₁ − M₀) / sd · √(p (1 − p)): M₁ the mean total (with this question in it) of the share p
    that gave the answer, M₀ of the others, sd that of a population. None if all gave it, or all totals are equal.
    """
    attempts = question.attempts
    whole = sum(total * times for _, total, times in question.pairs)
    squares = sum(total * total * times for _, total, times in question.pairs)
    sd = sqrt(Fraction(squares * attempts - whole**2, attempts**2)) if attempts else 0
    found = []
    for key, count, total in table:
        others = attempts - count
        point_biserial = None
        if others and sd:
            difference = Fraction(total, count) - Fraction(whole - total, others)
            point_biserial = float(difference) / sd * sqrt(count * others) / attempts
        found.append(AnswerStatistics(key, count, count / attempts, point_biserial))
    return found


def choices(question: QuestionCounts, weights: Mapping[int, Fraction]) -> list[AnswerStatistics]:
    """Each choice of a question, in the order of `weights`, the share of the point by id.

    `attracts_strong` marks a choice without a positive weight whose point-biserial is positive, if at least
    `MINIMUM_CHOOSERS` of at least `MINIMUM_ATTEMPTS` readers took it.
    """
    table = question.parts if rules_of(question.kind).takes_several else question.responses
    by_key = {answer.key: answer for answer in answers(question, table)}
    listed = []
    for choice, weight in weights.items():
        answer = by_key.get(str(choice)) or AnswerStatistics(str(choice), 0, 0.0, None)
        is_enough = answer.count >= MINIMUM_CHOOSERS and question.attempts >= MINIMUM_ATTEMPTS
        attracts_strong = is_enough and weight <= 0 and (answer.point_biserial or 0) > 0
        listed.append(answer._replace(attracts_strong=attracts_strong))
    return listed
