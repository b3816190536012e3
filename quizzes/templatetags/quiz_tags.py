"""Quizzes on article pages and the home page."""

from django import template

from publishing.cache import pages

from ..models import Quiz

register = template.Library()


def _context(context, quizzes, *names):
    pages.cacheable(context["request"], *names, *(f"quiz:{quiz.pk}" for quiz in quizzes), until=Quiz.next_publication())
    return {"quizzes": quizzes}


@register.inclusion_tag("quizzes/_article_quizzes.html", takes_context=True)
def quizzes_for(context, article):
    """The published quizzes that are linked to `article`.

    The page has to name the article itself, because linking a quiz invalidates that.
    """
    return _context(context, list(Quiz.objects.published().filter(articles=article).newest_first()))


@register.inclusion_tag("quizzes/_latest_quizzes.html", takes_context=True)
def latest_quizzes(context, number):
    """The `number` newest quizzes."""
    return _context(context, list(Quiz.objects.published().newest_first()[:number]), "quizzes")
