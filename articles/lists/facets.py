"""What a search can be limited to: a category, a tag, a year."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.database import replica

from ..models import Article, Category, Tag
from . import months, numbers

# Hits of which facets are counted; a single one needs none. Tags that are offered.
COUNTED, TAGS = 500, 10


@dataclass(frozen=True)
class Filters:
    category: Category | None = None
    tag: Tag | None = None
    year: int | None = None

    def __bool__(self):
        return any((self.category, self.tag, self.year))

    def named(self) -> dict[str, str]:
        """What is chosen, in words, by its parameter."""
        return {name: str(value) for name, value in vars(self).items() if value}

    def without(self, name: str) -> "Filters":
        return replace(self, **{name: None})

    def keys(self) -> list[QuerySet]:
        """Each has the keys of articles that one of the filters leaves, from an index."""
        if not self:
            return []
        articles, found = Article.objects.published(), []
        if self.year:
            articles = Article.objects.published_between(*months.year_range(self.year))
        if self.category:
            articles = articles.filter(category=self.category)
        if self.category or self.year:
            found.append(articles.order_by().values("pk"))
        if self.tag:
            found.append(Article.tags.through.objects.filter(tag=self.tag).order_by().values("article"))
        return found

    def parameters(self) -> dict[str, str]:
        return {name: getattr(value, "slug", None) or str(value) for name, value in vars(self).items() if value}


_HEADINGS = {"year": _("Year"), "category": _("Category"), "tag": _("Tag")}


@dataclass(frozen=True)
class Option:
    value: str
    name: str
    # Of the hits; None if they are too many to count.
    number: int | None = None


@dataclass(frozen=True)
class Facet:
    parameter: str
    heading: str
    # What a value is put behind to limit the search to it.
    link: str
    options: list[Option]


def facets(keys: list[int] | None, filters: Filters, link: str) -> tuple[list[Facet], dict[int, datetime]]:
    """What the hits with these keys can be limited to further, and when each was published. Two queries.

    `link` is the query string of the search as it is. No keys are more than `COUNTED`: then all years and categories
    are offered, with one query.
    """
    published = {}
    if keys is None:
        years = Counter(dict.fromkeys(month.year for month, _ in numbers.published_in_months()))
        categories, tags = {(row.slug, row.name): None for row in Category.objects.all()}, []
    else:
        rows = _read(_ROWS, keys)
        published = {key: moment for key, moment, *_ in rows}
        years = Counter(map(_year, published.values()))
        categories = dict(Counter((slug, name) for *_, slug, name in rows).most_common())
        tags = _read(_TAGS, keys)[:TAGS]
    options = {
        "year": [Option(str(year), str(year), years[year]) for year in sorted(years, reverse=True)],
        "category": [Option(slug, name, number) for (slug, name), number in categories.items()],
        "tag": [Option(*row) for row in tags],
    }
    limited, number = filters.named(), len(keys or ())
    # What all hits have limits nothing.
    options = {name: [row for row in rows if row.number != number] for name, rows in options.items()}
    found = [
        Facet(name, str(_HEADINGS[name]), f"?{link}&{name}=", rows)
        for name, rows in options.items()
        if rows and name not in limited
    ]
    return found, published


# Each is sent with other keys: to make a queryset for so many takes ten times as long as to read the rows.
_ROWS = """SELECT article.id, article.published_at, category.slug, category.name
    FROM articles_article AS article JOIN articles_category AS category ON category.id = article.category_id
    WHERE article.id IN ({})"""
_TAGS = """SELECT tag.slug, tag.name, COUNT(*)
    FROM articles_article_tags AS link JOIN articles_tag AS tag ON tag.id = link.tag_id
    WHERE link.article_id IN ({}) GROUP BY 1, 2 ORDER BY 3 DESC, 2"""


def _read(sql: str, keys: list[int]) -> list[tuple]:
    with replica.connection().cursor() as cursor:
        cursor.execute(sql.format(",".join(map(str, keys))))
        return cursor.fetchall()


def _year(moment: datetime) -> int:
    """In the time zone of the site, which matters on two days. A moment of SQLite has none: it is in UTC."""
    if (moment.month, moment.day) not in ((12, 31), (1, 1)):
        return moment.year
    return timezone.localtime(moment if moment.tzinfo else moment.replace(tzinfo=UTC)).year
