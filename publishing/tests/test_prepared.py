"""Prepared queries return the rows of their querysets."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models import CharField, DateTimeField, F
from django.utils import timezone

from articles.models import Article
from publishing.database.prepared import NOW, Parameter, Prepared, PreparedBulk
from publishing.models import Redirect
from publishing.tests.factories import make_article, make_author

pytestmark = pytest.mark.django_db


def test_each_call_fills_in_its_own_values():
    for number in range(4):
        Redirect.objects.create(old_path=f"/old-{number}", new_path=f"/{number % 2}")
    to = Prepared(
        Redirect.objects.filter(
            new_path=Parameter("to", CharField()), created_at__lte=Parameter("until", DateTimeField())
        )
    )
    long_ago = timezone.now() - timedelta(days=1)

    found = [to(to=path, until=timezone.now()) for path in ("/0", "/1", "/2", "/0' OR 1=1 --", "%s")]

    assert [[row.old_path for row in rows] for rows in found] == [
        ["/old-0", "/old-2"],
        ["/old-1", "/old-3"],
        [],
        [],
        [],
    ]
    assert to(to="/0", until=long_ago) == []


def test_joined_prefetched_deferred_and_computed_columns_are_those_of_the_queryset(django_assert_num_queries):
    first, second = make_article(authors=[make_author("Ann")]), make_article(authors=[make_author("Bo")])
    rows = Article.objects.for_list().prefetch_related("bylines__author").annotate(shouted=F("title"))
    by_slug = Prepared(rows.filter(slug=Parameter("slug", CharField())))
    by_slug(slug=first.slug)

    for article in (first, second):
        with django_assert_num_queries(3):
            (found,) = by_slug(slug=article.slug)
            shown = found.shouted, found.category.name, found.counts.hearts, [author.name for author in found.byline]
        assert shown == (article.title, article.category.name, 0, [article.byline[0].name])
        assert found.get_deferred_fields() == rows.get(slug=article.slug).get_deferred_fields() != set()


def test_rows_by_key_leave_out_missing_rows(django_assert_num_queries):
    rows = [Redirect.objects.create(old_path=f"/old-{number}", new_path="/new") for number in range(3)]
    by_key = PreparedBulk(Redirect.objects.order_by("-old_path"))

    for keys in ([rows[0].pk], [rows[2].pk, rows[0].pk], [rows[1].pk, 10**9], [rows[1].pk] * 2, [10**9]):
        with django_assert_num_queries(1):
            found = by_key(keys)
        assert found == Redirect.objects.in_bulk(keys)
    with django_assert_num_queries(0):
        assert by_key([]) == {}


def test_the_time_is_that_of_the_call():
    published = Prepared(Article.objects.published(NOW).order_by("pk"))
    now, later = make_article(), make_article(published_at=timezone.now() + timedelta(hours=1))
    assert published() == [now]

    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert published() == [now, later]
        assert published.first() == now


def test_postgresql_plans_a_query_once_however_long_its_keys_are(postgresql):
    by_key = PreparedBulk(Redirect.objects.all())

    for first in (1, 40_000, 2**40):
        by_key(range(first, first + 5))

    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%redirect%IN ($1,%$5)%'")
        assert cursor.fetchone() == (1,)
