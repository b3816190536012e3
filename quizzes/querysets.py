"""Which quizzes: the only place where "published" is spelled out for the database."""

from django.db import models
from django.db.models import Prefetch
from django.utils import timezone

from articles.models import Article
from publishing.bases.addressed import AddressedQuerySet


class QuizQuerySet(AddressedQuerySet):
    def published(self):
        """What readers find now: published, and its moment has come."""
        return self.filter(status="published", published_at__lte=timezone.now())

    def scheduled(self):
        """What will be published by the clock."""
        return self.filter(status="published", published_at__gt=timezone.now())

    def released(self):
        """Published, whether its moment has come or not."""
        return self.filter(status="published")

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def about(self, article):
        """Quizzes that are linked to `article`."""
        return self.filter(articles=article)

    def for_list(self):
        """With the published articles as `linked_articles`. Two queries, whatever the number of rows."""
        articles = Article.objects.published().only("slug", "title", "published_at").newest_first()
        linked = Prefetch("articles", queryset=articles, to_attr="linked_articles")
        return self.select_related("category").prefetch_related(linked)


class FrozenQuerySet(models.QuerySet):
    """Rows that are written once."""

    def update(self, **values):
        raise TypeError(f"{self.model._meta.verbose_name_plural.capitalize()} are never changed.")
