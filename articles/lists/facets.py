"""What a search can be limited to: a category, a tag, a year."""

from collections import Counter
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet
from django.utils import timezone

from ..models import Article, Category, Tag
from . import months, numbers

# Hits of which facets are counted; a single one needs none. Tags that are offered.
COUNTED, TAGS = 500, 12


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
    options: list[Option]


def facets(keys: list[int] | None, filters: Filters) -> tuple[list[Facet], dict[int, object]]:
    """What the hits with these keys can be limited to further, and when each was published. Two queries.

    None are more than `COUNTED`: then all years and categories are offered, with one query.
    """
    published = {}
    if keys is None:
        years = Counter(dict.fromkeys(month.year for month, _ in numbers.published_in_months()))
        categories = {(row.slug, row.name): None for row in Category.objects.all()}
        tags = []
    else:
        columns = ("pk", "published_at", "category__slug", "category__name")
        rows = list(Article.objects.filter(pk__in=keys).order_by().values_list(*columns))
        published = {key: moment for key, moment, *_ in rows}
        years = Counter(timezone.localtime(moment).year for moment in published.values())
        categories = dict(Counter((slug, name) for *_, slug, name in rows).most_common())
        links = Article.tags.through.objects.filter(article__in=keys).values_list("tag__slug", "tag__name")
        tags = links.annotate(number=Count("pk")).order_by("-number", "tag__name")[:TAGS]
    found = [
        Facet("year", "Year", [Option(str(year), str(year), years[year]) for year in sorted(years, reverse=True)]),
        Facet("category", "Category", [Option(slug, name, number) for (slug, name), number in categories.items()]),
        Facet("tag", "Tag", [Option(*row) for row in tags]),
    ]
    limited = filters.named()
    # A single option leaves what is there.
    return [facet for facet in found if len(facet.options) > 1 and facet.parameter not in limited], published
