"""The cards that other sites show with a link to a quiz or a result: a score, and never an answer."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles.covers import sharing
from articles.identity import of_categories
from publishing.drawing.serving import card_response
from publishing.drawing.share_cards import ShareCard
from publishing.groups import Group, in_group
from publishing.identity.colours import Palette

from ..results.result_context import points_text
from ..taking import facts, snapshots


def of_quiz(quiz) -> ShareCard:
    said = {"questions": facts.questions(quiz.question_count), "time": facts.minutes(quiz.minutes)}
    foot = _("%(questions)s, %(time)s") % said
    return sharing.of_mark(f"{_('Quiz')} · {quiz.difficulty_name}", quiz.title, "?", foot=foot, colours=_colours(quiz))


def _colours(quiz) -> Palette | None:
    """Those of its category. No query while nothing has changed."""
    return of_categories().get(quiz.colour_class)


def of_result(quiz, edition, points: list) -> ShareCard:
    """`points` are those of the questions that count."""
    score, maximum = points_text(sum(points)), len(points)
    foot = ngettext("%(score)s of %(maximum)s point", "%(score)s of %(maximum)s points", maximum)
    foot %= {"score": score, "maximum": maximum}
    return sharing.of_mark(_("Result"), edition.title, f"{score}/{maximum}", foot=foot, colours=_colours(quiz))


@in_group(Group.QUIZZES)
@require_safe
def quiz_card(request, slug, digest):
    quiz = snapshots.quiz(slug)
    if quiz is None or quiz.slug != slug:
        raise Http404
    return card_response(request, of_quiz(quiz), digest, f"paper:{quiz.pk}")
