"""How many articles have a label, for the admin: all, those that readers see, those in the trash."""

from dataclasses import dataclass
from functools import partial

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Article, Byline, ListCount, TrashedArticle
from ..models.list_counts import AUTHOR, TAG
from ..models.taxonomy import Listed
from . import numbers

_grouped = partial(number_format, force_grouping=True)


@dataclass(frozen=True)
class Uses:
    articles: int
    published: int
    # Beside the others.
    trashed: int = 0

    def __str__(self):
        numbers = {"count": _grouped(self.articles), "published": _grouped(self.published)}
        text = _("no article")
        if self.articles:
            text = ngettext(
                "%(count)s article, %(published)s of them published",
                "%(count)s articles, %(published)s of them published",
                self.articles,
            )
            text %= numbers
        if not self.trashed:
            return text
        return _("%(articles)s; %(count)s in the trash") % {"articles": text, "count": _grouped(self.trashed)}


def _links(kind: str) -> QuerySet:
    """The rows with a column of this name that say which article has which label, also of those in the trash."""
    links = {TAG: Article.tags.through.objects, AUTHOR: Byline.objects}
    return links.get(kind, Article.everything).order_by()


def with_numbers(labels: QuerySet) -> QuerySet:
    """Labels with the numbers of their articles, read in indexes.

    `link_number` has those in the trash too, which are `trashed_number`; `released_number` has scheduled ones.
    """
    kind = labels.model._meta.model_name
    every = _links(kind).filter(**{kind: OuterRef("pk")})
    is_column = every.model is Article
    trashed = every.filter(Exists(TrashedArticle.objects.filter(pk=OuterRef("pk" if is_column else "article"))))
    released = ListCount.objects.filter(kind=kind, key=OuterRef("pk")).values("number")
    return labels.annotate(
        link_number=_number(_counted(every, kind)),
        trashed_number=_number(_counted(trashed, kind)),
        released_number=_number(released),
    )


def _counted(links: QuerySet, kind: str) -> QuerySet:
    return links.values(kind).annotate(number=Count("pk")).values("number")


def _number(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


def of(label: Listed) -> Uses:
    """Of a label `with_numbers`. No query unless an article is scheduled: then three, cached."""
    scheduled = numbers.scheduled_in((label._meta.model_name, label.pk))
    articles = label.link_number - label.trashed_number
    return Uses(articles, label.released_number - scheduled, label.trashed_number)


def unused(labels: QuerySet) -> QuerySet:
    kind = labels.model._meta.model_name
    return labels.filter(~Exists(_links(kind).filter(**{kind: OuterRef("pk")})))


def having_several(labels: list[Listed]) -> int:
    """How many articles have more than one of these labels, which are of one kind. One query."""
    kind = labels[0]._meta.model_name
    if kind not in (TAG, AUTHOR):
        return 0
    rows = _links(kind).filter(**{f"{kind}__in": labels}).values("article").annotate(number=Count("pk"))
    return rows.filter(number__gt=1).count()
