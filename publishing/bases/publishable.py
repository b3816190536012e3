"""Base classes of what editors publish, now or at a time in the future."""

from datetime import datetime
from functools import cache

from django.db import models, transaction
from django.utils import timezone

from ..cache import values
from .addressed import Addressed, AddressedQuerySet
from .log import log

DRAFT, PUBLISHED, ARCHIVED = "draft", "published", "archived"


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
    """A model with the fields `status` and `published_at`. If that is in the future, it is scheduled."""

    ADDRESS_FIELDS = ("slug", "status", "published_at")

    class Meta(Addressed.Meta):
        abstract = True

    @property
    def is_published(self) -> bool:
        """The same rule as `PublishableQuerySet.published`."""
        return self._is_released and self.published_at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        return self._is_released and self.published_at > timezone.now()

    @property
    def _is_released(self):
        # A stored row has both; one from a refused form may not.
        return self.status == PUBLISHED and self.published_at is not None

    @classmethod
    def next_publication(cls) -> datetime | None:
        """When the next scheduled row is published. No query while nothing has changed."""
        now = timezone.now()
        return next((moment for moment in _scheduled(cls).get() if moment > now), None)

    def archive(self, *, by) -> None:
        """Hide it from readers: its address answers 410. Logged."""
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

    return values.CachedValue(moments, default=list, names=(model._meta.app_label,))
