"""Prepared queries of the home page and of an article's page."""

from django.db.models import BigIntegerField, SlugField

from publishing.cache import values
from publishing.database.prepared import NOW, Parameter, Prepared, PreparedBulk

from .article import Article, Byline
from .corrections import Correction
from .taxonomy import Tag

_ARTICLE = Parameter("article", BigIntegerField())
_SERIES = Parameter("series", BigIntegerField())
_SLUG = Parameter("slug", SlugField())

# Of no or one article.
with_slug = Prepared(Article.objects.published(NOW).for_page().filter(slug=_SLUG))

_corrections = Prepared(Correction.objects.filter(article=_ARTICLE).order_by("-published_at", "-pk"))
tags = Prepared(Tag.objects.filter(articles=_ARTICLE))
in_series = Prepared(
    Article.objects.published(NOW)
    .filter(series=_SERIES)
    .in_series_order()
    .only("title", "slug", "text_language", "series_position", "published_at")
)

# Of several articles.
_bylines = PreparedBulk(Byline.objects.select_related("author__picture"), "article__pk")


def fetch_authors(articles) -> None:
    """Give articles their authors, with faces (`Article.byline`). One query, however many they are."""
    found = {article.pk: [] for article in articles}
    for byline in sorted(_bylines(found).values(), key=lambda row: (row.position, row.pk)):
        found[byline.article_id].append(byline.author)
    for article in articles:
        article.byline = found[article.pk]


def _with_corrections():
    return frozenset(Correction.objects.order_by().values_list("article", flat=True).distinct())


_corrected = values.CachedValue(_with_corrections, default=frozenset, names=("corrections",))


def corrections(article: int) -> list[Correction]:
    """The corrections of an article, newest first. No query for the many that have none."""
    return _corrections(article=article) if article in _corrected.get() else []
