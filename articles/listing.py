"""Lists of published articles in pages, and how many there are, at a cost that does not depend on their length."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import islice

from django.core.paginator import Paginator
from django.db import connection
from django.utils import timezone
from django.utils.functional import cached_property

from publishing.cache.values import CachedValue
from publishing.database import replica

from .models import Article, Status

PAGE_SIZE = 12
# So many articles of a tag are sorted in less time than it takes to find twelve of them among all.
FEW = 200
# With three parameters each; older versions of SQLite take 999.
MONTHS_IN_A_STATEMENT = 300

_cached = CachedValue(dict, names=("lists",))


def cached(name, load: Callable):
    """`load()`, cached until an article changes or is published by the clock. What is empty is not kept."""
    values, key = _cached.get(), (name, Article.next_publication())
    if key not in values:
        value = load()
        if not value:
            return value
        values[key] = value
    return values[key]


class KeyPaginator(Paginator):
    """Pages of articles of which `keys` has the primary keys. Only the rows of a page are read, for a list."""

    def __init__(self, keys):
        super().__init__(keys, PAGE_SIZE)

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self.keys(first, min(first + self.per_page, self.count))
        rows = Article.cards(keys)
        return self._get_page([rows[key] for key in keys if key in rows], number, self)

    def keys(self, first: int, last: int) -> list[int]:
        return self.object_list[first:last]


class ListPaginator(KeyPaginator):
    """Pages of a queryset of articles. The keys are read from an index, from its nearer end.

    `name` is that of the list, for its cached number of articles; `count` counts them if there is a cheaper way. For
    those of a tag or an author, `links` are the rows that lead to them: of a few all are read, of many the newest
    articles until enough have the link.
    """

    def __init__(self, articles, name, links=None, count=None):
        super().__init__(articles)
        self.name, self.links, self._count = name, links, count

    @cached_property
    def count(self):
        return cached(self.name, self._counted)

    def _counted(self):
        if self._count:
            return self._count()
        shown = self.object_list if self.links is None else self.links.exclude(article__in=Article.objects.hidden())
        return shown.count()

    def keys(self, first, last):
        if self.links is not None and self.count <= FEW:
            return self._sorted_keys()[first:last]
        keys = self.object_list.values_list("pk", flat=True)
        if first > self.count // 2:
            return [*keys.reverse()[self.count - last : self.count - first]][::-1]
        return list(keys[first:last])

    def _sorted_keys(self):
        linked = self.links.values_list("article", flat=True)
        # By key alone, as above.
        rows = Article.objects.filter(pk__in=linked).order_by().values_list("published_at", "pk", "status")
        now = timezone.now()
        published = sorted(row for row in rows if row[2] == Status.PUBLISHED and row[0] <= now)
        return [key for _, key, _ in reversed(published)]


def pages_of(listed, articles) -> ListPaginator:
    """Pages of `articles`, which are those of a category, tag, author or series."""
    name = listed._meta.model_name
    links = listed.articles.through.objects.filter(**{name: listed}) if name in ("tag", "author") else None
    return ListPaginator(articles, (name, listed.pk), links)


def count_published() -> int:
    """SQLite counts a whole table without looking at its rows, and few articles are hidden."""
    return Article.objects.count() - Article.objects.hidden().count()


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


def months() -> list[tuple[date, int]]:
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
