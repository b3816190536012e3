"""The hits of a search in pages, with what they can be limited to."""

from urllib.parse import urlencode

from django.db.models.functions import Substr
from django.utils.functional import cached_property

from publishing.database.prepared import PreparedBulk

from ..models import Article
from ..search import Hits, Marker, passages, suggestion
from .facets import COUNTED, Filters, facets
from .paging import KeyPaginator

NEWEST = "new"
_texts = PreparedBulk(Article.everything.only("pk").annotate(beginning=Substr("text", 1, passages.READ)))


class Results(KeyPaginator):
    """Published articles that `text` finds among `filters`, best first, or newest with `order`.

    At most eight queries; without a hit, those of `suggestion`.
    """

    def __init__(self, text: str, filters: Filters, order: str = ""):
        self.text, self.filters, self.order = text, filters, order
        self.hits = self._found(filters)
        super().__init__(self.hits)

    def _found(self, filters: Filters) -> Hits:
        return Hits(self.text, Article.objects.hidden(), keys=filters.keys(), is_newest_first=self.order == NEWEST)

    def page(self, number):
        """Its rows have `marked_title` and `passage`."""
        page = super().page(number)
        rows, marker = page.object_list, Marker(self.hits.query)
        # A summary that has all words is the passage.
        texts = _texts([row.pk for row in rows if not marker.marks_all(row.summary)])
        for row in rows:
            row.marked_title = marker.marked(row.title, row.text_language)
            text = texts[row.pk].beginning if row.pk in texts else ""
            row.passage = marker.passage(row.summary, text, row.text_language)
        return page

    def keys(self, first, last):
        return self._ordered[first:last] if self._ordered is not None else super().keys(first, last)

    @cached_property
    def _all_keys(self) -> list[int] | None:
        """None if there are more than `COUNTED`."""
        return self.hits[0 : self.count] if self.count <= COUNTED else None

    @cached_property
    def _facets(self):
        return facets(self._all_keys, self.filters, self.link()) if self.count > 1 else ([], {})

    @cached_property
    def _ordered(self) -> list[int] | None:
        """By the moment of publication; of more than `COUNTED`, the hits are in the order of their keys."""
        _, published = self._facets
        if self.order != NEWEST or not published:
            return self._all_keys
        return sorted(self._all_keys, key=lambda key: (published[key], key), reverse=True)

    def link(self, filters: Filters | None = None, **changed: str) -> str:
        """The query string of the first page of this search, or with other parameters."""
        filters = self.filters if filters is None else filters
        values = {"q": self.text, **filters.parameters(), "sort": self.order} | changed
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """What each filter is, and the query string without it."""
        return [(words, self.link(self.filters.without(name))) for name, words in self.filters.named().items()]

    @property
    def best_first(self) -> str:
        return self.link(sort="")

    @property
    def newest_first(self) -> str:
        return self.link(sort=NEWEST)

    @property
    def unfiltered(self) -> str:
        return self.link(Filters())

    @property
    def suggested(self) -> str:
        return self.link(q=self.suggestion)

    @property
    def is_ranked(self) -> bool:
        return self.hits.is_ranked

    @property
    def why_nothing(self) -> str:
        return self.hits.query.why_nothing

    @property
    def facets(self) -> list:
        return self._facets[0]

    @cached_property
    def without_filters(self) -> int:
        """How many articles there are that the filters leave out, if they leave none."""
        return len(self._found(Filters())) if self.filters and not self.count else 0

    @cached_property
    def suggestion(self) -> str | None:
        """What the text may mean, if there is no hit at all."""
        if self.count or self.without_filters or not self.hits.query.wanted:
            return None
        return suggestion(self.text, hidden=Article.objects.hidden(), keys=self.filters.keys())
