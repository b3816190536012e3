"""Querysets of articles."""

from datetime import datetime, time, timedelta

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from publishing.bases.publishable import PublishableQuerySet
from publishing.text import languages, markdown

# The status of what lies in the trash.
TRASHED = "trashed"


class ArticleQuerySet(PublishableQuerySet):
    def trashed(self):
        """What lies in the trash; only `Article.everything` has any."""
        return self.filter(status=TRASHED)

    def visible_to(self, user):
        """For editors all articles, for authors published ones and their own, for everyone else published ones."""
        if user.has_perm("articles.publish_article"):
            return self
        if user.is_authenticated and user.is_staff:
            # Tested for each row, so that a list reads one page: otherwise two indexes would be read completely.
            published = self.model.objects.published().filter(pk=models.OuterRef("pk"))
            return self.filter(models.Exists(published)) | self.written_by(user)
        return self.published()

    def editable_by(self, user):
        """For editors all articles, for authors their own until they are archived: changes are proposed."""
        if user.has_perm("articles.publish_article"):
            return self
        if user.has_perm("articles.change_article"):
            return self.written_by(user).exclude(status="archived")
        return self.none()

    def deletable_by(self, user):
        """For editors all articles, for authors their own drafts that were never published."""
        if user.has_perm("articles.publish_article"):
            return self
        if user.has_perm("articles.delete_article"):
            return self.written_by(user).filter(status__in=["draft", "review"], published_at=None)
        return self.none()

    def published_between(self, first, end):
        """What readers see now of the time from `first` until before `end`: one range of an index."""
        return self.released().filter(published_at__gte=first, published_at__lt=min(end, timezone.now()))

    def hidden_from(self, user):
        """What `visible_to` leaves out, for an author; None for editors, who see all."""
        if user.has_perm("articles.publish_article"):
            return None
        return self.hidden().exclude(pk__in=self._written(user))

    def count_visible_to(self, user) -> int:
        """How many `visible_to` has, counted in indexes. One query, two for authors."""
        if user.has_perm("articles.publish_article"):
            return self.count()
        return self.published().count() + self.hidden().written_by(user).count()

    def among(self, *keys, without=None):
        """Those whose key each of these queries has and `without` has not, for a list in another order.

        The keys are read at once and tested for each row of the list: rows are large, and one page is read.
        """
        rows = self.alias(key=models.F("pk") + 0).filter(*(models.Q(key__in=part) for part in keys))
        return rows if without is None else rows.exclude(key__in=without.order_by().values("pk"))

    def concerning(self, user):
        """Those with the byline of the account; for editors also those with a working version that they saved last."""
        keys = self._written(user)
        if user.has_perm("articles.publish_article"):
            keys = keys.union(self._versions.working().filter(by=user).order_by().values("article"))
        return self.among(keys)

    def written_by(self, user):
        """With the byline of the account."""
        # Without a join, rows need no DISTINCT, which compares whole bodies.
        return self.filter(pk__in=self._written(user))

    def _written(self, user):
        return self.model.bylines.rel.related_model.objects.filter(author__user=user).order_by().values("article")

    def lock(self, key):
        """Until the end of the transaction, nothing else changes the article, its tags or its authors."""
        list(self.locked().filter(pk=key).values_list("pk"))

    def for_list(self):
        """With all that a card shows, without the bodies."""
        return self.select_related("category", "counts", "cover").defer(
            "body", "html", "text", "contents", "shape", "extra"
        )

    def for_cover(self):
        """With what its drawn cover shows, and its picture."""
        shown = ("slug", "title", "status", "published_at", "cover_letters", "cover", "category")
        return self.select_related("category", "cover").only(*shown)

    def for_page(self):
        """With all that the page of an article shows, but for authors and tags."""
        return self.select_related("category", "counts", "cover", "related", "series").defer(
            "body", "text", "shape", "extra"
        )

    def outdated(self):
        """Those whose HTML another version of the renderer made, or whose language the site has changed."""
        found = self.filter(language="").exclude(text_language="").order_by().values_list("text_language", flat=True)
        others = [tag for tag in found.distinct() if languages.found_now(tag) != tag]
        rows = self.exclude(renderer=markdown.VERSION)
        if not others:
            return rows
        moved = self.filter(language="", text_language__in=others)
        return self.filter(models.Q(pk__in=rows.values("pk")) | models.Q(pk__in=moved.values("pk")))

    def past_review(self, now=None):
        """Published articles that have to be checked again, the one first that was checked longest ago.

        One query for the spans of the categories, at once.
        """
        today = timezone.localdate(now)
        due = models.Q(pk__in=[])
        for category in self.model.category.field.related_model.objects.exclude(review_months=0):
            last = category.checked_until(today)
            # By moments: SQLite would ask Python for the day of each row.
            end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
            checked = models.Q(verified_on__lte=last) | models.Q(verified_on=None, published_at__lt=end)
            due |= models.Q(checked, category=category)
        checked_at = Coalesce("verified_on", "published_at", output_field=models.DateTimeField())
        return self.published(now).filter(due).order_by(checked_at, "pk")

    # --- what waits for somebody, for the inbox and the filters of the list ---

    def in_progress(self):
        """Not published yet, or with changes that are not."""
        return self.filter(models.Q(status__in=["draft", "review"]) | self._with_changes())

    def to_review(self):
        """Sent for review: articles, or changes of published ones."""
        return self.filter(models.Q(status="review") | self._with_changes(kind="review"))

    def sent_back(self):
        """Returned with a note, and not saved since."""
        returned = self._versions.live().filter(article=models.OuterRef("pk"), kind="sent_back")
        return self.filter(models.Q(models.Exists(returned), status="draft") | self._with_changes(kind="sent_back"))

    def with_unpublished_changes(self):
        """Published, with a working version."""
        return self.filter(self._with_changes())

    def planned(self):
        """What the clock will publish: scheduled articles, and scheduled changes of published ones."""
        return self.filter(
            models.Q(status="published", published_at__gt=timezone.now())
            | models.Q(pk__in=self._versions.scheduled().values("article"))
        )

    @property
    def _versions(self):
        return self.model._meta.get_field("versions").related_model.objects

    def _with_changes(self, **conditions) -> models.Q:
        typed = self._versions.working().filter(**conditions).values("article")
        return models.Q(status="published", published_at__lte=timezone.now(), pk__in=typed)

    def in_series_order(self):
        return self.order_by("series_position", "published_at", "pk")


class ArticleManager(models.Manager.from_queryset(ArticleQuerySet)):
    """All but what lies in the trash. Relations to many use it too; foreign keys and joins see all."""

    def get_queryset(self):
        return super().get_queryset().exclude(status=TRASHED)
