"""Quizzes on article pages and the home page."""

from functools import cache

from django import template
from django.db.models import BigIntegerField

from publishing.cache import pages
from publishing.database.prepared import NOW, Parameter, Prepared

from ..models import Quiz
from ..taking import facts

register = template.Library()
register.filter("questions", facts.questions)
register.filter("in_minutes", facts.minutes)
register.filter("about_minutes", facts.about_minutes)


@cache
def _of_article() -> Prepared:
    article = Parameter("article", BigIntegerField())
    return Prepared(Quiz.objects.published(NOW).filter(articles=article).newest_first())


@cache
def _latest(number: int) -> Prepared:
    return Prepared(Quiz.objects.published(NOW).newest_first()[:number])


def _context(context, quizzes, *names):
    pages.cacheable(context["request"], *names, *(f"quiz:{quiz.pk}" for quiz in quizzes), until=Quiz.next_publication())
    return {"quizzes": quizzes}


@register.inclusion_tag("quizzes/_article_quizzes.html", takes_context=True)
def quizzes_for(context, article):
    """The published quizzes that are linked to `article`."""
    return _context(context, _of_article()(article=article.pk), f"article-quizzes:{article.pk}")


@register.inclusion_tag("quizzes/_latest_quizzes.html", takes_context=True)
def latest_quizzes(context, number):
    """The `number` newest quizzes."""
    return _context(context, _latest(number)(), "quizzes")
