"""The months of the archive."""

from datetime import UTC, date, datetime
from itertools import islice

from django.db import connection
from django.utils import timezone

from publishing.database import replica

from ..models import Article, Status

# With three parameters each; older versions of SQLite take 999.
MONTHS_IN_A_STATEMENT = 300


def month_range(year: int, month: int) -> tuple[datetime, datetime]:
    """The first moment of a month and of the next one, in the time zone of the site. ValueError if there is none."""
    try:
        following = date(year + month // 12, month % 12 + 1, 1)
        return tuple(
            timezone.make_aware(datetime(day.year, day.month, 1)).astimezone(UTC)  # noqa: DTZ001 - made aware here
            for day in (date(year, month, 1), following)
        )
    except OverflowError as error:
        raise ValueError(f"No moments in {year}-{month}.") from error


def with_articles() -> list[tuple[date, int]]:
    """The months with published articles, newest first, and their numbers. A range of an index for each month."""
    moments = Article.objects.published().order_by("published_at").values_list("published_at", flat=True)
    oldest, newest = moments.first(), moments.last()
    if oldest is None or newest is None:
        return []
    bounds = iter(_bounds(timezone.localtime(oldest).date(), timezone.localtime(newest).date()))
    found = []
    while chunk := list(islice(bounds, MONTHS_IN_A_STATEMENT)):
        found += [(first, number) for (first, *_), number in zip(chunk, _numbers(chunk), strict=True) if number]
    return found[::-1]


def _bounds(month: date, last: date):
    """(first day, first moment, first moment of the next month) of every month up to that of the day `last`."""
    month = month.replace(day=1)
    while month <= last:
        yield month, *month_range(month.year, month.month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _numbers(chunk):
    """The number of published articles in each of the ranges."""
    table, now = Article._meta.db_table, timezone.now()
    values = ", ".join(["(%s, %s, %s)"] * len(chunk))
    sql = (
        f"WITH months (number, first, following) AS (VALUES {values}) "  # noqa: S608
        f"SELECT (SELECT COUNT(*) FROM {table} WHERE status = '{Status.PUBLISHED}' "
        "AND published_at >= months.first AND published_at < months.following) FROM months ORDER BY number"
    )
    adapted = connection.ops.adapt_datetimefield_value
    ranges = [(number, adapted(first), adapted(min(end, now))) for number, (_, first, end) in enumerate(chunk)]
    with replica.connection().cursor() as cursor:
        cursor.execute(sql, [value for row in ranges for value in row])
        return [row[0] for row in cursor.fetchall()]
