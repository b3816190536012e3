"""Which addresses of articles search engines should know. One query for each class."""

from django.urls import reverse

from publishing.sitemaps import SiteSitemap

from .models import Article, Author, Category, Series, Tag


class ArticleSitemap(SiteSitemap):
    def items(self):
        # What was first published elsewhere is listed there.
        return Article.objects.published().filter(canonical_url="").newest_first().only("slug", "modified_at")

    def lastmod(self, article):
        return article.modified_at


class ListSitemap(SiteSitemap):
    """The pages of one kind of list, where there is something on them."""

    def __init__(self, model):
        self.model = model

    def items(self):
        published = Article.objects.published()
        return self.model.objects.filter(articles__in=published).distinct().order_by("slug")


class FixedSitemap(SiteSitemap):
    def items(self):
        return ["articles:home", "articles:archive"]

    def location(self, name):
        return reverse(name)


SITEMAPS = {
    "pages": FixedSitemap,
    "articles": ArticleSitemap,
    "categories": ListSitemap(Category),
    "tags": ListSitemap(Tag),
    "authors": ListSitemap(Author),
    "series": ListSitemap(Series),
}
