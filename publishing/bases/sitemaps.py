"""Sitemaps (https://www.sitemaps.org/protocol.html): an index of files, each with the rows of a range of primary keys.

A new row changes only the newest file, a changed row only its own. The cost of the index and of a file does not grow
with the number of rows.
"""

from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from ..database import replica
from ..paths import url_of

# Primary keys in a file. The protocol allows 50,000 addresses.
FILE_KEYS = 2000
# The newest rows, which decide when a page that lists rows last changed.
RECENT = 1000

_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
# The numbers of the ranges that have a row, each found in the index of the primary key from the one before.
_FILES = f"""
WITH RECURSIVE listed(id) AS NOT MATERIALIZED ({{rows}}),
file(number) AS (
    SELECT (SELECT (id - 1) / {FILE_KEYS} + 1 FROM listed ORDER BY id LIMIT 1)
    UNION ALL
    SELECT (SELECT (id - 1) / {FILE_KEYS} + 1 FROM listed WHERE id > number * {FILE_KEYS} ORDER BY id LIMIT 1)
    FROM file WHERE number IS NOT NULL
)
SELECT number FROM file WHERE number IS NOT NULL
"""  # noqa: S608 - a constant


# Of models whose names do not take an s. Addresses of files have them in every language.
_PLURALS = {"category": "categories", "quiz": "quizzes", "series": "series"}


def kind_of(model) -> str:
    name = model._meta.model_name
    return _PLURALS.get(name, f"{name}s")


def page_name(model, pk: int) -> str:
    """The name of the page that lists the row (see `pages.cacheable`)."""
    return f"sitemap:{kind_of(model)}:{(pk - 1) // FILE_KEYS + 1}"


def one_by_one(rows: QuerySet) -> QuerySet:
    """The same rows, found by primary key: otherwise SQLite reads the whole index of what is public."""
    return rows.model._base_manager.filter(Exists(rows.filter(pk=OuterRef("pk"))))


class Sitemap:
    """The pages of a model's rows, which have a slug. `page_names` are those that change together with its files."""

    page_names: tuple[str, ...] = ()

    def __init__(self, model, url_name: str):
        self.model, self.url_name = model, url_name
        self.kind = kind_of(model)

    def rows(self) -> QuerySet:
        """The public rows."""
        raise NotImplementedError

    def dated(self, rows: QuerySet) -> Iterable[tuple[str, datetime | None]]:
        """The slugs of `rows`, and when each last changed if that is known."""
        raise NotImplementedError

    def next_change(self) -> datetime | None:
        """The time at which the clock adds a row, or None."""
        raise NotImplementedError

    def files(self) -> list[int]:
        """The numbers of the files that list something. One query."""
        sql, parameters = one_by_one(self.rows()).order_by().values_list("pk").query.sql_with_params()
        with replica.connection().cursor() as cursor:
            cursor.execute(_FILES.replace("{rows}", sql), parameters)
            return [number for (number,) in cursor.fetchall()]

    def entries(self, number: int) -> Iterable[tuple[str, datetime | None]]:
        """The paths in a file, and when each last changed. Empty if there is no such file."""
        rows = one_by_one(self.rows()).filter(pk__gt=(number - 1) * FILE_KEYS, pk__lte=number * FILE_KEYS)
        return [(url_of(self.url_name, slug), changed) for slug, changed in self.dated(rows.order_by("pk"))]


class PublishableSitemap(Sitemap):
    """The published rows of a `Publishable` with the field `modified_at`."""

    def rows(self):
        return self.model.objects.published()

    def dated(self, rows):
        # A scheduled row may have changed before it appeared.
        moments = rows.values_list("slug", "modified_at", "published_at")
        return [(slug, max(modified, published)) for slug, modified, published in moments]

    def next_change(self):
        return self.model.next_publication()


class FrontSitemap(PublishableSitemap):
    """Pages at fixed addresses that show the newest rows of a `Publishable`."""

    def __init__(self, kind: str, model, *url_names: str):
        self.kind, self.model, self.url_names = kind, model, url_names
        self.page_names = (f"dates:{kind_of(model)}",)

    def files(self):
        return [1]

    def entries(self, number):
        dates = (changed for _, changed in self.dated(self.rows().newest_first()[:RECENT]))
        newest = max(dates, default=None)
        return [(reverse(name), newest) for name in self.url_names if number == 1]


def as_index(paths: Iterable[str]) -> str:
    """The XML of an index of sitemap files."""
    files = (f"<sitemap><loc>{escape(settings.SITE_URL + path)}</loc></sitemap>\n" for path in paths)
    return _document("sitemapindex", files)


def as_file(entries: Iterable[tuple[str, datetime | None]]) -> str:
    """The XML of a sitemap file."""
    urls = []
    for path, changed in entries:
        lastmod = f"<lastmod>{timezone.localtime(changed):%Y-%m-%d}</lastmod>" if changed else ""
        urls.append(f"<url><loc>{escape(settings.SITE_URL + path)}</loc>{lastmod}</url>\n")
    return _document("urlset", urls)


def _document(element, parts):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} {_NAMESPACE}>\n{"".join(parts)}</{element}>\n'
