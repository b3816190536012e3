"""Pages of a list that nobody counts to its end."""

from functools import cached_property

from django.core.paginator import Page, Paginator

from ..moderation.queues import COUNTED


class BoundedPaginator(Paginator):
    """The first `COUNTED` rows in pages, and whether there are more.

    Two queries whatever is behind: the numbers of those rows, which the index of the order gives, and one page of
    the rows themselves.
    """

    @cached_property
    def _keys(self) -> list:
        return list(self.object_list.values_list("pk", flat=True)[: COUNTED + 1])

    @cached_property
    def count(self) -> int:
        return min(len(self._keys), COUNTED)

    @property
    def is_cut(self) -> bool:
        return len(self._keys) > COUNTED

    @property
    def words(self) -> str:
        return f"{self.count:,}{'+' if self.is_cut else ''}"

    def page(self, number) -> Page:
        number = self.validate_number(number)
        keys = self._keys[: self.count][(number - 1) * self.per_page : number * self.per_page]
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)
