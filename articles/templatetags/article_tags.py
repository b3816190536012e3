"""Parts of articles, and the navigation."""

from django import template

from publishing.text import markdown

from .. import covers
from ..navigation import sections

register = template.Library()
register.simple_tag(sections)
register.simple_tag(markdown.json_ld, name="json_ld")


@register.inclusion_tag("articles/_facts.html")
def facts(article):
    """Month, reading time, views and hearts."""
    return {"article": article}


@register.inclusion_tag("articles/_cover.html")
def cover(article, lead=False):
    """The article's image, or one drawn from its text."""
    return {"article": article, "paths": {} if article.cover else covers.paths(article.shape), "lead": lead}
