"""What readers' answers say about a quiz, for its editors: a page to look at, and its table as a file."""

import csv
import re

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from ..models import Quiz
from ..statistics import reports, results

# A spreadsheet takes text that begins with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
COLUMNS = [
    "question", "text", "kind", "attempts", "facility %", "standard deviation", "discrimination index",
    "discriminative efficiency %", "effective weight %", "answered", "id", "remarks",
]  # fmt: skip


@require_safe
def of_quiz(request, pk):
    """The figures of one edition, by default of the current one; with `?format=csv` its table of questions as a file
    (the page instead, while nothing has been counted).

    Eight queries and those of the desk. What many readers answered is counted by a task, which this enqueues.
    """
    if not request.user.has_perm("quizzes.view_quiz"):
        raise PermissionDenied
    quiz = get_object_or_404(Quiz, pk=pk)
    editions = {str(edition.number): edition for edition in quiz.editions.defer("bundle")}
    context = {"quiz": quiz, "opts": Quiz._meta, "title": "Statistics", "is_nav_sidebar_enabled": False}
    if editions:
        edition = editions.get(request.GET.get("edition", str(quiz.edition_number)))
        if edition is None:
            raise Http404
        result = results.of([edition])[edition.pk]
        context |= {"editions": editions.values(), "edition": edition, "result": result}
        if result.counts:
            # The page keeps what it made of it (templates/admin/quizzes/statistics.html).
            known = result.state["corrections"]
            report = SimpleLazyObject(lambda: reports.report(edition.bundle, known, result.counts))
            if request.GET.get("format") == "csv":
                return _table(report, f"{quiz.slug}-{edition.number}.csv")
            context["report"] = report
        context["funnel"] = reports.funnel_of(edition, result.attempts)
        context["handed_in"] = edition.attempts.count()
    return render(request, "admin/quizzes/statistics.html", admin.site.each_context(request) | context)


def _table(report: reports.Report, name: str) -> HttpResponse:
    """Numbers as numbers, and no text that a spreadsheet takes for a formula."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for question in report.questions:
        writer.writerow([_cell(value) for value in _row(question)])
    return response


def _row(question: reports.QuestionReport) -> list:
    item = question.item
    figures = (item.facility, item.sd, item.discrimination, item.efficiency, item.weight)
    return [
        question.number, question.text, question.kind, item.attempts,
        *("" if value is None else f"{value:.6f}".rstrip("0").rstrip(".") for value in figures),
        item.answered, question.id, " ".join(question.flags + question.notes),
    ]  # fmt: skip


def _cell(value):
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(value)
    return f"'{value}" if is_formula else value
