"""Pages of lists of published articles, at a cost that does not depend on their length."""

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.functional import cached_property

from ..models import Article, Status, fetching
from ..models.list_counts import AUTHOR, TAG
from . import numbers

PAGE_SIZE = 12
# Up to this number, sorting the articles of a tag takes less time than finding twelve of them among all.
FEW = 200


class KeyPaginator(Paginator):
    """Pages of articles of which `keys` has the primary keys. Only the rows of a page are read, for a list."""

    def __init__(self, keys):
        super().__init__(keys, PAGE_SIZE)

    def page(self, number):
        number = self.validate_number(number)
        first, last = self.bounds(number)
        keys = self.keys(first, min(last, self.count))
        rows = Article.cards(keys)
        fetching.fetch_authors(rows.values())
        return self._get_page([rows[key] for key in keys if key in rows], number, self)

    def bounds(self, number: int) -> tuple[int, int]:
        """The places of the first article of a page, and of the first one after it."""
        return (number - 1) * self.per_page, number * self.per_page

    def keys(self, first: int, last: int) -> list[int]:
        return self.object_list[first:last]


class ListPaginator(KeyPaginator):
    """Pages of a queryset of articles. The keys are read from the nearer end of an index.

    `name` is that of the list in `ListCount`, and `left_out` so many of its articles are not on the pages. For a tag or
    an author, `links` are the rows that link articles to it: few are all read; for many, the newest articles are read
    until enough of them have the link.
    """

    def __init__(self, articles, name, links=None, left_out=0):
        super().__init__(articles)
        self.name, self.links, self._left_out = name, links, left_out

    @cached_property
    def count(self):
        return max(0, numbers.published_in(self.name) - self._left_out)

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
    links = listed.articles.through.objects.filter(**{name: listed}) if name in (TAG, AUTHOR) else None
    return ListPaginator(articles, (name, listed.pk), links)
