"""Preview a quiz or a question: the saved questions as readers will see them, and a result. Nothing is stored.

The page is in the site's language, under a notice in that of the desk.
"""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from publishing.models import Publication
from publishing.text import languages

from ..editing import freezing, snapshots, validation
from ..editing.snapshots import EditionSnapshot
from ..forms import PaperForm
from ..kinds import rules_of
from ..models import Placement, Question, Quiz
from ..results import result_context
from ..taking import paper_context, submitting, tickets
from ..taking.papers import Paper

# The id of the edition that is previewed; no stored edition has it.
NO_EDITION = 0
BAD_TICKET = _("This preview is out of date. Here is the current one: please answer it again.")
INVALID = _("Some answers are not valid. See the questions below.")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("quizzes.view_quiz", raise_exception=True)
def preview_quiz(request, pk):
    quiz = get_object_or_404(Quiz.objects.visible_to(request.user).select_related("category"), pk=pk)
    return _preview(request, quiz, quiz.placed(), back=reverse("admin:quizzes_quiz_change", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("quizzes.view_question", raise_exception=True)
def preview_question(request, pk):
    question = get_object_or_404(Question.objects.visible_to(request.user).prefetch_related("choices"), pk=pk)
    quiz = Quiz(title=str(question))
    back = reverse("admin:quizzes_question_change", args=[pk])
    return _preview(request, quiz, [Placement(quiz=quiz, question=question)], back=back)


def _preview(request, quiz: Quiz, placements: Sequence[Placement], *, back: str):
    complete, left_out = [], []
    for placement in placements:
        question = placement.question
        if problems := validation.problems_of_question(question, list(question.choices.all())):
            left_out.append((question, problems))
        else:
            complete.append(placement)
    edition = _edition(quiz, complete)
    context = {"quiz": quiz, "edition": edition, "back": back, "left_out": left_out}
    unshuffled = tickets.Ticket(NO_EDITION)
    if request.method != "POST":
        is_shuffled = "again" in request.GET or edition.needs_start
        ticket = tickets.issued(NO_EDITION, now=None) if is_shuffled else unshuffled
        return _show_paper(request, Paper(edition, ticket), context)
    try:
        ticket = tickets.opened(request.POST.get("ticket", ""))
    except tickets.BadTicket:
        ticket = None
    if ticket is None or ticket.edition != NO_EDITION:
        return _show_paper(request, Paper(edition, unshuffled), context | {"problem": BAD_TICKET}, status=400)
    paper = Paper(edition, ticket)
    form = PaperForm(request.POST, paper=paper)
    with languages.of_the_site():
        is_valid = form.is_valid()
    if not is_valid:
        return _show_paper(request, paper, context | {"problem": INVALID}, form=form, status=422)
    return _show_result(request, paper, form.answers(), context)


def _edition(quiz, placements) -> EditionSnapshot:
    """What publishing would freeze now, with a number so high that no correction applies."""
    bundle = freezing.bundle(quiz, placements)
    if quiz.draw_count and quiz.draw_count >= len(placements):
        bundle["draw"] = None
    return EditionSnapshot(pk=NO_EDITION, quiz=quiz.pk or 0, number=quiz.edition_number + 1, bundle=bundle)


def _show_paper(request, paper: Paper, context, *, form=None, status=200):
    sent, errors = (form.sent(), form.errors) if form else ({}, {})
    bundle = paper.edition.bundle
    with languages.of_the_site():
        questions = paper_context.questions(paper, sent, errors)
    context |= {
        "questions": questions,
        "scripts": paper_context.scripts(paper),
        "ticket": paper.ticket.sealed(),
        "is_varied": bundle["shuffle_questions"]
        or bundle["draw"]
        or any(rules_of(question["kind"]).is_shuffled(question) for question in paper.questions),
    }
    return _page(request, "preview_paper", context, status)


def _show_result(request, paper: Paper, answers, context):
    record = submitting.attempt_record(paper, answers, sender="", reader="", now=datetime.now().astimezone())
    attempt = submitting.attempt_of(record)
    quiz = snapshots.snapshot_of(context["quiz"], paper.edition)
    with languages.of_the_site():
        questions = result_context.review(attempt, paper.edition, quiz)
        score = result_context.points_text(attempt.score)
    context |= {"questions": questions, "score": score, "maximum": attempt.maximum, "is_result": True}
    return _page(request, "preview_result", context)


def _page(request, name: str, context, status=200):
    titles = {"title": context["quiz"].title, "name": Publication.current().name}
    context |= {
        "title": _("Preview: %(title)s · %(name)s") % titles,
        "desk": get_language(),
        "problem": str(context.get("problem", "")),
        "notice": render_to_string("admin/quizzes/preview_notice.html", context, request),
    }
    with languages.of_the_site():
        return render(request, f"admin/quizzes/{name}.html", context, status=status)
