"""Names that Django makes of the names of classes and attributes are words of the admin as any other."""

import pytest
from django.apps import apps
from django.utils import translation
from django.utils.translation import trans_real

from articles.models import Article
from publishing.bases import names


@pytest.fixture
def german(monkeypatch):
    words = {"title": "Titel", "articles": "Artikel"}
    monkeypatch.setattr(trans_real.translation("de"), "gettext", lambda message: words.get(message, message))
    with translation.override("de"):
        yield


def test_a_name_that_was_made_is_translated_when_it_is_shown(german):
    assert str(Article._meta.get_field("title").verbose_name) == "Titel"
    assert str(Article._meta.verbose_name_plural) == "Artikel"
    with translation.override("en"):
        assert str(Article._meta.get_field("title").verbose_name) == "title"


def test_a_migration_has_no_name_that_was_not_given(german):
    assert "verbose_name" not in Article._meta.get_field("title").deconstruct()[3]


def test_the_names_of_what_no_page_shows_are_not_collected():
    found = names.derived(apps.get_models())

    assert {"title", "article", "articles"} <= found
    # Of a model without permissions, and of a field that nobody fills in.
    assert not {"merged labels", "slot offsets"} & found
