"""Full-text search in title, summary and body with SQLite (FTS5) or PostgreSQL (tsvector).

The index is the table `articles_search`, which a migration creates. Both stem English words, ignore accents and rank
titles over summaries over bodies.
"""

import re
import unicodedata

from django.db import connection

TABLE = "articles_search"
QUERY_LENGTH = 200
HITS = 500
_WORD = re.compile(r"\w+")


def _fold(text: str) -> str:
    """Remove accents, so that "cafe" finds "café"."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def index(article) -> None:
    remove(article.pk)
    fields = [article.pk, _fold(article.title), _fold(article.summary), _fold(article.text)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {TABLE} (rowid, title, summary, body) VALUES (%s, %s, %s, %s)", fields)  # noqa: S608
        else:
            cursor.execute(
                f"INSERT INTO {TABLE} (article_id, document) VALUES (%s, "  # noqa: S608
                "setweight(to_tsvector('english', %s), 'A') || setweight(to_tsvector('english', %s), 'B') || "
                "setweight(to_tsvector('english', left(%s, 400000)), 'D'))",
                fields,
            )


def remove(article_id: int) -> None:
    column = "rowid" if connection.vendor == "sqlite" else "article_id"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {column} = %s", [article_id])  # noqa: S608


def matching_ids(query: str) -> list[int]:
    """The ids of at most `HITS` articles, in any state, that contain all words of `query`, best first.

    The last word matches as a prefix.
    """
    # At most 12, without anything that is syntax to a search engine.
    words = _WORD.findall(_fold(query[:QUERY_LENGTH]))[:12]
    if not words:
        return []
    if connection.vendor == "sqlite":
        match = " ".join(f'"{word}"' for word in words) + "*"
        sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY bm25({TABLE}, 10, 4, 1), rowid DESC LIMIT %s"  # noqa: S608
    else:
        match = " & ".join(f"'{word}'" for word in words) + ":*"
        sql = (
            f"SELECT article_id FROM {TABLE}, to_tsquery('english', %s) query WHERE document @@ query "  # noqa: S608
            "ORDER BY ts_rank(document, query) DESC, article_id DESC LIMIT %s"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql, [match, HITS])
        return [row[0] for row in cursor.fetchall()]


def search(articles, query: str) -> list:
    """Those of the queryset `articles` that match, best first."""
    ids = matching_ids(query)
    by_id = articles.in_bulk(ids) if ids else {}
    return [by_id[pk] for pk in ids if pk in by_id]
