"""Compare the stored numbers of lists with the articles that there are, and correct them."""

from collections import Counter

from django.db import transaction
from django.db.models import Count

from publishing.cache import changes, pages

from ..models import Article, Byline, Series, Tag
from ..models.list_counts import ALL, AUTHOR, LISTING_FIELDS, SERIES, TAG, ListCount, lists_of


@transaction.atomic
def recount(*, repair: bool) -> dict[tuple[str, int], tuple[int, int]]:
    """The lists with a wrong number: what is stored, what there are. Reads all articles; nothing is counted meanwhile.

    The numbers of deleted tags and series are deleted.
    """
    ListCount.objects.get_or_create(kind=ALL, key=0)
    # Every change waits for this row.
    ListCount.objects.select_for_update().get(kind=ALL)
    for kind, model in ((TAG, Tag), (SERIES, Series)):
        ListCount.objects.filter(kind=kind).exclude(key__in=model.objects.values("pk")).delete()
    stored = {(kind, key): number for kind, key, number in ListCount.objects.values_list("kind", "key", "number")}
    counted = _counted()
    lists = sorted(one for one in stored.keys() | counted.keys() if stored.get(one, 0) != counted[one])
    if repair and lists:
        rows = [ListCount(kind=kind, key=key, number=counted[kind, key]) for kind, key in lists]
        ListCount.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["kind", "key"], update_fields=["number"]
        )
        pages.invalidate(changes.SITE)
    return {one: (stored.get(one, 0), counted[one]) for one in lists}


def _counted() -> Counter:
    """The number of released articles of each list."""
    released, counted = Article.objects.released().order_by(), Counter()
    for article in released.only(*LISTING_FIELDS).iterator():
        counted.update(lists_of(article))
    for kind, links in ((TAG, Article.tags.through), (AUTHOR, Byline)):
        numbers = links.objects.filter(article__in=released).order_by().values_list(kind)
        counted.update({(kind, key): number for key, number in numbers.annotate(Count("pk"))})
    return counted
