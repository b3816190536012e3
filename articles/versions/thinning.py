"""Old versions of articles are thinned: all of a month stay, then one a week, and what was published for ever."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ..models import Version

KEPT = timedelta(days=30)
BATCH = 500


def thin(now: datetime | None = None) -> int:
    """Delete them and return how many. Reads no texts; can be stopped and started again."""
    keys = _superfluous((now or timezone.now()) - KEPT)
    return sum(_delete(keys[start : start + BATCH]) for start in range(0, len(keys), BATCH))


def _superfluous(before: datetime) -> list[int]:
    """Of each article and week, in the time zone of the site, all but the last one."""
    rows = Version.objects.thinnable().filter(changed_at__lt=before).order_by("article", "-number")
    kept, keys = set(), []
    for key, article, changed_at in rows.values_list("pk", "article", "changed_at").iterator():
        week = article, *timezone.localdate(changed_at).isocalendar()[:2]
        if week in kept:
            keys.append(key)
        kept.add(week)
    return keys


@transaction.atomic
def _delete(keys) -> int:
    """Asks again: meanwhile one may have become the base of what somebody works on."""
    return Version.objects.thinnable().filter(pk__in=keys).delete()[1].get("articles.Version", 0)
