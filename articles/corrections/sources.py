"""What readers sent that a public note can be made of. Other apps register where it is found."""

from collections.abc import Callable

from django.urls import reverse

from ..models import Article

# The beginning of a note for an account, from the row with a primary key; "" if there is none for this article.
Source = Callable[[Article, int, object], str]
PARAMETER = "correction"
_SOURCES: dict[str, Source] = {}


def source(name: str) -> Callable[[Source], Source]:
    """Decorate what begins a note with a row of another app."""

    def register(function: Source) -> Source:
        _SOURCES[name] = function
        return function

    return register


def form_url(article_key: int, name: str, key: int) -> str:
    """The form of an article whose note begins with that row. The address has no text of it."""
    return f"{reverse('admin:articles_article_change', args=[article_key])}?{PARAMETER}={name}:{key}"


def note_from(value: str, article: Article, user) -> str:
    """The beginning of a note that the parameter of an address names; "" for anything else."""
    name, _, key = value.partition(":")
    is_key = key.isascii() and key.isdecimal() and len(key) < 19
    return _SOURCES[name](article, int(key), user) if name in _SOURCES and is_key else ""
