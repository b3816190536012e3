"""How many articles a list has, so that no page counts them: kept with every change of an article."""

from collections import Counter

from django.db import connection, models
from django.utils import timezone

ALL, CATEGORY, SERIES, TAG, AUTHOR, MONTH = "all", "category", "series", "tag", "author", "month"
EVERY = (ALL, 0)
# In one statement, with three parameters each; older versions of SQLite take 999.
AT_ONCE = 300
# What `lists_of` reads.
LISTING_FIELDS = ("category", "series", "published_at")


class ListCount(models.Model):
    """The number of released articles, those that are scheduled included, of all or of one list.

    `key` is the primary key of a category, series, tag or author, or 202406 for June 2024 in the time zone of the site.
    Every change locks the row of all articles first, so that two changes at once never wait for each other.
    """

    kind = models.CharField(max_length=10)
    key = models.BigIntegerField()
    # No constraint: what went wrong with a number must not keep an article from being withdrawn.
    number = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="list_count_once")]

    def __str__(self):
        return f"{self.kind} {self.key}: {self.number}"


def month_list(year: int, month: int) -> tuple[str, int]:
    return MONTH, 100 * year + month


def lists_of(article) -> list[tuple[str, int]]:
    """The lists of an article that do not depend on its labels."""
    month = timezone.localtime(article.published_at)
    lists = [EVERY, (CATEGORY, article.category_id), month_list(month.year, month.month)]
    return lists + [(SERIES, article.series_id)] if article.series_id else lists


def label_lists(tags, authors) -> list[tuple[str, int]]:
    return [*((TAG, key) for key in tags), *((AUTHOR, key) for key in authors)]


def all_lists_of(article) -> list[tuple[str, int]]:
    """Two queries; none if tags and bylines were fetched."""
    authors = (byline.author_id for byline in article.bylines.all())
    return lists_of(article) + label_lists((tag.pk for tag in article.tags.all()), authors)


def count_changes(pairs) -> None:
    """Count articles, each as it was stored and as it is now, in the lists that they joined and left.

    In the transaction that changes them. What is deleted is not yet.
    """
    joined, left = Counter(), Counter()
    for before, after in pairs:
        was, is_now = (row is not None and row.is_released for row in (before, after))
        lists = lists_of if was and is_now else all_lists_of
        left.update(lists(before) if was else ())
        joined.update(lists(after) if is_now else ())
    add(joined, left)


def add(joined, left) -> None:
    """Add one for each list in `joined`, and take one for each in `left`. One query, none if nothing changes."""
    joined, left = Counter(joined), Counter(left)
    changes = {one: joined[one] - left[one] for one in joined | left if joined[one] != left[one]}
    if not changes:
        return
    rows, table = [(*one, number) for one, number in sorted(({EVERY: 0} | changes).items())], ListCount._meta.db_table
    with connection.cursor() as cursor:
        for part in (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)):
            cursor.execute(
                f"INSERT INTO {table} (kind, key, number) VALUES {', '.join(['(%s, %s, %s)'] * len(part))} "  # noqa: S608
                f"ON CONFLICT (kind, key) DO UPDATE SET number = {table}.number + excluded.number",
                [value for row in part for value in row],
            )
