"""The advertisements that may be shown, cached in each process."""

from datetime import datetime

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from publishing.cache import values

from ..models import Creative
from ..models.house import PAGES


def _read() -> list[Creative]:
    rows = Creative.objects.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()), is_on=True)
    rows = rows.annotate(seen=Coalesce(Sum("days__seen"), 0)).select_related("advertiser")
    return list(rows.filter(Q(most_seen=None) | Q(seen__lt=F("most_seen"))).order_by("pk"))


_creatives = values.CachedValue(_read, default=list, names=(PAGES,))


def at(moment: datetime) -> list[Creative]:
    """Those that run then. No query while nothing has changed; none runs while the database is down at the start."""
    return [
        creative
        for creative in _creatives.get()
        if creative.starts_at <= moment and (creative.ends_at is None or moment < creative.ends_at)
    ]


def next_edge(moment: datetime) -> datetime | None:
    """When the next one starts or ends."""
    edges = (edge for creative in _creatives.get() for edge in (creative.starts_at, creative.ends_at))
    return min((edge for edge in edges if edge and edge > moment), default=None)
