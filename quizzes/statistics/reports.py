"""The statistics of an edition as editors see them. Indices are left out below `readings.MINIMUM_ATTEMPTS`."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from ..editing import freezing
from ..kinds import corrected, rules_of
from ..kinds.base_forms import text_of
from ..kinds.words import translated
from ..models import Edition, FunnelCount, Stage
from . import charts, items, readings, whole
from .answer_reports import AnswerGroup, figure, groups
from .counting import Counts, QuestionCounts
from .items import ItemStatistics

# Most steps "answered so many" in a funnel.
FUNNEL_STEPS = 10

DISREGARDED = _("Disregarded: not counted.")
DRAWN = _("Drawn at random: some readers did not get it.")
CORRECTED = _("Corrected: all answers are graded as corrected.")
NEGATIVE = _("Strong readers do worse here: check the key and the wording.")


class Figure(NamedTuple):
    """A figure with what it usually means."""

    name: str
    value: str
    words: str = ""


class QuestionReport(NamedTuple):
    """A question; indices that are not shown yet are None in `item` and "–" in `figures`."""

    number: int
    id: int
    kind: str
    text: str
    item: ItemStatistics
    figures: list[Figure]
    groups: list[AnswerGroup]
    notes: list[str]
    flags: list[str]


class EditionReport(NamedTuple):
    """`missing`: how many more attempts it takes until indices are shown."""

    missing: int
    figures: list[Figure]
    histogram: charts.Histogram
    facility: charts.BarChart
    questions: list[QuestionReport]


def report(bundle: Mapping, corrections: Sequence[Mapping], counts: Counts) -> EditionReport:
    """`corrections` are those that were counted with."""
    bundle = freezing.upgraded(bundle)
    rows = zip(bundle["questions"], counts.questions, items.item_statistics(counts), strict=True)
    questions = [_question(number, *row, corrections) for number, row in enumerate(rows, 1)]
    counted = sum(DISREGARDED not in question.notes for question in questions)
    totals = {Fraction(total, counts.unit): times for total, times in counts.totals}
    return EditionReport(
        missing=readings.missing(counts.attempts),
        figures=_figures(whole.quiz_statistics(counts)),
        histogram=charts.histogram(totals, min(bundle["draw"] or counted, counted)),
        facility=charts.facility([(str(question.number), question.item.facility) for question in questions]),
        questions=questions,
    )


def _figures(quiz: whole.QuizStatistics) -> list[Figure]:
    figures = [
        Figure(_("First attempts"), charts.grouped(quiz.attempts), _("whole papers, in time")),
        Figure(_("Mean"), figure(quiz.mean), _("points")),
        Figure(_("Median"), figure(quiz.median), _("points")),
        Figure(_("Standard deviation"), figure(quiz.sd), _("points")),
        Figure(_("Skewness"), figure(quiz.skewness), translated(readings.of_skewness(quiz.skewness))),
        Figure(_("Kurtosis"), figure(quiz.kurtosis), translated(readings.of_kurtosis(quiz.kurtosis))),
        Figure(
            _("Internal consistency"),
            figure(quiz.consistency, 0, " %"),
            translated(readings.of_consistency(quiz.consistency)),
        ),
        Figure(_("Error ratio"), figure(quiz.error_ratio, 0, " %"), _("of the deviation is due to chance")),
        Figure(_("Standard error"), figure(quiz.standard_error), _("points")),
    ]
    return figures[:3] if readings.missing(quiz.attempts) else figures


def _question(
    number: int, question: Mapping, counts: QuestionCounts, item: ItemStatistics, corrections: Sequence[Mapping]
) -> QuestionReport:
    is_shown = not readings.missing(counts.attempts)
    if not is_shown:
        item = item._replace(sd=None, discrimination=None, efficiency=None, weight=None, is_weight_negative=False)
    graded = corrected(question, corrections)
    answers = groups(graded or question, counts, is_shown)
    notes = {DISREGARDED: graded is None, DRAWN: counts.is_drawn, CORRECTED: graded and graded != question}
    return QuestionReport(
        number=number,
        id=question["id"],
        kind=translated(rules_of(question["kind"]).label),
        text=text_of(question["stem"]),
        item=item,
        figures=[
            Figure(_("Facility"), figure(item.facility, 0, " %"), translated(readings.of_facility(item.facility))),
            Figure(_("SD"), figure(item.sd)),
            Figure(
                _("DI"), figure(item.discrimination, 0), translated(readings.of_discrimination(item.discrimination))
            ),
            Figure(_("DE"), figure(item.efficiency, 0)),
            Figure(_("Weight"), figure(item.weight, 1, " %")),
        ],
        groups=answers,
        notes=[str(note) for note, applies in notes.items() if applies],
        flags=_flags(item, answers),
    )


def _flags(item: ItemStatistics, answers: list[AnswerGroup]) -> list[str]:
    flags = [str(NEGATIVE)] if item.is_weight_negative or (item.discrimination or 0) < 0 else []
    strong = [row.label for group in answers for row in group.rows if row.answer.attracts_strong]
    if not strong:
        return flags
    return [*flags, _("Strong readers prefer a wrong choice: %(choices)s.") % {"choices": ", ".join(strong)}]


def funnel_of(edition: Edition, attempts: int) -> charts.BarChart | None:
    """How far browsers get: seen, started, so many answered, submitted. None if no browser was counted."""
    rows = FunnelCount.objects.filter(edition=edition).values_list("stage", "answered", "count")
    counts = {(stage, answered): count for stage, answered, count in rows}
    return funnel(freezing.upgraded(edition.bundle), attempts, counts)


def funnel(bundle: Mapping, attempts: int, counts: Mapping[tuple[str, int], int]) -> charts.BarChart | None:
    """The same from {(stage, number of answers): browsers}. Long quizzes show every second, third, … number."""
    if not any(count for (stage, _answered), count in counts.items() if stage != Stage.STARTED):
        return None
    last = bundle["draw"] or len(bundle["questions"])
    numbers = [number for number in range(1, last + 1) if number % ceil(last / FUNNEL_STEPS) == 0 or number == last]
    steps = [(Stage.SEEN.label, Stage.SEEN, 0), (Stage.STARTED.label, Stage.STARTED, 0)]
    steps += [(_("Answered %(number)s") % {"number": number}, Stage.ANSWERED, number) for number in numbers]
    browsers = [(label, counts.get((stage, number), 0)) for label, stage, number in steps]
    return charts.funnel([*browsers, (_("Submitted"), attempts)])
