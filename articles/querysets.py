"""Which articles."""

from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from publishing.bases.publishable import PublishableQuerySet


class ArticleQuerySet(PublishableQuerySet):
    def visible_to(self, user):
        """Editors see every article; authors what is published and what they wrote; anyone else what is published."""
        if user.has_perm("articles.publish_article"):
            return self
        published = Q(status="published", published_at__lte=timezone.now())
        if user.is_authenticated and user.is_staff:
            return self.filter(published | Q(authors__user=user)).distinct()
        return self.filter(published)

    def editable_by(self, user):
        """Editors may change every article; authors their own until it is published."""
        if user.has_perm("articles.publish_article"):
            return self
        if user.has_perm("articles.change_article"):
            return self.filter(authors__user=user, status__in=["draft", "review"]).distinct()
        return self.none()

    def for_list(self):
        """With all that a card shows. One query, whatever the number of rows; bodies stay in the database."""
        return self.select_related("category", "counts", "cover").defer("body", "html", "text", "contents", "extra")

    def for_page(self):
        """With all that an article's own page shows. Three queries."""
        return self.select_related("category", "counts", "cover", "series").with_bylines().prefetch_related("tags")

    def with_bylines(self):
        """With the authors in their order, for `Article.byline`. One query more."""
        bylines = self.model._meta.get_field("bylines").related_model
        return self.prefetch_related(Prefetch("bylines", bylines.objects.select_related("author")))

    def leading(self):
        """The published article that leads the home page: the newest featured one, else the newest. At most one row."""
        newest = self.model.objects.published().newest_first().values("pk")
        lead = Coalesce(models.Subquery(newest.filter(featured=True)[:1]), models.Subquery(newest[:1]))
        return self.filter(pk=lead)

    def related_to(self, article, number=3):
        """Those of this queryset that share most tags with `article`, then of its category, then the newest.

        `number` of them in one query. The best by tags, the newest of the category and the newest of all hold them;
        only these few rows are read whole.
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
