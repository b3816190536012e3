"""An article is found by the names of its authors, tags, category and series, which are indexed with its summary."""

from collections import defaultdict
from collections.abc import Iterable

from django.apps import apps
from django.db import connection, transaction
from django_tasks import task

from publishing.cache import pages

from . import vocabulary
from .words import indexed

# Of one transaction. More are left to a task.
AT_ONCE = 100


def names_of(keys: Iterable[int]) -> dict[int, str]:
    """The names of the labels of the articles with these keys. One query."""
    model, own = apps.get_model("articles.Article"), {"article__in": keys}
    rows = model._base_manager.filter(pk__in=keys).order_by()
    authors = model.bylines.rel.related_model.objects.filter(**own).order_by().values_list("article", "author__name")
    tags = model.tags.through.objects.filter(**own).order_by().values_list("article", "tag__name")
    columns = (rows.values_list("pk", name) for name in ("category__name", "series__title"))
    names = defaultdict(list)
    for key, name in authors.union(tags, *columns, all=True):
        names[key].append(name or "")
    return {key: "\n".join(names[key]) for key in keys}


def changed(keys: Iterable[int]) -> None:
    """Index the labels of these articles, in whatever state, which have got others or others names.

    In the transaction that changes them; in a task if they are more than `AT_ONCE`.
    """
    keys = sorted(keys)
    if len(keys) > AT_ONCE:
        index_labels.enqueue(keys)
    elif keys:
        _index(keys)


@task()
def index_labels(keys: list[int]) -> str:
    for start in range(0, len(keys), AT_ONCE):
        _index(keys[start : start + AT_ONCE])
    return f"{len(keys)} articles"


@transaction.atomic
def _index(keys: list[int]) -> None:
    rows = apps.get_model("articles.Article")._base_manager.filter(pk__in=keys).order_by("pk")
    rows = list(rows.select_for_update(no_key=True).values_list("pk", "summary", "status"))
    names = names_of([key for key, *_ in rows])
    parameters = [(indexed(f"{summary} {names[key]}"), key) for key, summary, _ in rows]
    if connection.vendor == "sqlite":
        sql = "UPDATE articles_search SET summary = %s WHERE rowid = %s"
    else:
        sql = (
            "UPDATE articles_search SET document = ts_filter(document, '{a, d}') || "
            "setweight(to_tsvector('english', %s), 'B') WHERE article_id = %s"
        )
    with connection.cursor() as cursor:
        cursor.executemany(sql, parameters)
    released = [key for key, _, status in rows if status == "published"]
    if released:
        vocabulary.add(vocabulary.words_in(indexed(names[key]) for key in released))
        pages.invalidate("search")
