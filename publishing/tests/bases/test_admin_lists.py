"""The lists of the admin read no long column that they do not show, and no rows of other pages."""

import re
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import reverse

from articles.models import Article
from comments.tests.factories import make_comment
from publishing.maintenance import announcements
from publishing.models import Redirect
from publishing.tests.factories import make_article, make_author, make_user
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db
ARTICLES = reverse("admin:articles_article_changelist")
LONG = {
    f'"{model._meta.db_table}"."{field.column}"'
    for model in apps.get_models()
    if model._meta.app_label != "sessions"
    for field in model._meta.concrete_fields
    if isinstance(field, models.TextField | models.JSONField)
}
# The beginnings of comments and questions, and why a comment is held.
MONTHS = ["December", "November", "October", "September", "August", "July", "June", "May"]
SHOWN = {'"comments_comment"."body"', '"comments_comment"."holds"', '"quizzes_question"."stem"'}


@pytest.fixture
def owner(client):
    client.force_login(make_user("owner"))


def test_no_list_reads_a_long_column_that_it_does_not_show(client, owner, count_queries):
    for _ in range(2):
        article = make_article(authors=[make_author()])
        make_quiz(articles=[article])
        make_comment(article)
    Redirect.objects.create(old_path="/old", new_path="/new")
    announcements.announce("banner", reason="Works")

    read = {}
    for model in admin.site._registry:
        with count_queries() as queries:
            client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        columns = {column for query in queries for column in re.findall(r'"\w+"\."\w+"', query.partition(" FROM ")[0])}
        if unexpected := columns & LONG - SHOWN:
            read[model._meta.label] = unexpected

    assert read == {}


def titles_of(response):
    return [article.title for article in response.context["cl"].result_list]


def test_later_pages_are_found_by_key(client, owner, count_queries, monkeypatch):
    monkeypatch.setattr(admin.site._registry[Article], "list_per_page", 2)
    for day in range(1, 6):
        make_article(title=f"Of day {day}", published_at=datetime(2026, 5, day, 12, tzinfo=UTC))

    titles = []
    for number in (1, 2, 3):
        with count_queries() as queries:
            titles += titles_of(client.get(ARTICLES, {"p": number}))
        paged = [query for query in queries if re.search(r" LIMIT 2\b", query)]
        assert paged
        assert all(query.startswith('SELECT "articles_article"."id"') and " JOIN " not in query for query in paged)

    assert titles == [f"Of day {day}" for day in (5, 4, 3, 2, 1)]


def test_a_list_is_filtered_by_year_and_month_of_the_time_zone_of_the_site(client, owner, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    for title, moment in {
        "In May": datetime(2025, 5, 31, 21, 59, tzinfo=UTC),
        "In June": datetime(2025, 5, 31, 22, 0, tzinfo=UTC),
        "In December": datetime(2025, 12, 31, 22, 59, tzinfo=UTC),
        "Next year": datetime(2025, 12, 31, 23, 0, tzinfo=UTC),
    }.items():
        make_article(title=title, published_at=moment)
    make_article(title="Undated", status="draft", published_at=None)

    def titles(period):
        return titles_of(client.get(ARTICLES, {"period": period}))

    page = client.get(ARTICLES, {"period": "2025"})
    offered = [choice["display"] for choice in page.context["cl"].filter_specs[1].choices(page.context["cl"])]
    assert offered == ["All", "2026", "2025", *(f"{month} 2025" for month in MONTHS)]
    assert titles("2025") == ["In December", "In June", "In May"]
    assert titles("2025-06") == ["In June"]
    assert titles("2025-12") == ["In December"]
    assert titles("2026") == ["Next year"]
    for period in ("1999", "2025-13", "2025-", "x", "9" * 30):
        assert client.get(ARTICLES, {"period": period}).status_code == 302, period
