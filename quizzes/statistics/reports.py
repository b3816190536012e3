"""The statistics of an edition as editors see them: figures with their words, drawings, and a row for each question.

Indices are left out below `readings.MINIMUM_ATTEMPTS`; counts, means and facility are always there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from ..editing import freezing
from ..kinds import repaired, rules_of
from ..models import FunnelCount, Stage
from . import charts, items, readings, whole
from .answer_reports import AnswerGroup, figure, groups, text_of
from .items import ItemStatistics
from .tally import Tally

# Steps of "answered so many" in a funnel, at the most.
FUNNEL_STEPS = 10


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
    # None when no browser has told how far it came.
    funnel: charts.BarChart | None
    questions: list[QuestionReport]

    @property
    def is_shown(self) -> bool:
        return not self.missing


def report(bundle: Mapping, repairs: Sequence[Mapping], tally: Tally, funnel: Mapping[tuple[str, int], int]) -> Report:
    """All of it. `funnel` maps (stage, number of answers) to browsers. No query."""
    bundle = freezing.upgraded(bundle)
    is_shown = readings.shown(tally.attempts)
    questions = [
        _question(number, question, repaired(question, repairs), tally, item)
        for number, (question, item) in enumerate(zip(bundle["questions"], items.of(tally), strict=True), 1)
    ]
    steps = _steps(funnel, bundle["draw"] or len(questions), tally.attempts)
    is_measured = any(funnel.get((stage, number)) for stage, number in funnel if stage != Stage.STARTED)
    asked = sum(repaired(question, repairs) is not None for question in bundle["questions"])
    return Report(
        attempts=tally.attempts,
        missing=readings.missing(tally.attempts),
        figures=_figures(whole.of(tally), is_shown),
        histogram=charts.histogram(tally.totals, min(bundle["draw"] or asked, asked)),
        facility=charts.facility([(str(asked.number), asked.item.facility) for asked in questions]),
        funnel=charts.funnel(steps) if is_measured else None,
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
        Figure("Error ratio", figure(found.error_ratio, 0, " %"), "of the deviation is chance"),
        Figure("Standard error", figure(found.standard_error), "points"),
    ]


def _question(number: int, question: Mapping, mended: Mapping | None, tally: Tally, item: ItemStatistics):
    counted = tally.questions[question["id"]]
    is_shown = readings.shown(counted.attempts)
    if not is_shown:
        item = item._replace(sd=None, discrimination=None, efficiency=None, weight=None, is_weight_negative=False)
    answers = groups(mended or question, counted, is_shown)
    notes = [] if mended else ["Disregarded: it counts for nobody."]
    if counted.is_drawn:
        notes.append("Drawn: not on every paper.")
    if mended and mended is not question and mended != question:
        notes.append("Repaired: all answers are counted as it is graded now.")
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
        found.append("Who does well on the rest does worse here: is the key right, is it clear what is asked?")
    strong = [row.label for group in answers for row in group.rows if row.attracts_strong]
    if strong:
        word = "Choice" if len(strong) == 1 else "Choices"
        verb = "attracts" if len(strong) == 1 else "attract"
        found.append(f"{word} {' and '.join(strong)}, not right, {verb} strong readers.")
    return found


def _steps(funnel: Mapping[tuple[str, int], int], asked: int, finished: int) -> list[tuple[str, int]]:
    """Seen, started, so many answered, handed in; of long papers every second, third … number of answers."""
    every = ceil(asked / FUNNEL_STEPS)
    answered = [number for number in range(1, asked + 1) if number % every == 0 or number == asked]
    return [
        ("Seen", funnel.get((Stage.SEEN, 0), 0)),
        ("Started", funnel.get((Stage.STARTED, 0), 0)),
        *((f"Answered {number}", funnel.get((Stage.ANSWERED, number), 0)) for number in answered),
        ("Handed in", finished),
    ]


def funnel_of(edition) -> dict[tuple[str, int], int]:
    """How many browsers came how far. One query."""
    rows = FunnelCount.objects.filter(edition=edition).values_list("stage", "answered", "count")
    return {(stage, answered): count for stage, answered, count in rows}
