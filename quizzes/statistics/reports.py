"""The statistics of an edition as editors see them: figures with their words, drawings, and a row for each question.

Indices are left out below `readings.MINIMUM_ATTEMPTS`; counts, means and facility are always there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from ..editing import freezing
from ..kinds import corrected, rules_of
from ..kinds.base_forms import text_of
from ..models import Edition, FunnelCount, Stage
from . import charts, items, readings, whole
from .answer_reports import AnswerGroup, figure, groups
from .counting import Counts, QuestionCounts
from .items import ItemStatistics

# Steps of "answered so many" in a funnel, at the most.
FUNNEL_STEPS = 10

DISREGARDED = "Disregarded: not counted."
DRAWN = "Drawn at random: some readers did not get it."
CORRECTED = "Corrected: all answers are graded as corrected."
NEGATIVE = "Strong readers do worse here: check the key and the wording."


@dataclass(frozen=True)
class Figure:
    """A figure of the quiz with its usual reading."""

    name: str
    value: str
    words: str = ""


@dataclass(frozen=True)
class QuestionReport:
    """A question with its figures; those that are not to be shown yet are None."""

    number: int
    id: int
    kind: str
    text: str
    item: ItemStatistics
    groups: list[AnswerGroup]
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    @property
    def facility(self) -> str:
        return figure(self.item.facility, 0, " %")

    @property
    def facility_words(self) -> str:
        return readings.of_facility(self.item.facility)

    @property
    def sd(self) -> str:
        return figure(self.item.sd)

    @property
    def discrimination(self) -> str:
        return figure(self.item.discrimination, 0)

    @property
    def discrimination_words(self) -> str:
        return readings.of_discrimination(self.item.discrimination)

    @property
    def efficiency(self) -> str:
        return figure(self.item.efficiency, 0)

    @property
    def weight(self) -> str:
        return figure(self.item.weight, 1, " %")


@dataclass(frozen=True)
class Report:
    attempts: int
    missing: int
    figures: list[Figure]
    histogram: charts.Histogram
    facility: charts.BarChart
    questions: list[QuestionReport]

    @property
    def is_shown(self) -> bool:
        return not self.missing


def report(bundle: Mapping, corrections: Sequence[Mapping], counts: Counts) -> Report:
    """All of it. `corrections` are those that were counted with. No query."""
    bundle = freezing.upgraded(bundle)
    attempts = counts.attempts
    mended = [corrected(question, corrections) for question in bundle["questions"]]
    rows = zip(bundle["questions"], mended, counts.questions, items.of(counts), strict=True)
    questions = [_question(number, *row) for number, row in enumerate(rows, 1)]
    asked = sum(question is not None for question in mended)
    totals = {Fraction(total, counts.unit): times for total, times in counts.totals}
    return Report(
        attempts=attempts,
        missing=readings.missing(attempts),
        figures=_figures(whole.of(counts), readings.shown(attempts)),
        histogram=charts.histogram(totals, min(bundle["draw"] or asked, asked)),
        facility=charts.facility([(str(asked.number), asked.item.facility) for asked in questions]),
        questions=questions,
    )


def _figures(found: whole.QuizStatistics, is_shown: bool) -> list[Figure]:
    always = [
        Figure("First attempts", f"{found.attempts:,}", "whole papers, in time"),
        Figure("Mean", figure(found.mean), "points"),
        Figure("Median", figure(found.median), "points"),
    ]
    if not is_shown:
        return always
    return [
        *always,
        Figure("Standard deviation", figure(found.sd), "points"),
        Figure("Skewness", figure(found.skewness), readings.of_skewness(found.skewness)),
        Figure("Kurtosis", figure(found.kurtosis), readings.of_kurtosis(found.kurtosis)),
        Figure("Internal consistency", figure(found.consistency, 0, " %"), readings.of_consistency(found.consistency)),
        Figure("Error ratio", figure(found.error_ratio, 0, " %"), "of the deviation is due to chance"),
        Figure("Standard error", figure(found.standard_error), "points"),
    ]


def _question(
    number: int, question: Mapping, mended: Mapping | None, counted: QuestionCounts, item: ItemStatistics
) -> QuestionReport:
    is_shown = readings.shown(counted.attempts)
    if not is_shown:
        item = item._replace(sd=None, discrimination=None, efficiency=None, weight=None, is_weight_negative=False)
    answers = groups(mended or question, counted, is_shown)
    notes = [] if mended else [DISREGARDED]
    if counted.is_drawn:
        notes.append(DRAWN)
    if mended and mended is not question and mended != question:
        notes.append(CORRECTED)
    return QuestionReport(
        number=number,
        id=question["id"],
        kind=rules_of(question["kind"]).label,
        text=text_of(question["stem"]),
        item=item,
        groups=answers,
        notes=notes,
        flags=_flags(item, answers),
    )


def _flags(item: ItemStatistics, answers: list[AnswerGroup]) -> list[str]:
    found = []
    if item.is_weight_negative or (item.discrimination or 0) < 0:
        found.append(NEGATIVE)
    strong = [row.label for group in answers for row in group.rows if row.attracts_strong]
    if strong:
        found.append(f"Strong readers prefer a wrong choice: {', '.join(strong)}.")
    return found


def funnel_of(edition: Edition, attempts: int) -> charts.BarChart | None:
    """How far browsers come: seen, started, so many answered, handed in; of long papers every second, third … number
    of answers. None when no browser has told. One query."""
    rows = FunnelCount.objects.filter(edition=edition).values_list("stage", "answered", "count")
    counts = {(stage, answered): count for stage, answered, count in rows}
    return funnel(freezing.upgraded(edition.bundle), attempts, counts)


def funnel(bundle: Mapping, attempts: int, counts: Mapping[tuple[str, int], int]) -> charts.BarChart | None:
    """The same of {(stage, number of answers): browsers}."""
    if not any(count for (stage, _), count in counts.items() if stage != Stage.STARTED):
        return None
    asked = bundle["draw"] or len(bundle["questions"])
    every = ceil(asked / FUNNEL_STEPS)
    answered = [number for number in range(1, asked + 1) if number % every == 0 or number == asked]
    return charts.funnel(
        [
            ("Seen", counts.get((Stage.SEEN, 0), 0)),
            ("Started", counts.get((Stage.STARTED, 0), 0)),
            *((f"Answered {number}", counts.get((Stage.ANSWERED, number), 0)) for number in answered),
            ("Submitted", attempts),
        ]
    )
