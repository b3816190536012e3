"""Pages for correcting a question that readers have answered already, as magazines print errata."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from quizzes.editing import freezing
from quizzes.kinds import corrected, rules_of
from quizzes.kinds.base_forms import text_of
from quizzes.models import Correction, Quiz
from quizzes.results import corrections

from .forms import CorrectionForm


@dataclass(frozen=True)
class Line:
    """A correction as the desk lists it."""

    correction: Correction
    about: str
    accepted: str


def lines(quiz: Quiz) -> list[Line]:
    """The corrections of a quiz, oldest first. Two queries, three when there are some."""
    made = list(quiz.corrections.select_related("by"))
    asked = _asked(quiz) if made else {}
    return [_line(correction, asked.get(correction.question)) for correction in made]


def _line(correction, question) -> Line:
    if question is None:
        return Line(correction, "A question of an earlier edition", correction.text)
    chosen = [choice for choice in question["choices"] if choice["id"] == correction.choice]
    accepted = correction.text or "".join(text_of(choice["html"], 60) for choice in chosen)
    return Line(correction, text_of(question["stem"], 80), accepted)


def _asked(quiz: Quiz) -> dict[int, dict]:
    """The questions of the edition that readers are given, by id. One query."""
    edition = quiz.editions.filter(number=quiz.edition_number).first()
    return {question["id"]: question for question in freezing.upgraded(edition.bundle)["questions"]} if edition else {}


def _quiz_or_refuse(request, pk) -> Quiz:
    if not request.user.has_perm("quizzes.publish_quiz"):
        raise PermissionDenied
    return get_object_or_404(Quiz, pk=pk)


def _render(request, name, quiz, context, status=200):
    frame = admin.site.each_context(request) | {"opts": Quiz._meta, "quiz": quiz, "is_nav_sidebar_enabled": False}
    return render(request, f"admin/quizzes/{name}.html", frame | context, status=status)


def _back(quiz):
    return HttpResponseRedirect(f"{reverse('admin:quizzes_quiz_change', args=[quiz.pk])}#corrections")


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, pk):
    """First which question of the edition that readers are given (`?question=` in the address), then what to do."""
    quiz = _quiz_or_refuse(request, pk)
    asked = _asked(quiz)
    if "question" not in request.GET:
        if request.method == "POST":
            raise Http404("Say which question.")
        return _choose(request, quiz, asked)
    question = asked.get(int(number)) if (number := request.GET["question"]).isdecimal() else None
    if question is None:
        raise Http404("Readers are not asked this question.")
    known = [made.as_data() for made in quiz.corrections.filter(question=question["id"])]
    current = corrected(question, known)
    if current is None:
        messages.info(request, "This question is disregarded already. Delete that correction first.")
        return _back(quiz)
    form = CorrectionForm(request.POST if request.method == "POST" else None, question=current)
    if form.is_valid():
        corrections.correct(quiz, question, by=request.user, **form.correction())
        messages.success(request, "Corrected. Results show the score before and after, with your note.")
        return _back(quiz)
    return _ask(request, quiz, question, form)


def _choose(request, quiz, asked):
    rows = [
        {
            "number": number,
            "id": question["id"],
            "words": text_of(question["stem"], 120),
            "kind": rules_of(question["kind"]).hint,
        }
        for number, question in enumerate(asked.values(), 1)
    ]
    return _render(request, "correction_choose", quiz, {"title": "Which question?", "questions": rows})


def _ask(request, quiz, question, form):
    editions = corrections.editions_with(quiz, question["id"], quiz.edition_number)
    context = {
        "title": "Correct a live question",
        "words": text_of(question["stem"], 400),
        "kind": rules_of(question["kind"]).hint,
        "form": form,
        "editions": sorted(edition.number for edition in editions),
        "attempts": corrections.attempts_with(editions, question["id"]),
        "question": question["id"],
    }
    return _render(request, "correction_form", quiz, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, pk, correction):
    """GET asks whether that is meant, POST does it."""
    quiz = _quiz_or_refuse(request, pk)
    made = get_object_or_404(quiz.corrections.select_related("quiz"), pk=correction)
    if request.method == "POST":
        corrections.delete(made, by=request.user)
        messages.success(request, "Correction deleted. Results show the score that was given.")
        return _back(quiz)
    line = _line(made, _asked(quiz).get(made.question))
    return _render(request, "correction_delete", quiz, {"title": "Delete a correction", "line": line})
