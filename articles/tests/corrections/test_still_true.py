"""Whether an article is still true: what it applies to, when it was checked, and when that is too long ago."""

import json
import re
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from articles.models import Article, Category
from articles.versions import steps
from articles.versions.verifying import still_true
from publishing.tests.factories import make_article

from .test_corrections import editor, page, press

pytestmark = pytest.mark.django_db
__all__ = ["editor"]
NOTE = "Last checked on"


@pytest.fixture
def guides():
    return Category.objects.create(name="Guides", slug="guides", review_months=6)


def moment(text):
    return timezone.make_aware(timezone.datetime.fromisoformat(text))


def structured(client, article):
    return json.loads(re.search(r'ld\+json">(.*?)</script>', page(client, article.get_absolute_url()))[1])


def test_what_an_article_applies_to_and_when_it_was_checked_stand_on_its_page(client, editor, guides):
    article = make_article(category=guides)
    today = timezone.localdate()
    press(editor, article, applies_to="Python 3.13, Django 5.2", verified_on=f"{today}")

    text, data = page(client, article.get_absolute_url()), structured(client, article)
    assert "Applies to Python 3.13, Django 5.2." in text
    assert f"Checked on {today.day} {today:%B %Y}." in text
    assert NOTE not in text
    assert [thing["name"] for thing in data["about"]] == ["Python 3.13", "Django 5.2"]
    assert data["mainEntityOfPage"]["lastReviewed"] == f"{today}"


def test_past_its_span_the_page_says_when_it_was_checked_from_that_moment_on(client, clock, guides):
    clock.move_to(moment("2026-08-31T23:58"))
    article = make_article(category=guides, published_at=moment("2026-01-01T12:00"), verified_on=date(2026, 3, 1))
    other = make_article(category=guides, published_at=moment("2026-03-02T12:00"))
    opinion = make_article(published_at=moment("2020-01-01T12:00"))

    response = client.get(article.get_absolute_url())
    assert NOTE not in response.content.decode()
    shared = int(re.search(r"s-maxage=(\d+)", response.headers["Cache-Control"])[1])
    assert shared <= 120
    assert list(Article.objects.past_review()) == []

    clock.shift(timedelta(minutes=3))
    assert f"{NOTE} 1 March 2026" in page(client, article.get_absolute_url())
    assert structured(client, article)["mainEntityOfPage"]["lastReviewed"] == "2026-03-01"
    assert NOTE not in page(client, other.get_absolute_url()) + page(client, opinion.get_absolute_url())
    assert list(Article.objects.past_review()) == [article]
    assert list(Article.objects.past_review(moment("2026-09-02T00:00"))) == [article, other]


def test_the_page_and_the_list_agree_on_every_day():
    days = [date(2027, 12, 25) + timedelta(days=number) for number in range(100)]
    for months in (1, 2, 13):
        category = Category(review_months=months)
        for checked in days:
            due = category.review_due(checked)
            for today in (due - timedelta(days=1), due, due + timedelta(days=1), due + timedelta(days=3)):
                assert (checked <= category.checked_until(today)) == (due <= today), (months, checked, today)


def test_one_click_says_that_it_is_still_true(client, editor, guides):
    article = make_article(category=guides, published_at=moment("2020-01-01T12:00"), body="Live.")
    modified = Article.objects.get(pk=article.pk).modified_at
    press(editor, article, "save", body="Worked on.")
    assert NOTE in page(client, article.get_absolute_url())

    press(editor, article, "still_true", body="Worked on again.")

    text = page(client, article.get_absolute_url())
    assert NOTE not in text
    assert "Live." in text
    stored = Article.objects.get(pk=article.pk)
    assert (stored.verified_on, stored.modified_at) == (timezone.localdate(), modified)
    live, working = (article.versions.get(state=state) for state in ("live", "working"))
    assert live.fields["verified_on"] == working.fields["verified_on"] == f"{timezone.localdate()}"
    assert working.fields["body"] == "Worked on again."
    steps.publish(article, by=None)
    assert Article.objects.get(pk=article.pk).verified_on == timezone.localdate()


def test_a_form_that_was_open_meanwhile_is_merged(client, editor, guides):
    article = make_article(category=guides, published_at=moment("2020-01-01T12:00"))
    press(editor, article, "save", body="Worked on.")
    token = article.versions.get(state="working").digest
    still_true(article, by=None)
    still_true(article, by=None)

    press(editor, article, body="Typed meanwhile.", token=token, verified_on="")
    stored = Article.objects.get(pk=article.pk)
    assert (stored.body, stored.verified_on) == ("Typed meanwhile.", timezone.localdate())
    assert article.versions.filter(kind="checked").count() == 1


def test_only_an_article_that_is_live_in_a_category_with_a_span_has_the_button(editor, guides):
    opinion, draft = make_article(), make_article(category=guides, status="draft", published_at=None)
    for article in (opinion, draft):
        assert press(editor, article, "still_true").status_code == 200
        assert Article.objects.get(pk=article.pk).verified_on is None


def test_versions_of_before_the_update_have_all_fields_after_it():
    article = make_article()
    still_true(article, by=None)
    migration = import_module("articles.migrations.0022_versions_have_checks")

    def versions():
        return list(article.versions.order_by("number").values_list("fields", "digest"))

    after = versions()

    migration.remove(apps, None)
    assert not any({"applies_to", "verified_on"} & set(fields) for fields, _ in versions())
    migration.add(apps, None)
    assert versions()[0][0] == after[0][0]
    # As digests were then.
    assert all(digest == migration.digest_of(fields) for fields, digest in versions())
    assert set(versions()[1][0]) == set(after[1][0])
