"""Old versions are thinned by a daily command."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles.models import Version
from articles.versions import saving
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make_article()


def add(article, days, state="old", kind="autosaved", **values):
    # Weeks begin on Monday; a day in the middle of one.
    today = timezone.now()
    wednesday = today - timedelta(days=today.weekday() - 2)
    moment = wednesday - timedelta(days=days)
    return saving.add(article, saving.fields_of(article), state=state, kind=kind, changed_at=moment, **values)


def thin():
    out = StringIO()
    call_command("thin_versions", stdout=out)
    return out.getvalue()


def test_of_versions_older_than_30_days_the_last_of_each_week_stays(article):
    deleted = [add(article, 71), add(article, 70)]
    kept = [add(article, 69), add(article, 63), add(article, 21), add(article, 21)]
    others = add(make_article(), 71)

    assert "2 versions deleted" in thin()

    assert set(Version.objects.all()) == {*kept, others}
    assert not Version.objects.filter(pk__in=[version.pk for version in deleted]).exists()
    assert "0 versions deleted" in thin()


@pytest.mark.parametrize("kind", ["published", "first"])
def test_what_was_published_stays_for_ever(article, kind):
    published = add(article, 400, kind=kind)
    add(article, 400)

    thin()

    assert published in article.versions.all()


def test_what_is_in_use_stays_and_what_it_was_made_from(article):
    base, other_base = add(article, 400), add(article, 400)
    in_use = [
        add(article, 400, state="live"),
        add(article, 400, state="working", base=base),
        add(article, 400, state="scheduled", base=other_base, goes_live_at=timezone.now()),
    ]
    add(article, 400)
    add(article, 400)

    thin()

    assert set(in_use) | {base, other_base} <= set(article.versions.all())
    assert article.versions.count() == 6
