"""What one reader got right, and the same on paper."""

from datetime import datetime

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from publishing.cache import pages

from ..results import result_context
from ..taking import snapshots, submitting, tickets
from ..taking.tickets import Ticket


def _reviewed(token):
    """An attempt with its edition, its quiz and every question reviewed. One query, and four after a change."""
    attempt = submitting.find(token)
    if attempt is None:
        raise Http404
    edition = snapshots.edition(attempt.edition_id)
    quiz = snapshots.quiz_of(edition)
    return attempt, edition, quiz, result_context.review(attempt, edition, quiz)


@require_safe
@pages.personal
def result(request, token):
    """What one reader got right, what not, and why. Whoever holds the address may read it."""
    attempt, edition, quiz, questions = _reviewed(token)
    score, maximum = submitting.corrected_score(attempt, edition, quiz.corrections_for(edition))
    address = settings.SITE_URL + attempt.get_absolute_url()
    context = {
        "attempt": attempt,
        "edition": edition,
        "quiz": quiz,
        "articles": quiz.linked_articles,
        "questions": questions,
        "score": result_context.points_text(score),
        "maximum": maximum,
        "is_all": score == maximum,
        "corrections": _corrections(quiz.corrections_for(edition, attempt.created_at), questions),
        "retry_url": _retry_url(attempt, quiz, edition, questions),
        "print_url": f"{attempt.get_absolute_url()}print/",
        "result_url": address,
        "share_text": _share_text(quiz, result_context.points_text(score), maximum, questions),
        "score_before": result_context.points_text(attempt.score),
        "maximum_before": attempt.maximum,
    }
    return render(request, "quizzes/attempt_result.html", context)


@require_safe
@pages.personal
def printout(request, token):
    """The paper to fill in by hand, with the answers on its last page."""
    attempt, edition, quiz, questions = _reviewed(token)
    address = settings.SITE_URL + attempt.get_absolute_url()
    context = {"quiz": quiz, "edition": edition, "questions": questions, "result_url": address}
    return render(request, "quizzes/attempt_print.html", context)


def _corrections(made, questions) -> list[dict]:
    """What was corrected since the paper was handed in: note, moment, and the numbers of the questions."""
    numbers = {question["id"]: question["number"] for question in questions}
    return [
        {
            "note": correction["note"],
            "moment": datetime.fromisoformat(correction["at"]),
            "number": numbers[correction["question"]],
        }
        for correction in made
        if correction["question"] in numbers
    ]


def _retry_url(attempt, quiz, edition, questions) -> str:
    """A paper with what was not right; empty when all was, or when the quiz is gone."""
    missed = tuple(question["id"] for question in questions if question["state"] not in ("right", "disregarded"))
    if not missed or not quiz.is_published:
        return ""
    sealed = tickets.again(Ticket(edition.pk), missed, seed=attempt.token[:12]).sealed()
    return f"{quiz.get_absolute_url()}?{urlencode({'paper': sealed})}"


def _share_text(quiz, score, maximum, questions) -> str:
    """How it went, and no answer: the marks of the questions in their order."""
    marks = "".join(question["mark"] for question in questions)
    return f"{quiz.title}: {score} of {maximum}\n{marks}\n{settings.SITE_URL}{quiz.get_absolute_url()}"
