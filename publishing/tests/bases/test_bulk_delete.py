"""“Delete selected” of every admin invalidates what the deletion of a single row invalidates."""

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from articles.models import Category, Page
from publishing.bases.admin import SiteModelAdmin
from publishing.bases.shown import Shown
from publishing.cache import changes, pages
from publishing.cache.models import Invalidating
from publishing.sponsors.models import Advertiser
from publishing.tests.factories import make_article, make_author, make_user
from publishing.tests.test_access import admin_url, rows, things  # noqa: F401 - fixtures
from quizzes.models import BankCategory
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def deletable(rows):  # noqa: F811
    """One row, to which nothing else belongs, of every model whose admin can delete many."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_active=True)
    alone = rows | {
        "articles.article": make_article(),
        "articles.author": make_author("Alone"),
        "articles.category": Category.objects.create(name="Alone", slug="alone"),
        "axes.accessfailurelog": AccessFailureLog.objects.create(username="owner"),
        "axes.accesslog": AccessLog.objects.create(username="owner"),
        "articles.page": Page.objects.create(
            title="Alone", slug="alone", status="published", published_at=timezone.now()
        ),
        "quizzes.bankcategory": BankCategory.objects.create(path="Alone"),
        "quizzes.quiz": make_quiz(published=False),
        "sponsors.advertiser": Advertiser.objects.create(name="Alone"),
    }
    labels = {each: model._meta.label_lower for model, each in admin.site._registry.items()}
    return {label: alone[label] for each, label in labels.items() if "delete_selected" in each.get_actions(request)}


def invalidated_by(monkeypatch, browser, path, data, row):
    """The names of pages that are invalidated, and how often the cache is, when a row is deleted. It is there again."""
    names, bumps = set(), []
    with transaction.atomic(), monkeypatch.context() as patch:
        patch.setattr(changes, "after_commit", bumps.append)
        patch.setattr(pages.logger, "debug", lambda _, several: names.update(several.split()))
        assert browser.post(path, data | {"post": "yes"}).status_code == 302, path
        assert not type(row).objects.filter(pk=row.pk).exists(), path
        transaction.set_rollback(True)
    return names, len(bumps)


def test_deleting_many_invalidates_what_deleting_one_does(client, deletable, monkeypatch):
    client.force_login(make_user("superuser"))
    for label, row in deletable.items():
        one = invalidated_by(monkeypatch, client, admin_url(label, "delete", row.pk), {}, row)
        selected = {"action": "delete_selected", "_selected_action": [row.pk]}
        many = invalidated_by(monkeypatch, client, admin_url(label, "changelist"), selected, row)

        assert many == one, label
        assert bool(one[1]) == isinstance(row, Invalidating | Shown), label
    assert len(deletable) > 10


def test_no_admin_deletes_many_in_one_statement():
    assert {each.delete_queryset.__func__ for each in admin.site._registry.values()} == {SiteModelAdmin.delete_queryset}
