"""Pages for correcting a published question, and for deleting a correction."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quizzes.editing import freezing
from quizzes.kinds import corrected, rules_of
from quizzes.kinds.base_forms import text_of
from quizzes.kinds.words import translated
from quizzes.models import Correction, Quiz
from quizzes.results import corrections

from ..base import render_page
from .forms import CorrectionForm


def corrections_of(quiz: Quiz) -> list[Correction]:
    """The corrections of a quiz, oldest first, each with `question_text` and the `accepted` answer as text."""
    rows = list(quiz.corrections.select_related("by"))
    questions = _questions(quiz) if rows else {}
    for correction in rows:
        _add_texts(correction, questions)
    return rows


def _add_texts(correction, questions) -> None:
    question = questions.get(correction.question)
    correction.question_text, correction.accepted = _("A question of an earlier edition"), correction.text
    if question:
        correction.question_text = text_of(question["stem"], 80)
        chosen = [choice for choice in question["choices"] if choice["id"] == correction.choice]
        correction.accepted = correction.text or "".join(text_of(choice["html"], 60) for choice in chosen)


def _questions(quiz) -> dict[int, dict]:
    """The questions of the current edition by id."""
    edition = quiz.editions.filter(number=quiz.edition_number).first()
    return {question["id"]: question for question in freezing.upgraded(edition.bundle)["questions"]} if edition else {}


def _back(quiz):
    return HttpResponseRedirect(f"{reverse('admin:quizzes_quiz_change', args=[quiz.pk])}#corrections")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("quizzes.publish_quiz", raise_exception=True)
def correct(request, pk):
    """Choose a question of the current edition, then (with `?question=`) correct it."""
    quiz = get_object_or_404(Quiz, pk=pk)
    questions, number = _questions(quiz), request.GET.get("question")
    if number is None and request.method != "POST":
        return _choose(request, quiz, questions)
    question = next((question for pk, question in questions.items() if str(pk) == number), None)
    if question is None:
        raise Http404("The current edition has no such question.")
    earlier = quiz.corrections.filter(question=question["id"])
    current = corrected(question, [correction.as_data() for correction in earlier])
    if current is None:
        messages.info(request, _("This question is already disregarded. To correct it, delete that correction first."))
        return _back(quiz)
    form = CorrectionForm(request.POST if request.method == "POST" else None, question=current)
    if form.is_valid():
        corrections.correct(quiz, question, by=request.user, **form.correction())
        messages.success(request, _("Correction saved. Results show the score before and after, with your note."))
        return _back(quiz)
    editions = corrections.editions_with(quiz, question["id"], quiz.edition_number)
    context = {
        "quiz": quiz,
        "title": _("Correct a published question"),
        "text": text_of(question["stem"], 400),
        "kind": translated(rules_of(question["kind"]).hint),
        "form": form,
        "editions": sorted(edition.number for edition in editions),
        "attempts": corrections.attempts_with(editions, question["id"]),
        "question": question["id"],
    }
    return render_page(request, "correction_form", context, status=422 if form.is_bound else 200)


def _choose(request, quiz, questions):
    rows = [
        {"id": pk, "text": text_of(question["stem"], 120), "kind": translated(rules_of(question["kind"]).hint)}
        for pk, question in questions.items()
    ]
    context = {"quiz": quiz, "title": _("Which question?"), "questions": rows}
    return render_page(request, "correction_choose", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("quizzes.publish_quiz", raise_exception=True)
def delete(request, pk, correction):
    """GET: confirm. POST: delete."""
    quiz = get_object_or_404(Quiz, pk=pk)
    correction = get_object_or_404(quiz.corrections.select_related("quiz"), pk=correction)
    if request.method == "POST":
        corrections.delete(correction, by=request.user)
        messages.success(request, _("Correction deleted. Results show the original score again."))
        return _back(quiz)
    _add_texts(correction, _questions(quiz))
    context = {"quiz": quiz, "title": _("Delete a correction"), "correction": correction}
    return render_page(request, "correction_delete", context)
