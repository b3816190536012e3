"""What has a page of its own has a slug: one row without would make the home page and the feeds fail."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from articles.models import Article, Author, Category, Series, Tag
from publishing.tests.factories import make_article


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "name"), [(Category, "name"), (Tag, "name"), (Author, "name"), (Series, "title")])
def test_nothing_is_stored_without_a_slug(model, name):
    with pytest.raises(IntegrityError, match="has_slug"), transaction.atomic():
        model.objects.create(**{name: "A", "slug": ""})


@pytest.mark.django_db
def test_no_article_loses_its_slug():
    article = make_article()

    with pytest.raises(IntegrityError, match="article_has_slug"), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(slug="")


@pytest.mark.django_db(transaction=True)
def test_rows_that_were_stored_without_one_are_given_their_number(empty_database):
    old = categories_at("0003_withdrawn_articles")
    without = old.create(name="A", slug="")
    taken = old.create(name="B", slug=f"category-{without.pk}")

    new = categories_at("0004_slugs_are_not_empty")

    assert new.get(pk=without.pk).slug == f"{taken.slug}-"
    assert new.get(pk=taken.pk).slug == taken.slug


def categories_at(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("articles", name)])
    return executor.loader.project_state([("articles", name)]).apps.get_model("articles", "Category").objects
