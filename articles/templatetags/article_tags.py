"""Parts of articles, and the navigation."""

from django import template

from publishing.text import markdown

from .. import covers
from ..navigation import header_menu

# How wide covers are, for the browser to choose a rendition (static/css/site/cards.css, static/css/pages.css).
LEAD_SIZES = "(min-width: 56rem) 29rem, 92vw"
CARD_SIZES = "(min-width: 56rem) 22rem, (min-width: 38rem) 46vw, 6rem"

register = template.Library()
register.simple_tag(header_menu)
register.simple_tag(markdown.json_ld, name="json_ld")


@register.inclusion_tag("articles/_facts.html")
def facts(article):
    """Month, reading time, views and hearts."""
    return {"article": article}


@register.inclusion_tag("articles/_face.html")
def face(author, large=False):
    """The picture of an author, or their initial. No query for authors that were fetched `with_faces`.

    Readers of screens do not hear of it: the name stands beside it.
    """
    return {"author": author, "size": 88 if large else 44, "large": large}


@register.inclusion_tag("articles/_cover.html")
def cover(article, lead=False):
    """The article's image, or one drawn from its text."""
    paths = {} if article.cover else covers.paths(article.shape)
    return {"article": article, "paths": paths, "lead": lead, "sizes": LEAD_SIZES if lead else CARD_SIZES}
