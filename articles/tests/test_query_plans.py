"""SQLite reads public pages from indexes, so that their cost does not grow with the number of articles."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from articles.lists import paging
from articles.models import FrontPage, Series, Tag
from publishing.tests.factories import make_article, make_author, make_category
from publishing.tests.rows import failures

PAGES = [
    "/",
    "/?page=2",
    "/articles/part-1/",
    "/categories/opinion/?page=2",
    "/tags/http/?page=2",
    "/authors/ines/",
    "/series/by-hand/?page=2",
    "/archive/",
    "/archive/{0.year}/{0.month}/?page=2",
    "/search/?q=paragraph",
    "/feed.xml",
    "/corrections/",
    "/corrections/feed.xml",
    "/sitemap.xml",
]
# The columns of rows of articles.
OF_ARTICLES = 'SELECT "articles_article"'


def plan(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return [row[3] for row in cursor.fetchall()]


@pytest.fixture
def statements():
    """The statements on articles and their numbers, as (SQL, parameters)."""
    seen = []

    def note(execute, sql, parameters, many, context):
        if re.match(r"(SELECT|WITH)\b", sql) and re.search("articles_(article|listcount)", sql):
            seen.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield seen


@pytest.mark.parametrize("few", [0, paging.FEW])
def test_no_page_reads_or_sorts_all_articles(client, statements, monkeypatch, sqlite, few):
    monkeypatch.setattr(paging, "FEW", few)
    FrontPage(opinion=make_category()).save()
    tag, ines = Tag.objects.create(name="http", slug="http"), make_author()
    series = Series.objects.create(title="By hand", slug="by-hand")
    moment = timezone.now().replace(day=1, hour=0) - timedelta(days=20)
    for part in range(1, 19):
        make_article(
            slug=f"part-{part}", tags=[tag], authors=[ines], series=series, series_position=part, published_at=moment
        )

    def check(address):
        statements.clear()
        assert client.get(address.format(moment).replace("ines", ines.slug)).status_code == 200
        assert statements
        for sql, parameters in statements:
            steps = "; ".join(plan(sql, parameters))
            assert not re.search(r"SCAN (articles_article|articles_listcount|U0)\b", steps), (steps, sql)
            if 'FROM "articles_correction"' in sql:
                assert "articles_correction" in steps.partition(";")[0], (steps, sql)
            if sql.startswith(OF_ARTICLES) and "article_parts_of_series" not in steps:
                assert "TEMP B-TREE" not in steps, (steps, sql)
                # Without a limit, the index of all articles would be read to its end.
                assert "article_newest" not in steps or "LIMIT" in sql, (steps, sql)

    assert failures(PAGES, check) == {}
