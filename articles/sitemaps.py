"""The pages of articles for search engines."""

from django.db.models import Max
from django.db.models.functions import Greatest
from django.urls import reverse

from publishing.bases.sitemaps import SiteSitemap

from .models import Article, Author, Category, Series, Tag


class ArticleSitemap(SiteSitemap):
    def items(self):
        # Articles that were first published elsewhere are listed there.
        return (
            Article.objects.published()
            .filter(canonical_url="")
            .newest_first()
            .only("slug", "modified_at", "published_at")
        )

    def lastmod(self, article):
        # A scheduled article may have changed before it appeared.
        return max(article.modified_at, article.published_at)


class ListSitemap(SiteSitemap):
    """The categories, tags, authors or series that have articles."""

    def __init__(self, model):
        self.model = model

    def items(self):
        published = Article.objects.published()
        last = Max(Greatest("articles__modified_at", "articles__published_at"))
        return self.model.objects.filter(articles__in=published).annotate(last=last).order_by("slug").only("slug")

    def lastmod(self, thing):
        return thing.last


class FixedSitemap(SiteSitemap):
    def items(self):
        last = Max(Greatest("modified_at", "published_at"))
        self.newest = Article.objects.published().aggregate(last=last)["last"]
        return ["articles:home", "articles:archive"]

    def location(self, name):
        return reverse(name)

    def lastmod(self, name):
        return self.newest


SITEMAPS = {
    "pages": FixedSitemap,
    "articles": ArticleSitemap,
    "categories": ListSitemap(Category),
    "tags": ListSitemap(Tag),
    "authors": ListSitemap(Author),
    "series": ListSitemap(Series),
}
