"""Parts of articles, and the navigation."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language

from publishing.identity import face as look
from publishing.paths import url_of
from publishing.templatetags.moments import time_element
from publishing.templatetags.words import language_of
from publishing.text import markdown
from publishing.text.blocks.on_page import has_blocks
from publishing.text.moments import counted, listed
from publishing.text.typography import typeset

from .. import covers, navigation
from ..covers.words import first_sentence

# How wide covers are, for the browser to choose a rendition: of the article that leads the front page, of the first one
# of a list, of a card (static/css/home.css, static/css/listing.css, static/css/site/cards.css).
LEAD_SIZES = "(min-width: 60rem) 36rem, 92vw"
LARGE_SIZES = "(min-width: 64rem) 50rem, (min-width: 38rem) 92vw, 7.5rem"
CARD_SIZES = "(min-width: 60rem) 24rem, (min-width: 38rem) 46vw, 7.5rem"

register = template.Library()
register.simple_tag(markdown.json_ld, name="json_ld")
register.filter(markdown.page_parts)
register.filter(has_blocks)
register.filter(first_sentence)


@register.filter
def names(authors):
    """In words: "Mei Castellan and Rafael Lund"."""
    return listed([typeset(author.name) for author in authors])


@register.filter
def linked_names(authors):
    """The same with links."""
    links = [format_html('<a href="{}">{}</a>', one.get_absolute_url(), typeset(one.name)) for one in authors]
    return markdown.stored(listed(links))


@register.simple_tag(takes_context=True)
def header_menu(context):
    """The entries in the head of every page."""
    return navigation.header_menu(context.get("request"))


@register.simple_tag(takes_context=True)
def footer_sections(context):
    """The entries of the head that the foot has not got besides."""
    return navigation.footer_sections(context.get("request"))


@register.simple_tag(takes_context=True)
def footer_menu(context):
    """The entries at the foot of every page."""
    return navigation.footer_menu(context.get("request"))


@register.simple_tag(takes_context=True)
def menu_item(context, entry, is_plain=False):
    """An entry of a menu, marked on its own page and on those below it. In Python: a page has two dozen of them."""
    path, current = context["request"].path, ""
    if entry.url in path and entry.url != "/" or entry.url == path:
        current = "page" if entry.url == path else "true"
    return _menu_item(entry.url, entry.words, "" if is_plain else entry.colour_class, current)


@lru_cache(maxsize=500)
def _menu_item(url: str, words: str, colour_class: str, current: str):
    mark = format_html(' class="{}"', colour_class) if colour_class else ""
    here = format_html(' aria-current="{}"', current) if current else ""
    return format_html('<li><a href="{}"{}{}>{}</a></li>', url, mark, here, words)


@register.simple_tag
def kicker(category):
    """The name of a category above a title, with a link. Lists have a dozen of a few."""
    return _kicker(url_of("articles:category", category.slug), category.name)


@lru_cache(maxsize=200)
def _kicker(url: str, name: str):
    return format_html('<p class="kicker"><a href="{}">{}</a></p>', url, name)


@register.simple_tag
def headline(article, level, words=""):
    """The title of an article in a list, or other `words`, with a link. In Python, as `brief_facts`."""
    title = words or typeset(article.title, article.text_language)
    attributes, url = language_of(article), article.get_absolute_url()
    return format_html('<h{0}{1}><a href="{2}">{3}</a></h{0}>', level, attributes, url, title)


@register.simple_tag
def deck(text):
    """The summary of an article or a page, if it has one."""
    if not text.summary:
        return ""
    return format_html('<p class="deck"{}>{}</p>', language_of(text), typeset(text.summary, text.text_language))


@register.simple_tag
def brief_facts(article, no_names=False, no_day=False, no_minutes=False):
    """Of a card, in a line. In Python: a page has two dozen of them, and a template takes four times as long."""
    people = () if no_names else tuple(author.name for author in article.byline)
    at = None if no_day or article.published_at is None else timezone.localtime(article.published_at)
    minutes, number = 0 if no_minutes else article.reading_minutes, getattr(article, "comment_count", 0)
    url = article.get_absolute_url() if number else ""
    # The text of a moment has its time zone; equal moments may differ in it.
    return _brief_facts(people, at and at.isoformat(), minutes, number, url, get_language())


@lru_cache(maxsize=1000)
def _brief_facts(people: tuple[str], at: str | None, minutes: int, number: int, url: str, language: str):
    byline = format_html("<b>{}</b>", listed([typeset(name) for name in people])) if people else ""
    day = time_element(datetime.fromisoformat(at), "day") if at else ""
    minutes = format_html("<span>{}</span>", counted(minutes, "minute")) if minutes else ""
    words = counted(number, "comment") if number else ""
    comments = format_html('<span><a href="{}#comments">{}</a></span>', url, words) if number else ""
    return format_html('<p class="facts">{}{}{}{}</p>', byline, day, minutes, comments)


@register.inclusion_tag("articles/_facts.html")
def facts(article, corrections=()):
    """Of an article's page: day, the day of the last of `corrections`, reading time, and what is counted if any."""
    updated = max((correction.published_at for correction in corrections), default=None)
    return {"article": article, "updated": updated}


@register.inclusion_tag("articles/_face.html")
def face(author, large=False):
    """The picture of an author, or their initial. No query for authors that were fetched `with_faces`.

    Readers of screens do not hear of it: the name stands beside it.
    """
    return {"author": author, "size": 88 if large else 44, "large": large}


@register.inclusion_tag("articles/_cover.html")
def cover(article, lead=False, large=False, shape="wide"):
    """The picture of an article, one that is drawn from its title, or nothing. No query for what `for_list` has.

    `shape` is that of the drawn one, "wide" or "square"; a wide one that does not lead the front page is square on
    phones.
    """
    sizes = LEAD_SIZES if lead else LARGE_SIZES if large else CARD_SIZES
    context = {"picture": article.cover, "is_first": lead or large, "sizes": sizes}
    drawn = covers.of(article)
    if drawn and article.is_published and not look.is_tried():
        context |= {"drawn": drawn.path(article, shape), "size": covers.SHAPES[shape]}
        if shape == "wide" and not lead:
            context["square"] = drawn.path(article, "square")
    elif drawn:
        # A draft or a preview: it has no address.
        context["inline"] = markdown.stored(drawn.svg(shape))
    return context
