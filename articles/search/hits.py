"""The articles that a query finds, best first."""

from django.db import connection
from django.utils.functional import cached_property

from publishing.database import replica

from .indexing import TABLE
from .query import Query

RANKED = 5000


class Hits:
    """The articles that a query finds (`Query`), in any state, without those of the queryset `hidden`; if there is
    one, only those of the queryset `among`, and with a key that each of the querysets `keys` has. With `in_titles`,
    only titles are searched.

    The best come first; those with the highest keys, if `is_newest_first`. Of more than `RANKED` only the last `RANKED`
    are found, and the last come first: to rank them all would take as long as there are many. The last word matches as
    a prefix too, unless it is found that often as it is: all words with a prefix are read before a hit is known.
    """

    def __init__(self, query: str, hidden=None, *, among=None, keys=(), in_titles=False, is_newest_first=False):
        self._is_newest_first = is_newest_first
        self._in_titles, self.query = in_titles, Query(query)
        is_sqlite = connection.vendor == "sqlite"
        self._key = "rowid" if is_sqlite else "article_id"
        self._from = (
            f"FROM {TABLE} WHERE {TABLE} MATCH %s"
            if is_sqlite
            else (f"FROM {TABLE} WHERE document @@ to_tsquery('english', %s)")
        )
        self._limits = ()
        tests = [(hidden, "NOT IN"), (among, "IN")]
        tests = [(rows.order_by().values("pk"), are) for rows, are in tests if rows is not None]
        for rows, are in [*tests, *((rows, "IN") for rows in keys)]:
            sql, parameters = rows.query.sql_with_params()
            # A key with a plus is tested for each hit: SQLite would search the index once for each key of the list.
            self._from += f" AND {'+' * is_sqlite}{self._key} {are} ({sql})"
            self._limits += parameters

    def _match(self, *, prefix: bool) -> str:
        ways = {"sqlite": self.query.for_sqlite, "postgresql": self.query.for_postgresql}
        return ways[connection.vendor](prefix=prefix, in_titles=self._in_titles)

    @cached_property
    def _found(self) -> tuple[str, int]:
        """What to match, and the number of hits, at most one more than `RANKED`."""
        if not self.query.wanted:
            return "", 0
        whole, prefix = self._match(prefix=False), self._match(prefix=self.query.has_prefix)
        count = f"(SELECT COUNT(*) FROM (SELECT {self._key} {self._from} LIMIT {RANKED + 1}) AS hits)"  # noqa: S608
        if whole == prefix:
            [(number,)] = self._read(f"SELECT {count}", whole, *self._limits)
            return whole, number
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
        is_ranked = self.is_ranked and not self._is_newest_first
        if is_ranked and connection.vendor == "sqlite":
            order = f"bm25({TABLE}, 10, 4, 1), "
        elif is_ranked:
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
