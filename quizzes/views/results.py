"""The result of one attempt, and the same to print."""

from datetime import datetime

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.covers import sharing
from publishing.cache import pages
from publishing.drawing.serving import card_response
from publishing.groups import Group, in_group

from ..results import result_context
from ..results.result_context import points_text
from ..taking import snapshots, submitting
from ..taking.tickets import Ticket
from . import cards


def _context(token) -> dict:
    attempt = submitting.find(token)
    if attempt is None:
        raise Http404
    edition = snapshots.edition(attempt.edition_id)
    quiz = snapshots.quiz_of(edition)
    return {
        "attempt": attempt,
        "edition": edition,
        "quiz": quiz,
        "questions": result_context.review(attempt, edition, quiz),
        "result_url": settings.SITE_URL + attempt.get_absolute_url(),
    }


@in_group(Group.QUIZZES)
@require_safe
@pages.personal
def result(request, token):
    """Score, answers and explanations, with all corrections. Everyone with the link may read it."""
    context = _context(token)
    attempt, edition, quiz, questions = (context[name] for name in ("attempt", "edition", "quiz", "questions"))
    counted = _counted(questions)
    score, maximum = points_text(sum(counted)), len(counted)
    context |= {
        "articles": quiz.linked_articles,
        "score": score,
        "maximum": maximum,
        "is_all": sum(counted) == maximum,
        "corrections": _corrections(quiz.corrections_for(edition, attempt.created_at), questions),
        "retry_url": _retry_url(attempt, quiz, questions),
        "share_text": _share_text(quiz, score, maximum, questions),
        "shared_title": _scored(edition.title, score, maximum),
        "time_taken": result_context.time_taken(attempt),
        "score_before": points_text(attempt.score),
        "og_image": sharing.image(attempt.get_absolute_url(), cards.of_result(quiz, edition, counted)),
    }
    return render(request, "quizzes/attempt_result.html", context)


def _counted(questions: list[dict]) -> list:
    """The points of the questions that count."""
    return [question["points"] for question in questions if question["state"] != "disregarded"]


@in_group(Group.QUIZZES)
@require_safe
def result_card(request, token, digest):
    """Whoever has the link sees the score; what was answered is not on it."""
    context = _context(token)
    card = cards.of_result(context["quiz"], context["edition"], _counted(context["questions"]))
    return card_response(request, card, digest, f"paper:{context['quiz'].pk}")


@in_group(Group.QUIZZES)
@require_safe
@pages.personal
def printout(request, token):
    """The quiz to fill in on paper, with the answers on the last page."""
    return render(request, "quizzes/attempt_print.html", _context(token))


def _corrections(corrections, questions) -> list[dict]:
    """Corrections with the number of their question, as far as the attempt has it."""
    numbers = {question["id"]: question["number"] for question in questions}
    return [
        correction | {"moment": datetime.fromisoformat(correction["at"]), "number": numbers[correction["question"]]}
        for correction in corrections
        if correction["question"] in numbers
    ]


def _retry_url(attempt, quiz, questions) -> str:
    """A paper with the questions that were not right; "" if there are none or the quiz is not published."""
    missed = tuple(question["id"] for question in questions if question["state"] not in ("right", "disregarded"))
    if not missed or not quiz.is_published:
        return ""
    ticket = Ticket(attempt.edition_id, seed=attempt.token[:12], only=missed)
    return f"{quiz.get_absolute_url()}?{urlencode({'paper': ticket.sealed()})}"


def _share_text(quiz, score, maximum, questions) -> str:
    """The score and the marks of the questions, without answers."""
    marks = "".join(question["mark"] for question in questions)
    return f"{_scored(quiz.title, score, maximum)}\n{marks}\n{settings.SITE_URL}{quiz.get_absolute_url()}"


def _scored(title: str, score: str, maximum: int) -> str:
    return _("%(title)s: %(score)s of %(maximum)s") % {"title": title, "score": score, "maximum": maximum}
