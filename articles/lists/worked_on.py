"""Articles in the order in which people last worked on them, for the list of the admin."""

from collections.abc import Callable
from functools import cached_property

from django.db.models import Exists, F, OuterRef

from ..models import Article, TrashedArticle, Version


class WorkedOn:
    """The keys of `articles`, what was last worked on first; of all articles if that is None.

    What is typed is saved in a working version alone, so that saving it costs little. Two indexes, one of these and
    one of articles, are merged. From the middle on they are read from their ends: the last page costs what the first
    one does. `count` counts the articles if there is a faster way than to ask them.
    """

    def __init__(self, articles=None, count: Callable[[], int] | None = None):
        self._are_all, self._articles = articles is None, (Article.objects if articles is None else articles).order_by()
        self._count = count or self._articles.count

    @cached_property
    def _length(self) -> int:
        return self._count()

    def __len__(self):
        return self._length

    def __getitem__(self, part: slice) -> list[int]:
        start, stop = min(part.start, len(self)), min(part.stop, len(self))
        if start < len(self) / 2:
            return self._keys("-", start, stop)
        return self._keys("", len(self) - stop, len(self) - start)[::-1]

    def _keys(self, order: str, start: int, stop: int) -> list[int]:
        working = Version.objects.working()
        saved = self._articles.filter(~Exists(working.filter(article=OuterRef("pk"))))
        typed = working.order_by().exclude(article__in=TrashedArticle.objects.order_by().values("article"))
        if not self._are_all:
            # Tested for each of these, which are few.
            typed = typed.filter(Exists(self._articles.filter(pk=OuterRef("article_id"))))
        saved = saved.annotate(at=F("worked_on_at")).values_list("pk", "at")
        typed = typed.annotate(at=F("changed_at")).values_list("article_id", "at")
        rows = saved.union(typed, all=True).order_by(f"{order}at", f"{order}pk")
        return [key for key, _ in rows[start:stop]]
