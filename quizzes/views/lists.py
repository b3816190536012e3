"""The list of quizzes."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import metadata
from articles.models.shown import link_names
from publishing.cache import pages
from publishing.groups import Group, in_group
from publishing.models import Publication

from ..models import Quiz
from ..taking import snapshots


@in_group(Group.QUIZZES)
@require_safe
def quiz_list(request):
    """All published quizzes, newest first. Works while the database is down."""
    quizzes = snapshots.newest()
    articles = {key for quiz in quizzes for key in quiz.article_keys}
    pages.cacheable(request, "quizzes", "quiz-list", "quiz-links", *link_names(articles), until=Quiz.next_publication())
    publication = Publication.current()
    context = metadata.for_page(_("Quizzes"), reverse("quizzes:list"), publication.quizzes_sentence)
    context |= {
        "quizzes": quizzes,
        "feed_title": _("%(name)s: quizzes") % {"name": publication.name},
        "words": _words(),
    }
    return render(request, "quizzes/quiz_list.html", context)


def _words() -> dict[str, str]:
    """The sentences of the script, which fills their placeholders."""
    return {"score": _("%(score)s of %(maximum)s"), "deleted": _("“%(title)s” deleted.")}
