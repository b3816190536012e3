"""Statistics of a quiz: a page, and its table of questions as a CSV file."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publishing.web import spreadsheets

from ..models import Quiz
from ..statistics import reports, results
from .base import render_page

COLUMNS = [
    "question", "text", "kind", "attempts", "facility %", "standard deviation", "discrimination index",
    "discriminative efficiency %", "effective weight %", "answered", "id", "remarks",
]  # fmt: skip


@require_safe
@permission_required("quizzes.view_quiz", raise_exception=True)
def quiz_statistics(request, pk):
    """Statistics of one edition, by default the current one; as CSV with `?format=csv` once there are counts.

    Many attempts are counted by a task, which this enqueues.
    """
    quiz = get_object_or_404(Quiz.objects.visible_to(request.user), pk=pk)
    editions = {str(edition.number): edition for edition in quiz.editions.defer("bundle")}
    context = {"quiz": quiz, "title": _("Statistics")}
    if editions:
        edition = editions.get(request.GET.get("edition", str(quiz.edition_number)))
        if edition is None:
            raise Http404
        result = results.for_editions([edition])[edition.pk]
        context |= {
            "editions": editions.values(),
            "edition": edition,
            "result": result,
            "funnel": reports.funnel_of(edition, result.attempts),
            "submitted": edition.attempts.count(),
        }
        if result.counts:
            # Lazy, because the template caches what it renders of the report.
            context["report"] = SimpleLazyObject(
                lambda: reports.report(edition.bundle, result.state["corrections"], result.counts)
            )
            if request.GET.get("format") == "csv":
                return _csv_response(context["report"], f"{quiz.slug}-{edition.number}.csv")
    return render_page(request, "statistics", context)


def _csv_response(report: reports.EditionReport, name: str) -> HttpResponse:
    rows = []
    for question in report.questions:
        item = question.item
        figures = (item.facility, item.sd, item.discrimination, item.efficiency, item.weight)
        rows.append([
            question.number, question.text, question.kind, item.attempts,
            *("" if value is None else f"{value:.6f}".rstrip("0").rstrip(".") for value in figures),
            item.answered, question.id, " ".join(question.flags + question.notes),
        ])  # fmt: skip
    return spreadsheets.response(name, COLUMNS, rows)
