"""What editors publish, now or at a moment in the future: the querysets and the actions that its models share."""

from datetime import datetime
from functools import cache

from django.db import transaction
from django.utils import timezone

from ..cache import generations
from .addressed import Addressed, AddressedQuerySet
from .log import log

DRAFT, PUBLISHED, ARCHIVED = "draft", "published", "archived"


class PublishableQuerySet(AddressedQuerySet):
    def published(self):
        """What readers see now: published, and its moment has come."""
        return self.filter(status=PUBLISHED, published_at__lte=timezone.now())

    def scheduled(self):
        """What will be published by the clock."""
        return self.filter(status=PUBLISHED, published_at__gt=timezone.now())

    def released(self):
        """Published, whether its moment has come or not."""
        return self.filter(status=PUBLISHED)

    def newest_first(self):
        return self.order_by("-published_at", "-pk")


class Publishable(Addressed):
    """A model with the fields `status` and `published_at`. Published with a moment in the future, it is scheduled."""

    ADDRESS_FIELDS = ("slug", "status", "published_at")

    class Meta(Addressed.Meta):
        abstract = True

    @property
    def is_published(self) -> bool:
        """Whether readers see it now; the same rule as `PublishableQuerySet.published`."""
        return self._is_released and self.published_at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        return self._is_released and self.published_at > timezone.now()

    @property
    def _is_released(self):
        # No stored row is published without a moment, but a form that was refused shows what was sent.
        return self.status == PUBLISHED and self.published_at is not None

    @classmethod
    def next_publication(cls) -> datetime | None:
        """The next moment at which a scheduled row appears by itself. No query within one cache generation."""
        now = timezone.now()
        return next((moment for moment in _scheduled(cls).get() if moment > now), None)

    def archive(self, *, by) -> None:
        """Hide it from readers; its address answers 410 until it is published again. Logged."""
        self.status = ARCHIVED
        self.save_and_log(by, "Archived")

    def save_and_log(self, by, message: str) -> None:
        with transaction.atomic():
            self.save()
            log(by, self, message)


@cache
def _scheduled(model):
    def moments():
        return list(model.objects.scheduled().order_by("published_at").values_list("published_at", flat=True)[:100])

    return generations.CachedValue(moments, default=list)
