"""How often advertisements are seen and clicked: numbers for each day, and nothing about who saw them."""

from contextlib import suppress

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from publishing.cache import pages

from ..models import Creative, CreativeDay
from ..models.house import PAGES


def count(creative: Creative, what: str) -> None:
    """Count one more today of `what`, "seen" or "clicked". Two queries, three if it is seen and has a limit.

    When it reaches the limit, the pages that may show it are invalidated. Of one that was deleted, which other
    processes and pages know for a moment, nothing is counted.
    """
    day = {"creative_id": creative.pk, "day": timezone.localdate()}
    with suppress(IntegrityError), transaction.atomic():
        today = CreativeDay.objects.filter(**day)
        if not today.update(**{what: F(what) + 1}):
            # Another process may be faster.
            CreativeDay.objects.bulk_create([CreativeDay(**day)], ignore_conflicts=True)
            today.update(**{what: F(what) + 1})
        if what == "seen" and creative.most_seen and total_seen(creative) >= creative.most_seen:
            pages.invalidate(PAGES)


def total_seen(creative: Creative) -> int:
    return creative.days.aggregate(seen=Sum("seen"))["seen"] or 0
