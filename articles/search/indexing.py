"""The index follows the articles."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, transaction

from publishing.cache import pages

from . import vocabulary
from .labels import names_of
from .words import indexed

TABLE = "articles_search"
# Of one transaction of `rebuild`.
AT_ONCE = 200
_SQLITE = f"INSERT OR REPLACE INTO {TABLE} (rowid, title, summary, body) VALUES (%s, %s, %s, %s)"  # noqa: S608
_POSTGRESQL = f"""INSERT INTO {TABLE} (article_id, document) VALUES (%s,
    setweight(to_tsvector('english', %s), 'A') || setweight(to_tsvector('english', %s), 'B') ||
    setweight(to_tsvector('english', left(%s, 400000)), 'D'))
    ON CONFLICT (article_id) DO UPDATE SET document = EXCLUDED.document"""  # noqa: S608


def index(*articles) -> set[str]:
    """Store the words of saved articles, as their columns are, and the names of their labels. Three statements.

    Returns the words for the vocabulary, which are those of published articles.
    """
    names, rows, words = names_of([article.pk for article in articles]), [], set()
    for article in articles:
        summary = f"{article.summary} {names[article.pk]}"
        texts = [indexed(text) for text in (article.title, summary, article.text)]
        rows.append([article.pk, *texts])
        if article.is_released:
            words |= vocabulary.words_in(texts)
    with connection.cursor() as cursor:
        cursor.executemany(_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL, rows)
    vocabulary.add(words)
    return words


def remove(key: int) -> None:
    column = "rowid" if connection.vendor == "sqlite" else "article_id"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {column} = %s", [key])  # noqa: S608


def clear() -> None:
    """Remove all articles from the index, and all words."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608
        vocabulary.remove(vocabulary.stored())


def rebuild(after: int = 0) -> Iterator[tuple[int, int, int]]:
    """Index all articles again, those with a key above `after`, in batches, each in a transaction.

    Yields the number that is done, that of all, and the last key. Every article is found meanwhile. In the end, what
    is of no article is removed; words of no article only if it began with the first one.
    """
    articles, done, begins, words = apps.get_model("articles.Article").objects.order_by("pk"), 0, not after, set()
    total, before = articles.filter(pk__gt=after).count(), vocabulary.stored()
    while True:
        with transaction.atomic():
            rows = articles.locked().filter(pk__gt=after).only("title", "summary", "text", "status")
            rows = list(rows[:AT_ONCE])
            if not rows:
                break
            words |= index(*rows)
        done, after = done + len(rows), rows[-1].pk
        yield done, max(done, total), after
    key = "rowid" if connection.vendor == "sqlite" else "article_id"
    sql, parameters = articles.order_by().values("pk").query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {key} NOT IN ({sql})", parameters)  # noqa: S608
        if begins:
            vocabulary.remove(before - words)
        pages.invalidate("search")
