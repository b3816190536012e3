"""How many articles have a label, for the admin: all, and those that readers see."""

from dataclasses import dataclass

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ..models import Article, Byline, ListCount
from ..models.list_counts import AUTHOR, TAG
from ..models.taxonomy import Listed
from . import numbers


@dataclass(frozen=True)
class Uses:
    articles: int
    published: int

    def __str__(self):
        articles = f"{self.articles:,} article{'' if self.articles == 1 else 's'}"
        return f"{articles}, {self.published:,} of them published" if self.articles else "no article"


def _links(kind: str) -> QuerySet:
    """The rows with a column of this name that say which article has which label."""
    links = {TAG: Article.tags.through.objects, AUTHOR: Byline.objects}
    return links.get(kind, Article.objects).order_by()


def with_numbers(labels: QuerySet) -> QuerySet:
    """Labels with `article_number` and `released_number`, which has scheduled ones too; both are read in indexes."""
    kind = labels.model._meta.model_name
    every = _links(kind).filter(**{kind: OuterRef("pk")}).values(kind).annotate(number=Count("pk")).values("number")
    released = ListCount.objects.filter(kind=kind, key=OuterRef("pk")).values("number")
    return labels.annotate(
        article_number=Coalesce(Subquery(every, output_field=IntegerField()), 0),
        released_number=Coalesce(Subquery(released, output_field=IntegerField()), 0),
    )


def of(label: Listed) -> Uses:
    """Of a label `with_numbers`. No query unless an article is scheduled: then three, cached."""
    scheduled = numbers.scheduled_in((label._meta.model_name, label.pk))
    return Uses(label.article_number, label.released_number - scheduled)


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
