"""The pages of articles for search engines."""

from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import Greatest
from django.urls import reverse

from publishing.bases.sitemaps import RECENT, FrontSitemap, PublishableSitemap, Sitemap, one_by_one

from .models import Article, Author, Category, Correction, Page, Series, Tag


class ArticleSitemap(PublishableSitemap):
    def rows(self):
        # Articles that were first published elsewhere are listed there.
        return super().rows().filter(canonical_url="")


class ListSitemap(Sitemap):
    """The categories, tags, authors or series that have articles, with the dates of their recent articles."""

    page_names = ("dates:articles",)
    next_change = Article.next_publication

    def __init__(self, model, field: str):
        super().__init__(model, f"articles:{model._meta.model_name}")
        self.field = field

    def rows(self):
        articles = one_by_one(Article.objects.published()).filter(**{self.field: OuterRef("pk")})
        return self.model.objects.filter(Exists(articles))

    def dated(self, rows):
        recent = Article.objects.filter(pk__in=Article.objects.published().newest_first().values("pk")[:RECENT])
        last = Max(Greatest("modified_at", "published_at"))
        dates = dict(recent.order_by().values_list(self.field).annotate(last=last))
        return [(slug, dates.get(pk)) for pk, slug in rows.values_list("pk", "slug")]


class CorrectionSitemap(FrontSitemap):
    """The list of corrections, once there are any."""

    def __init__(self):
        super().__init__("corrections", Article)
        self.page_names = ("corrections",)

    def files(self):
        return [1] if Correction.objects.published().exists() else []

    def entries(self, number):
        newest = Correction.objects.published().first() if number == 1 else None
        return [(reverse("articles:corrections"), newest.published_at)] if newest else []


OVERVIEWS = ("articles:categories", "articles:tags", "articles:authors", "articles:all-series", "articles:follow")
SITEMAPS = [
    FrontSitemap("front", Article, "articles:home", "articles:archive", *OVERVIEWS),
    CorrectionSitemap(),
    ArticleSitemap(Article, "articles:detail"),
    PublishableSitemap(Page, "pages:page"),
    ListSitemap(Category, "category"),
    ListSitemap(Tag, "tags"),
    ListSitemap(Author, "authors"),
    ListSitemap(Series, "series"),
]
