"""When the next scheduled article goes live, so that no page is kept beyond that moment."""

from datetime import datetime

from django.utils import timezone

from publishing.cache import generations

from .models import Article


def _moments() -> list[datetime]:
    return list(Article.objects.scheduled().order_by("published_at").values_list("published_at", flat=True)[:100])


_scheduled = generations.CachedValue(_moments, default=list)


def next_publication() -> datetime | None:
    """The next moment at which a list changes by the clock. No query while nothing was changed."""
    now = timezone.now()
    return next((moment for moment in _scheduled.get() if moment > now), None)
