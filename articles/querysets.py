"""Querysets of articles."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from publishing.bases.publishable import PublishableQuerySet


class ArticleQuerySet(PublishableQuerySet):
    def visible_to(self, user):
        """For editors all articles, for authors published ones and their own, for everyone else published ones."""
        if user.has_perm("articles.publish_article"):
            return self
        if user.is_authenticated and user.is_staff:
            # Tested for each row, so that a list reads one page: otherwise two indexes would be read completely.
            published = self.model.objects.published().filter(pk=models.OuterRef("pk"))
            return self.filter(models.Exists(published)) | self._written_by(user)
        return self.published()

    def editable_by(self, user):
        """For editors all articles, for authors their own until they are archived: changes are proposed."""
        if user.has_perm("articles.publish_article"):
            return self
        if user.has_perm("articles.change_article"):
            return self._written_by(user).exclude(status="archived")
        return self.none()

    def published_between(self, first, end):
        """What readers see now of the time from `first` until before `end`: one range of an index."""
        return self.released().filter(published_at__gte=first, published_at__lt=min(end, timezone.now()))

    def _written_by(self, user):
        # Without a join, rows need no DISTINCT, which compares whole bodies.
        return self.filter(pk__in=self.model.objects.filter(authors__user=user).values("pk"))

    def lock(self, key):
        """Until the end of the transaction, nothing else changes the article, its tags or its authors."""
        list(self.locked().filter(pk=key).values_list("pk"))

    def for_list(self):
        """With all that a card shows, without the bodies."""
        return self.select_related("category", "counts", "cover").defer("body", "html", "text", "contents", "extra")

    def for_page(self):
        """With all that the page of an article shows, but for authors and tags."""
        return self.select_related("category", "counts", "cover", "related", "series").defer("body", "text", "extra")

    def in_series_order(self):
        return self.order_by("series_position", "published_at", "pk")

    def leading(self, now=None):
        """The article that leads the home page: the newest featured one, else the newest; at most one row."""
        newest = self.model.objects.published(now).newest_first().values("pk")
        lead = Coalesce(models.Subquery(newest.filter(featured=True)[:1]), models.Subquery(newest[:1]))
        return self.filter(pk=lead)
