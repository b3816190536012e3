"""Which categories have published articles: menus show no others."""

from datetime import datetime

from django.db.models import OuterRef, Subquery


def first_published(articles, categories):
    """`categories` that have released articles, with `first`, the moment from which readers see one of them."""
    oldest = articles.released().filter(category=OuterRef("pk")).order_by("published_at")
    return categories.annotate(first=Subquery(oldest.values("published_at")[:1])).exclude(first=None)


def are_changed(articles, pairs) -> bool:
    """Whether a category got its first published article or lost its last one, or the moment of its first changes.

    `pairs` are articles, each as it was stored and as it is now. One query for each category that an article joined or
    left; none if only texts changed.
    """
    keys = {row.pk for pair in pairs for row in pair if row is not None}
    before, after = ([row for row in rows if row is not None and row.is_released] for rows in zip(*pairs, strict=True))
    firsts, now_firsts = _firsts(before), _firsts(after)
    for category in firsts.keys() | now_firsts.keys():
        if firsts.get(category) == now_firsts.get(category):
            continue
        others = articles.published().filter(category=category).order_by().values_list("pk", flat=True)
        if not set(others[: len(keys) + 1]) - keys:
            return True
    return False


def _firsts(rows) -> dict[int, datetime]:
    found = {}
    for row in rows:
        found[row.category_id] = min(row.published_at, found.get(row.category_id, row.published_at))
    return found
