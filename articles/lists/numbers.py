"""How many published articles lists have, at a cost that does not depend on them."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from django.db.models import BigIntegerField, CharField

from publishing.cache.values import CachedValue
from publishing.database.prepared import Parameter, Prepared

from ..models import Article, ListCount
from ..models.list_counts import LISTING_FIELDS, MONTH, all_lists_of

_number = Prepared(
    ListCount.objects.filter(kind=Parameter("kind", CharField()), key=Parameter("key", BigIntegerField()))
)
_cached = CachedValue(dict, names=("lists",))


def cached(name, load: Callable):
    """`load()`, cached until an article changes or is published by the clock. An empty value is not cached."""
    values, key = _cached.get(), (name, Article.next_publication())
    if key not in values:
        value = load()
        if not value:
            return value
        values[key] = value
    return values[key]


def published_in(name: tuple[str, int]) -> int:
    """The number of published articles of a list, cached. One query; three more if an article is scheduled."""
    return cached(name, lambda: _published_in(name))


def _published_in(name):
    kind, key = name
    row = _number.first(kind=kind, key=key)
    return (row.number if row else 0) - _scheduled()[name]


def published_in_months() -> list[tuple[date, int]]:
    """The months with published articles, newest first, and their numbers. Queries as above."""
    scheduled = _scheduled()
    rows = ListCount.objects.filter(kind=MONTH).order_by("-key").values_list("key", "number")
    numbers = ((key, number - scheduled[MONTH, key]) for key, number in rows)
    return [(date(key // 100, key % 100, 1), number) for key, number in numbers if number > 0]


def scheduled_in(name: tuple[str, int]) -> int:
    """The number of scheduled articles of a list. Queries as above."""
    return _scheduled()[name]


def scheduled_of(kind: str) -> dict[int, int]:
    """The numbers of scheduled articles by the key of a list of this kind. Queries as above."""
    return {key: number for (of, key), number in _scheduled().items() if of == kind}


def _scheduled() -> Counter:
    """How many articles of each list are scheduled. No query if none is."""
    if Article.next_publication() is None:
        return Counter()
    rows = Article.objects.scheduled().order_by().only(*LISTING_FIELDS).prefetch_related("tags", "bylines")
    return cached("scheduled", lambda: Counter(one for article in rows for one in all_lists_of(article)))
