"""The list of quizzes."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles import metadata
from publishing.cache import pages
from publishing.models import Publication

from ..models import Quiz
from ..taking import snapshots


@require_safe
def quiz_list(request):
    """All published quizzes, newest first. Works while the database is down."""
    pages.cacheable(request, "quizzes", until=Quiz.next_publication())
    context = metadata.for_page("Quizzes", reverse("quizzes:list"), Publication.current().quizzes_sentence)
    return render(request, "quizzes/quiz_list.html", context | {"quizzes": snapshots.newest()})
