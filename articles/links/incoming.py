"""What links to articles."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .table import Link

MOST, MOST_DYING = 20, 10
KIND = "article"


@dataclass(frozen=True)
class Incoming:
    """Articles that link somewhere, the newest first: how many, and the first with their titles and states."""

    total: int
    first: list

    @property
    def more(self) -> int:
        return self.total - len(self.first)


def incoming(article, user) -> Incoming:
    """The articles that link to one, of those that the account may see. One query; two if there are many."""
    articles = Link._meta.get_field("article").related_model.objects
    linking = Link.objects.filter(kind=KIND, key=article.pk).order_by().values("article")
    return _first(articles.visible_to(user).filter(pk__in=linking), MOST)


def links_to(keys: Iterable[int]) -> Incoming:
    """The published articles that link to one of those with these keys, without those themselves: their links die
    with the pages. One query; two if there are many.
    """
    articles, keys = Link._meta.get_field("article").related_model.objects, list(keys)
    linking = Link.objects.filter(kind=KIND, key__in=keys).order_by().values("article")
    return _first(articles.published().filter(pk__in=linking).exclude(pk__in=keys), MOST_DYING)


def _first(articles, most: int) -> Incoming:
    rows = list(articles.only("title", "slug", "status", "published_at").order_by("-pk")[: most + 1])
    for row in rows:
        row.state = state_of(row)
    return Incoming(articles.count() if len(rows) > most else len(rows), rows[:most])


def state_of(row) -> str:
    """What readers do not see of a row that is published, in a word: "draft"; "" if they see it."""
    return "" if row.is_published else word_for("scheduled" if row.is_scheduled else row.status)


def word_for(status: str) -> str:
    """A status inside of a sentence, where not every language has small letters."""
    words = {
        "draft": _("draft"),
        "review": _("in review"),
        "scheduled": _("scheduled"),
        "published": _("published"),
        "archived": _("archived"),
    }
    return words[status]
