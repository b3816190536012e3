"""Formatting of articles in templates, and the navigation that every page carries."""

from django import template

from publishing.text import markdown

from .. import covers
from ..navigation import sections as current_sections

register = template.Library()


@register.simple_tag
def sections():
    """The categories in the order of the navigation. No query while nothing was changed."""
    return current_sections()


@register.inclusion_tag("articles/_facts.html")
def facts(article):
    """The line of facts: month, minutes, views, hearts."""
    return {"article": article}


@register.inclusion_tag("articles/_cover.html")
def cover(article, lead=False):
    """The article's picture, or one drawn from its text."""
    return {"article": article, "paths": {} if article.cover else covers.paths(article.shape), "lead": lead}


register.simple_tag(markdown.json_ld, name="json_ld")
