"""Which articles were read most lately, from the stored views of days."""

import time
from datetime import timedelta

from django.core.cache import caches
from django.db.models import Case, F, FilteredRelation, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import ArticleCounts

WEEK, MONTH = 7, 30
HOUR = 60 * 60


def most_read(articles, days: int, number: int) -> list[tuple[int, int, int]]:
    """(article, views in a week, in a month) of the `number` with the most views in so many days.

    Of `articles`, or of all if that is None. One query, which reads the counts of whatever was read in these days.
    """
    today = timezone.localdate()
    month, week = (today - timedelta(days=span - 1) for span in (MONTH, WEEK))
    since = week if days == WEEK else month
    recent = FilteredRelation("days", condition=Q(days__day__gte=month))
    last = F("day_views")
    rows = ArticleCounts.objects.filter(day__gte=since).annotate(recent=recent)
    if articles is not None:
        rows = rows.filter(article__in=articles)
    rows = rows.annotate(
        month=Coalesce(Sum("recent__views"), 0) + last,
        week=Coalesce(Sum("recent__views", filter=Q(recent__day__gte=week)), 0)
        + Case(When(day__gte=week, then=last), default=Value(0)),
    )
    order = "-week" if days == WEEK else "-month"
    return list(rows.order_by(order, "-pk").values_list("pk", "week", "month")[:number])


def most_read_of_the_week(number: int) -> list[int]:
    """The keys of these articles, published or not. Computed once an hour in each process, not at each view."""
    key = f"most-read:{number}:{int(time.time()) // HOUR}"
    return caches["local"].get_or_set(key, lambda: [key for key, *_ in most_read(None, WEEK, number)], HOUR)
