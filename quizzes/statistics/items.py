"""The figures of each question and of each answer to it, from their counts.

Item statistics are those of Moodle (question/classes/statistics/questions/calculator.php). s attempts had the question;
x is the mark on it, T the total of the paper, and o = T − x the rest of the paper; for a question of a random draw,
which is not on every paper, o = T. Moments are those of a sample (divided by s − 1) and are summed exactly; only the
finished figure is rounded to a float. What cannot be computed is None.

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

# So few readers of one choice say nothing about who chooses it.
MINIMUM_CHOOSERS = 5

Pairs = Iterable[tuple[int, int, int]]


class ItemStatistics(NamedTuple):
    """One question. See `of` for the formulas.

    `attempts` had it on their paper, `answered` of them gave an answer. `facility` is in percent of the marks, 0 to
    100; `sd` in marks; `discrimination` and `efficiency` from −100 to 100; `weight` in percent, all together 100.
    """

    question: int
    attempts: int
    answered: int
    facility: float | None
    sd: float | None
    discrimination: float | None
    efficiency: float | None
    weight: float | None
    # The mark goes down where the total goes up, so that no weight can be given.
    is_weight_negative: bool


class AnswerStatistics(NamedTuple):
    """One answer: `count` readers gave it, `share` (0 to 1) of those who had the question on their paper.

    `point_biserial`, −1 to 1, is positive when those who gave it did better on the whole paper than the others.
    """

    key: str
    count: int
    share: float
    point_biserial: float | None
    # A wrong choice that readers with high totals prefer: what is asked may be ambiguous, or the key wrong.
    attracts_strong: bool = False


def covariance(rows: Pairs) -> Fraction | None:
    """Σ (a − mean a)(b − mean b) / (s − 1) of (a, b, how often), exactly; None below two."""
    count = a_sum = b_sum = products = 0
    for a, b, times in rows:
        count += times
        a_sum += a * times
        b_sum += b * times
        products += a * b * times
    return (products - Fraction(a_sum * b_sum, count)) / (count - 1) if count > 1 else None


def by_rank(rows: Pairs) -> list[tuple[int, int, int]]:
    """All a and all b sorted each for itself and paired by rank: of all pairings the one with the highest covariance.

    Works on the counts, without writing out every value.
    """
    first, second = Counter(), Counter()
    for a, b, times in rows:
        first[a] += times
        second[b] += times
    paired, a_values, b_values = [], sorted(first.items()), sorted(second.items())
    a_index = b_index = a_used = b_used = 0
    while a_index < len(a_values):
        (a, a_times), (b, b_times) = a_values[a_index], b_values[b_index]
        times = min(a_times - a_used, b_times - b_used)
        paired.append((a, b, times))
        a_used, b_used = a_used + times, b_used + times
        if a_used == a_times:
            a_index, a_used = a_index + 1, 0
        if b_used == b_times:
            b_index, b_used = b_index + 1, 0
    return paired


class _Sums(NamedTuple):
    """What the figures of a question are made of; moments in marks², None below two attempts."""

    mean: Fraction | None
    x: Fraction | None
    rest: Fraction | None
    x_rest: Fraction | None
    highest: Fraction | None
    x_total: Fraction | None


def _sums(question: QuestionCounts, unit: int) -> _Sums:
    marks = question.pairs
    rest = [(x, total if question.is_drawn else total - x, times) for x, total, times in marks]
    whole = sum(x * times for x, _, times in marks)

    def moment(rows: Pairs) -> Fraction | None:
        exact = covariance(rows)
        return None if exact is None else exact / unit**2

    return _Sums(
        mean=Fraction(whole, unit * question.attempts) if marks else None,
        x=moment((x, x, times) for x, _, times in marks),
        rest=moment((o, o, times) for _, o, times in rest),
        x_rest=moment(rest),
        highest=moment(by_rank(rest)),
        x_total=moment(marks),
    )


def variance(question: QuestionCounts, unit: int) -> Fraction | None:
    """Σ (x − mean x)² / (s − 1), exactly, in marks²; None below two attempts."""
    exact = covariance((x, x, times) for x, _, times in question.pairs)
    return None if exact is None else exact / unit**2


def of(counts: Counts) -> list[ItemStatistics]:
    """The figures of each question, in their order.

    - facility F = 100 · mean(x) / maximum; None for a maximum of 0 or without attempts;
    - standard deviation √(Σ (x − mean)² / (s − 1)); None below two attempts;
    - discrimination index DI = 100 · cov(x, o) / √(var x · var o); None where either variance is 0;
    - discriminative efficiency DE = 100 · cov(x, o) / cov_max, where cov_max pairs the two lists sorted; None where
      that is 0;
    - effective weight = 100 · √cov(x, T) / Σ √cov(x, T) over the questions for which it is not negative; None where it
      is negative (`is_weight_negative`) or the sum is 0, and for every question where papers are drawn: readers then
      have no paper in common that it could be a share of.
    """
    sums = [_sums(question, counts.unit) for question in counts.questions]
    roots = [sqrt(found.x_total) for found in sums if found.x_total is not None and found.x_total >= 0]
    all_roots = 0 if any(question.is_drawn for question in counts.questions) else sum(roots)
    return [_item(question, found, all_roots) for question, found in zip(counts.questions, sums, strict=True)]


def _item(question: QuestionCounts, sums: _Sums, all_roots: float) -> ItemStatistics:
    is_negative = sums.x_total is not None and sums.x_total < 0
    has_weight = sums.x_total is not None and not is_negative and all_roots
    return ItemStatistics(
        question=question.id,
        attempts=question.attempts,
        answered=question.answered,
        facility=float(100 * sums.mean / question.maximum) if question.attempts and question.maximum else None,
        sd=None if sums.x is None else sqrt(sums.x),
        discrimination=100 * sums.x_rest / sqrt(sums.x * sums.rest) if sums.x and sums.rest else None,
        efficiency=float(100 * sums.x_rest / sums.highest) if sums.highest else None,
        weight=100 * sqrt(sums.x_total) / all_roots if has_weight else None,
        is_weight_negative=is_negative,
    )


# --- answers ------------------------------------------------------------------------------------


def _answers(question: QuestionCounts, table: list) -> list[AnswerStatistics]:
    """The point-biserial is (M₁ − M₀) / sd · √(p (1 − p)): M₁ the mean total (with this question in it) of the share p
    that gave the answer, M₀ of the others, sd that of a population. None where everybody gave it, or all totals are the
    same."""
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


def responses(question: QuestionCounts) -> list[AnswerStatistics]:
    """Whole answers, most frequent first: ids as "7" or "3,7", or the text. Empty for matching and cloze."""
    return _answers(question, question.responses)


def parts(question: QuestionCounts) -> list[AnswerStatistics]:
    """Parts of answers, most frequent first: "place:item" of an order, "left:right" of a pair, "blank:text"."""
    return _answers(question, question.parts)


def choices(question: QuestionCounts, weights: Mapping[int, Fraction]) -> list[AnswerStatistics]:
    """Each choice of a question of a choice kind, in the order of `weights`, the share of the point by id.

    `attracts_strong` marks a choice without a positive weight whose point-biserial is positive, where at least
    `MINIMUM_CHOOSERS` of at least `MINIMUM_ATTEMPTS` readers took it.
    """
    found = {answer.key: answer for answer in (parts if rules_of(question.kind).takes_several else responses)(question)}
    listed = []
    for choice, weight in weights.items():
        answer = found.get(str(choice)) or AnswerStatistics(str(choice), 0, 0.0, None)
        listed.append(answer._replace(attracts_strong=_attracts_strong(answer, weight, question)))
    return listed


def _attracts_strong(answer: AnswerStatistics, weight: Fraction, question: QuestionCounts) -> bool:
    enough = answer.count >= MINIMUM_CHOOSERS and question.attempts >= MINIMUM_ATTEMPTS
    return enough and weight <= 0 and (answer.point_biserial or 0) > 0
