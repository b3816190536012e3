"""A paper as readers would see it from the questions as they are now, and its result. Nothing is stored."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ..editing import freezing, snapshots, validation
from ..editing.snapshots import EditionSnapshot
from ..forms import PaperForm
from ..kinds import rules_of
from ..models import Attempt, Placement, Question, Quiz
from ..results import result_context
from ..taking import paper_context, submitting, tickets
from ..taking.papers import Paper

LOST = "It is not clear which paper you answered. This is the paper as it is now; answer it again."
NOT_SOUND = "Some answers could not be taken; the questions say why."


@require_http_methods(["GET", "HEAD", "POST"])
def of_quiz(request, pk):
    """The whole paper. Three queries and those of the desk; two more to grade it."""
    _need(request, "quizzes.view_quiz")
    quiz = get_object_or_404(Quiz.objects.select_related("category"), pk=pk)
    return _show(request, quiz, quiz.placed(), back=reverse("admin:quizzes_quiz_change", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def of_question(request, pk):
    """One question, on a paper of its own."""
    _need(request, "quizzes.view_question")
    question = get_object_or_404(Question.objects.prefetch_related("choices"), pk=pk)
    quiz = Quiz(title=str(question))
    back = reverse("admin:quizzes_question_change", args=[pk])
    return _show(request, quiz, [Placement(quiz=quiz, question=question)], back=back)


def _need(request, permission) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _show(request, quiz: Quiz, placements: Sequence[Placement], *, back: str):
    left_out = _left_out(placements)
    asked = [placement for placement in placements if placement.question_id not in dict(left_out)]
    edition = _edition(quiz, asked)
    context = {"quiz": quiz, "edition": edition, "back": back, "left_out": left_out}
    if request.method != "POST":
        ticket = tickets.issued(0, now=None) if "again" in request.GET or edition.needs_start else tickets.Ticket(0)
        return _show_paper(request, Paper(edition, ticket), context)
    try:
        ticket = tickets.opened(request.POST.get("ticket", ""))
    except tickets.BadTicket:
        ticket = None
    if ticket is None or ticket.edition != 0:
        return _show_paper(request, Paper(edition, tickets.Ticket(0)), context | {"problem": LOST}, status=400)
    paper = Paper(edition, ticket)
    form = PaperForm(request.POST, paper=paper)
    if not form.is_valid():
        return _show_paper(request, paper, context | {"problem": NOT_SOUND}, form=form, status=422)
    return _show_result(request, paper, form.answers(), context)


def _left_out(placements) -> list[tuple[int, tuple[str, list[str]]]]:
    """Questions that cannot be asked yet: (id, (what it is called, why)), in their order."""
    found = []
    for placement in placements:
        question = placement.question
        if problems := validation.problems_of_question(question, list(question.choices.all())):
            found.append((question.pk, (str(question), problems)))
    return found


def _edition(quiz, placements) -> EditionSnapshot:
    """What would be frozen now, with the id 0 that no edition has, and a number that no correction is for."""
    bundle = freezing.bundle(quiz, placements)
    if quiz.draw_count and quiz.draw_count >= len(placements):
        bundle["draw"] = None
    return EditionSnapshot(pk=0, quiz=quiz.pk or 0, number=quiz.edition_number + 1, bundle=bundle)


def _show_paper(request, paper: Paper, context, *, form=None, status=200):
    sent, errors = (form.sent(), form.errors) if form else ({}, {})
    more = {
        "questions": paper_context.questions(paper, sent, errors),
        "scripts": paper_context.scripts(paper),
        "ticket": paper.ticket.sealed(),
        "is_varied": paper.edition.bundle["shuffle_questions"] or paper.edition.bundle["draw"] or _has_shuffle(paper),
    }
    return render(request, "admin/quizzes/preview_paper.html", context | more, status=status)


def _has_shuffle(paper: Paper) -> bool:
    return any(rules_of(question["kind"]).is_mixed(question) for question in paper.questions)


def _show_result(request, paper: Paper, answers, context):
    record = submitting.attempt_record(paper, answers, who="", reader="", now=datetime.now().astimezone())
    del record["quiz"]
    attempt = Attempt(**record)
    more = {
        "questions": result_context.review(attempt, paper.edition, snapshots.of(context["quiz"], paper.edition)),
        "score": result_context.points_text(attempt.score),
        "maximum": attempt.maximum,
    }
    return render(request, "admin/quizzes/preview_result.html", context | more)
