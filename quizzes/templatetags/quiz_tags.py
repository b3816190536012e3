"""Where other pages show quizzes: at the foot of an article, and on the home page."""

from django import template

from publishing.cache import pages

from ..models import Quiz

register = template.Library()


def _show(context, quizzes, *names):
    pages.cacheable(context["request"], *names, *(f"quiz:{quiz.pk}" for quiz in quizzes), until=Quiz.next_publication())
    return {"quizzes": quizzes}


@register.inclusion_tag("quizzes/_article_quizzes.html", takes_context=True)
def quizzes_for(context, article):
    """The section “Test yourself” with the published quizzes that are linked to `article`; nothing without. One query.

    The page has to name the article itself: that is what a newly linked quiz purges.
    """
    return _show(context, list(Quiz.objects.published().about(article).newest_first()))


@register.inclusion_tag("quizzes/_latest_quizzes.html", takes_context=True)
def latest_quizzes(context, number):
    """The `number` newest quizzes as a section of their own; nothing when there are none. One query."""
    return _show(context, list(Quiz.objects.published().newest_first()[:number]), "quizzes")
