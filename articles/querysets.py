"""Querysets of articles."""

from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from publishing.bases.publishable import PublishableQuerySet


class ArticleQuerySet(PublishableQuerySet):
    def visible_to(self, user):
        """For editors all articles, for authors published ones and their own, for everyone else published ones."""
        if user.has_perm("articles.publish_article"):
            return self
        if user.is_authenticated and user.is_staff:
            return self.published() | self._written_by(user)
        return self.published()

    def editable_by(self, user):
        """For editors all articles, for authors their own until they are published."""
        if user.has_perm("articles.publish_article"):
            return self
        if user.has_perm("articles.change_article"):
            return self._written_by(user).filter(status__in=["draft", "review"])
        return self.none()

    def published_between(self, first, end):
        """What readers see now of the time from `first` until before `end`: one range of an index."""
        return self.released().filter(published_at__gte=first, published_at__lt=min(end, timezone.now()))

    def _written_by(self, user):
        # Without a join, rows need no DISTINCT, which compares whole bodies.
        return self.filter(pk__in=self.model.objects.filter(authors__user=user).values("pk"))

    def for_list(self):
        """With all that a card shows, without the bodies."""
        return self.select_related("category", "counts", "cover").defer("body", "html", "text", "contents", "extra")

    def for_page(self):
        """With all that the page of an article shows."""
        return self.select_related("category", "counts", "cover", "series").with_bylines().prefetch_related("tags")

    def with_bylines(self):
        """With the authors for `Article.byline`."""
        bylines = self.model._meta.get_field("bylines").related_model
        return self.prefetch_related(Prefetch("bylines", bylines.objects.select_related("author")))

    def in_series_order(self):
        return self.order_by("series_position", "published_at", "pk")

    def leading(self):
        """The article that leads the home page: the newest featured one, else the newest; at most one row."""
        newest = self.model.objects.published().newest_first().values("pk")
        lead = Coalesce(models.Subquery(newest.filter(featured=True)[:1]), models.Subquery(newest[:1]))
        return self.filter(pk=lead)

    def related_to(self, article, number=3):
        """The `number` articles that share most tags with `article`, then of its category, then the newest.

        They are among the best by tags, the newest of the category and the newest of all, so only these rows are read.
        """
        tags = [tag.pk for tag in article.tags.all()]
        ranked = {
            "shared": models.Count("tags", filter=Q(tags__in=tags)),
            "same_category": models.Case(models.When(category=article.category_id, then=1), default=0),
        }
        order = (F("shared").desc(), F("same_category").desc(), "-published_at", "-pk")
        newest = self.model.objects.published().exclude(pk=article.pk).newest_first().values("pk")
        by_tags = newest.filter(tags__in=tags).annotate(**ranked).order_by(*order).values("pk")
        by_category = newest.filter(category=article.category_id)
        candidates = Q(pk__in=by_tags[:number]) | Q(pk__in=by_category[:number]) | Q(pk__in=newest[:number])
        return self.filter(candidates).annotate(**ranked).order_by(*order)[:number]
