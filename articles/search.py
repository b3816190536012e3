"""Full-text search over title, summary and body, on SQLite (FTS5) and on PostgreSQL (tsvector).

The index is a table of its own, `articles_search`, made by a migration for the database at hand. Both stem English
words, ignore accents and rank a hit in the title over one in the summary over one in the body.
"""

import re
import unicodedata

from django.db import connection

TABLE = "articles_search"
QUERY_LENGTH = 200
HITS = 500
_WORD = re.compile(r"\w+")


def _fold(text: str) -> str:
    """Without accents, so that "cafe" finds "café"."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def words_of(query: str) -> list[str]:
    """The words of what a reader typed; everything that is syntax to a search engine is dropped. At most 12."""
    return _WORD.findall(_fold(query[:QUERY_LENGTH]))[:12]


def index(article) -> None:
    """Make the index say what the article says now. Two queries."""
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
    """Take an article out of the index. One query."""
    column = "rowid" if connection.vendor == "sqlite" else "article_id"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {column} = %s", [article_id])  # noqa: S608


def matching_ids(query: str) -> list[int]:
    """The ids of articles, in any state, that hold every word of `query`, best first; the last word may be a beginning.

    At most `HITS`. One query; none when `query` holds no word.
    """
    words = words_of(query)
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
    """Those of the queryset `articles` that match, best first. Its own query and one for the index."""
    ids = matching_ids(query)
    found = articles.in_bulk(ids) if ids else {}
    return [found[identifier] for identifier in ids if identifier in found]
