"""The cards that other sites show with a link to a quiz or a result: a score, and never an answer."""

from django.http import Http404
from django.views.decorators.http import require_safe

from articles.covers import sharing
from publishing.drawing.serving import card_response
from publishing.drawing.share_cards import ShareCard

from ..results.result_context import points_text
from ..taking import snapshots


def of_quiz(quiz) -> ShareCard:
    questions = f"{quiz.question_count} question{'' if quiz.question_count == 1 else 's'}"
    foot = f"{questions}, {quiz.minutes} minute{'' if quiz.minutes == 1 else 's'}"
    return sharing.of_mark(f"Quiz · {quiz.difficulty_name}", quiz.title, "?", foot=foot)


def of_result(edition, points: list) -> ShareCard:
    """`points` are those of the questions that count."""
    score, maximum = points_text(sum(points)), len(points)
    return sharing.of_mark("Result of a quiz", edition.title, f"{score}/{maximum}", foot=f"{score} of {maximum} points")


@require_safe
def quiz_card(request, slug, digest):
    quiz = snapshots.quiz(slug)
    if quiz is None or quiz.slug != slug:
        raise Http404
    return card_response(request, of_quiz(quiz), digest, f"paper:{quiz.pk}")
