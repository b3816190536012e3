"""Base classes of what editors publish, now or at a time in the future."""

from datetime import date, datetime, timedelta
from functools import cache

from django.db import models, transaction
from django.utils import timezone

from ..cache import pages, values
from .addressed import Addressed, AddressedQuerySet
from .log import log

DRAFT, PUBLISHED, ARCHIVED = "draft", "published", "archived"
# A page may be served from caches for as long.
LONGEST_CACHED = timedelta(seconds=pages.SHARED_SECONDS + pages.STALE_WHILE_REVALIDATE_SECONDS)


class PublishableQuerySet(AddressedQuerySet):
    def published(self, now=None):
        """What readers see now; a prepared query has a parameter for that."""
        return self.filter(status=PUBLISHED, published_at__lte=now or timezone.now())

    def scheduled(self):
        return self.filter(status=PUBLISHED, published_at__gt=timezone.now())

    def released(self):
        """Published or scheduled."""
        return self.filter(status=PUBLISHED)

    def hidden(self):
        """What readers do not see now: two ranges of an index of status and moment."""
        states = [value for value, _ in self.model._meta.get_field("status").choices if value != PUBLISHED]
        return self.filter(models.Q(status__in=states) | models.Q(status=PUBLISHED, published_at__gt=timezone.now()))

    def newest_first(self):
        return self.order_by("-published_at", "-pk")


class Publishable(Addressed):
    """A model with the fields `status`, `published_at` and `modified_at`. If it appears in the future, it is scheduled.

    What was not public and is not public changes no page.
    """

    ALSO_READ = ADDRESS_FIELDS = ("slug", "status", "published_at")
    SITEMAP_FIELDS = ("slug", "changed_on")

    class Meta(Addressed.Meta):
        abstract = True

    @property
    def is_published(self) -> bool:
        """The same rule as `PublishableQuerySet.published`."""
        return self.is_released and self.published_at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        return self.is_released and self.published_at > timezone.now()

    @property
    def is_released(self) -> bool:
        """Published or scheduled."""
        # A stored row has both; one from a refused form may not.
        return self.status == PUBLISHED and self.published_at is not None

    @property
    def is_on_pages(self) -> bool:
        """Published, or so soon that cached pages would outlive the moment."""
        return self.is_released and self.published_at <= timezone.now() + LONGEST_CACHED

    @property
    def changed_on(self) -> date:
        """The day in the sitemap. A scheduled row may have changed before it appeared."""
        return timezone.localdate(max(self.modified_at, self.published_at))

    @classmethod
    def changed_names(cls, before, after):
        names = set()
        if any(row is not None and row.is_scheduled for row in (before, after)):
            names.add(scheduled_name(cls))
        before, after = (row if row is not None and row.is_on_pages else None for row in (before, after))
        if before is None and after is None:
            return names
        return names | super().changed_names(before, after) | cls.list_names(before, after)

    @classmethod
    def list_names(cls, before, after) -> set[str]:
        """The names of the lists to invalidate that have a public row; `before` or `after` is None if it was not."""
        return set()

    @classmethod
    def next_publication(cls) -> datetime | None:
        """When the next scheduled row is published. No query while nothing has changed."""
        now = timezone.now()
        return next((moment for moment in _scheduled(cls).get() if moment > now), None)

    def archive(self, *, by) -> None:
        """Hide it from readers: its address answers 410. Logged."""
        self.hide(ARCHIVED)
        self.save_and_log(by, "Archived")

    def release(self, at: datetime | None = None) -> None:
        """Set status and moment, to be saved: `at`, by default now. The first moment of publication stays for ever."""
        now = timezone.now()
        if not self.published_at or self.published_at > now:
            self.published_at = at or now
        self.status = PUBLISHED

    def hide(self, status: str) -> None:
        """Set a status that readers do not see, to be saved. A moment that has not come yet is cleared."""
        if self.is_scheduled:
            self.published_at = None
        self.status = status

    def save_and_log(self, by, message: str) -> None:
        with transaction.atomic():
            self.save()
            log(by, self, message)


def scheduled_name(model) -> str:
    """The name of cached values that have the next publications."""
    return f"scheduled:{model._meta.app_label}"


@cache
def _scheduled(model):
    def moments():
        return list(model.objects.scheduled().order_by("published_at").values_list("published_at", flat=True)[:100])

    return values.CachedValue(moments, default=list, names=(scheduled_name(model),))
