"""Full-text search in title, summary and body with SQLite (FTS5) or PostgreSQL (tsvector).

The index is the table `articles_search`, which a migration creates. Both stem English words, ignore accents and rank
titles over summaries over bodies.
"""

import re
import unicodedata

from django.db import connection
from django.utils.functional import cached_property

from publishing.database import replica

TABLE = "articles_search"
QUERY_LENGTH = 200
RANKED = 5000
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


class Hits:
    """The articles that contain all words of `query`, in any state, without those of the queryset `hidden`; if there
    is one, only those of the queryset `among`. With `in_titles`, those whose titles contain them.

    The best come first. Of more than `RANKED` only the last `RANKED` are found, and the last come first: to rank them
    all would take as long as there are many. The last word matches as a prefix too, unless it is found that often as
    it is: all words with a prefix are read before the first hit is known.
    """

    def __init__(self, query: str, hidden=None, *, among=None, in_titles=False):
        self._in_titles = in_titles
        # At most 12, without anything that is syntax to a search engine.
        self._words = _WORD.findall(_fold(query[:QUERY_LENGTH]))[:12]
        is_sqlite = connection.vendor == "sqlite"
        self._key = "rowid" if is_sqlite else "article_id"
        self._from = (
            f"FROM {TABLE} WHERE {TABLE} MATCH %s"
            if is_sqlite
            else (f"FROM {TABLE} WHERE document @@ to_tsquery('english', %s)")
        )
        self._limits = ()
        for rows, are in ((hidden, "NOT IN"), (among, "IN")):
            if rows is not None:
                sql, parameters = rows.order_by().values("pk").query.sql_with_params()
                self._from += f" AND {self._key} {are} ({sql})"
                self._limits += parameters

    def _match(self, prefix: bool) -> str:
        if connection.vendor == "sqlite":
            words = " ".join(f'"{word}"' for word in self._words) + "*" * prefix
            return f"title : ({words})" if self._in_titles else words
        # Titles have the weight A.
        weight = ":A" if self._in_titles else ""
        start = " & ".join(f"'{word}'{weight}" for word in self._words)
        return start.removesuffix(weight) + ":*" + weight[1:] if prefix else start

    @cached_property
    def _found(self) -> tuple[str, int]:
        """What to match, and the number of hits, at most one more than `RANKED`."""
        if not self._words:
            return "", 0
        whole, prefix = self._match(prefix=False), self._match(prefix=True)
        count = f"(SELECT COUNT(*) FROM (SELECT {self._key} {self._from} LIMIT {RANKED + 1}) AS hits)"  # noqa: S608
        # Without the limit, the words would be counted twice.
        sql = f"""SELECT number, CASE WHEN number > {RANKED} THEN 0 ELSE {count} END
            FROM (SELECT {count} AS number LIMIT 1) AS whole"""  # noqa: S608
        [(number, more)] = self._read(sql, prefix, *self._limits, whole, *self._limits)
        return (prefix, more) if more > number else (whole, number)

    @property
    def is_ranked(self) -> bool:
        return self._found[1] <= RANKED

    def __len__(self):
        return min(self._found[1], RANKED)

    def __getitem__(self, part: slice) -> list[int]:
        """The keys of the articles from one hit to another."""
        if not len(self):
            return []
        match, order, ranked = self._found[0], "", []
        if self.is_ranked and connection.vendor == "sqlite":
            order = f"bm25({TABLE}, 10, 4, 1), "
        elif self.is_ranked:
            order, ranked = "ts_rank(document, to_tsquery('english', %s)) DESC, ", [match]
        sql = f"SELECT {self._key} {self._from} ORDER BY {order}{self._key} DESC LIMIT %s OFFSET %s"
        rows = self._read(sql, match, *self._limits, *ranked, part.stop - part.start, part.start)
        return [key for (key,) in rows]

    def _read(self, sql: str, *parameters) -> list[tuple]:
        """PostgreSQL is told to use the index: it does not know that reading documents is slow.

        Both statements are sent at once, which makes them one transaction.
        """
        database = replica.connection()
        with database.cursor() as cursor:
            if database.vendor == "postgresql":
                cursor.execute(f"SET LOCAL enable_seqscan = off; {sql}", parameters)
                cursor.nextset()
            else:
                cursor.execute(sql, parameters)
            return cursor.fetchall()
