"""Prepared queries of the home page and of an article's page."""

from django.db.models import BigIntegerField, SlugField

from publishing.cache import values
from publishing.database.prepared import NOW, Parameter, Prepared

from .article import Article
from .corrections import Correction
from .taxonomy import Author, Tag

_ARTICLE = Parameter("article", BigIntegerField())
_SERIES = Parameter("series", BigIntegerField())
_SLUG = Parameter("slug", SlugField())

# Of no or one article.
with_slug = Prepared(Article.objects.published(NOW).for_page().filter(slug=_SLUG))
lead = Prepared(Article.objects.for_list().leading(NOW))

authors = Prepared(
    Author.objects.with_faces().filter(bylines__article=_ARTICLE).order_by("bylines__position", "bylines__pk")
)
_corrections = Prepared(Correction.objects.filter(article=_ARTICLE).order_by("-published_at", "-pk"))
tags = Prepared(Tag.objects.filter(articles=_ARTICLE))
in_series = Prepared(
    Article.objects.published(NOW)
    .filter(series=_SERIES)
    .in_series_order()
    .only("title", "slug", "series_position", "published_at")
)


def _with_corrections():
    return frozenset(Correction.objects.order_by().values_list("article", flat=True).distinct())


_corrected = values.CachedValue(_with_corrections, default=frozenset, names=("corrections",))


def corrections(article: int) -> list[Correction]:
    """The corrections of an article, newest first. No query for the many that have none."""
    return _corrections(article=article) if article in _corrected.get() else []
