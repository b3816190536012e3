"""The lists of the admin read no long column that they do not show, and no rows of other pages."""

import re
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import reverse

from articles.models import Image
from comments.tests.factories import make_comment
from publishing.maintenance import announcements
from publishing.models import Redirect
from publishing.sponsors.models import AdSense
from publishing.tests.factories import make_article, make_author, make_user
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db
LONG = {
    f'"{model._meta.db_table}"."{field.column}"'
    for model in apps.get_models()
    if model._meta.app_label != "sessions"
    for field in model._meta.concrete_fields
    if isinstance(field, models.TextField | models.JSONField)
}
MONTHS = ["December", "November", "October", "September", "August", "July", "June", "May"]
# Where a picture is used is looked up in what is worked on and in questions.
USES = {"version.fields", "choice.feedback", "choice.text", "question.explanation", "question.stem", "question.hints"}
# The beginnings of comments and questions, the parts of the site under maintenance, why a comment is held, and the
# addresses of slots, with what was measured of them; the only row has links and sentences.
SHOWN = {
    '"publishing_publication"."link_lines"',
    '"publishing_publication"."wording"',
    '"sponsors_slot"."pages"',
    '"sponsors_slot"."sizes"',
    '"sponsors_slot"."excluded_kinds"',
    '"sponsors_proof"."cases"',
    '"articles_image"."widths"',
    '"maintenance_window"."groups"',
    '"comments_comment"."body"',
    '"comments_comment"."holds"',
    '"quizzes_question"."stem"',
}


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
    # AdSense has a page instead of a list, which shows all that is stored.
    for model in admin.site._registry.keys() - {AdSense}:
        with count_queries() as queries:
            client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        columns = {column for query in queries for column in re.findall(r'"\w+"\."\w+"', query.partition(" FROM ")[0])}
        if model is Image:
            columns = {column for column in columns if ".".join(re.findall(r"_?([a-z]+)\"", column)) not in USES}
        if unexpected := columns & LONG - SHOWN:
            read[model._meta.label] = unexpected

    assert read == {}


def test_later_pages_are_found_by_key(client, owner, count_queries, monkeypatch):
    monkeypatch.setattr(type(admin.site._registry[Redirect]), "list_per_page", 2)
    for number in range(5):
        Redirect.objects.create(old_path=f"/old-{number}", new_path="/new")

    paths = []
    for number in (1, 2, 3):
        with count_queries() as queries:
            page = client.get(reverse("admin:publishing_redirect_changelist"), {"p": number})
        paths += [redirect.old_path for redirect in page.context["cl"].result_list]
        paged = [query for query in queries if re.search(r" LIMIT 2\b", query)]
        assert paged
        assert all(query.startswith('SELECT "publishing_redirect"."id"') for query in paged)

    assert sorted(paths) == [f"/old-{number}" for number in range(5)]


def test_a_list_is_filtered_by_year_and_month_of_the_time_zone_of_the_site(client, owner, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    quiz = make_quiz()
    moments = {
        "In May": datetime(2025, 5, 31, 21, 59, tzinfo=UTC),
        "In June": datetime(2025, 5, 31, 22, 0, tzinfo=UTC),
        "In December": datetime(2025, 12, 31, 22, 59, tzinfo=UTC),
        "Next year": datetime(2025, 12, 31, 23, 0, tzinfo=UTC),
    }
    attempts = quiz.current_edition.attempts
    keys = {
        attempts.create(token=name, answers={}, score_numerator=0, maximum=1, created_at=moment).pk: name
        for name, moment in moments.items()
    }
    address = reverse("admin:quizzes_attempt_changelist")

    def shown(period):
        return {keys[attempt.pk] for attempt in client.get(address, {"period": period}).context["cl"].result_list}

    page = client.get(address, {"period": "2025"})
    (period,) = (one for one in page.context["cl"].filter_specs if "period" in one.expected_parameters())
    offered = [choice["display"] for choice in period.choices(page.context["cl"])]
    assert offered == ["All", "2026", "2025", *(f"{month} 2025" for month in MONTHS)]
    assert shown("2025") == {"In December", "In June", "In May"}
    assert shown("2025-06") == {"In June"}
    assert shown("2025-12") == {"In December"}
    assert shown("2026") == {"Next year"}
    for wrong in ("1999", "2025-13", "2025-", "x", "9" * 30):
        assert client.get(address, {"period": wrong}).status_code == 302, wrong
