"""After a change of the renderer, what is stored is rendered again."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from articles.models import Article, Author, Page, digest_of, versions
from articles.versions import saving
from articles.versions.content import fields_of
from publishing.tests.factories import make_article
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db


def test_articles_of_an_earlier_renderer_are_rendered_after_a_migration_and_others_left_alone(client):
    old, new = make_article(body="It's old.\n\n## It's a heading\n"), make_article(body="It's new.")
    heading = {"level": 2, "id": "first-words", "text": "It's a heading"}
    Article.objects.filter(pk=old.pk).update(html="<p>It's old.</p>", contents=[heading], renderer=0)
    Article.objects.filter(pk=new.pk).update(html="<p>Untouched.</p>")
    moment = Article.objects.get(pk=old.pk).modified_at

    call_command("migrate", verbosity=0)
    run_worker()

    page = client.get(old.get_absolute_url()).content.decode()
    assert "It’s old." in page and '<h2 id="first-words">' in page
    assert Article.objects.get(pk=old.pk).modified_at == moment
    assert Article.objects.get(pk=new.pk).html == "<p>Untouched.</p>"
    assert not Article.objects.outdated().exists()


def test_biographies_are_rendered_again():
    author = Author.objects.create(name="Ines", slug="ines", biography="She's here.")
    Author.objects.update(biography_html="<p>She's here.</p>")

    call_command("render_articles", verbosity=0)

    author.refresh_from_db()
    assert author.biography_html == "<p>She’s here.</p>"


def test_what_has_no_language_of_its_own_follows_that_of_the_site(client, settings):
    plain, arabic = make_article(title="Plain"), make_article(title="تاريخ", body="نص المقال.")
    chosen = make_article(title="Chosen", language="fr")
    page = Page.objects.create(title="عن", slug="about", body="نص.", status="published", published_at=timezone.now())

    settings.LANGUAGE_CODE = "de"
    call_command("render_articles", verbosity=0)
    run_worker()
    found = {article.title: article.text_language for article in Article.objects.all()}
    assert found == {"Plain": "de", "تاريخ": "ar", "Chosen": "fr"}

    settings.LANGUAGE_CODE = "fa"
    assert {*Article.objects.outdated()} == {plain, arabic}
    call_command("render_articles", verbosity=0)
    run_worker()
    found = {article.title: article.text_language for article in Article.objects.all()}
    assert found == {"Plain": "und-Latn", "تاريخ": "fa", "Chosen": "fr"}
    page.refresh_from_db()
    assert page.text_language == "fa"
    assert not Article.objects.outdated().exists()
    assert '<h1 lang="und-Latn" dir="ltr">' in client.get(plain.get_absolute_url()).content.decode()
    assert '<h1 lang="fr" dir="ltr">' in client.get(chosen.get_absolute_url()).content.decode()


def test_languages_that_imports_kept_become_those_of_the_articles(monkeypatch):
    migration = import_module("articles.migrations.0041_chosen_languages")
    german, code = make_article(source="a.md"), make_article(source="b.md")
    version = saving.record(german)
    # As it was when the migration was made: no version had this field.
    monkeypatch.delitem(versions.ADDED_LATER, "is_sensitive")
    version.fields = {name: value for name, value in version.fields.items() if name != "is_sensitive"}
    version.save()
    Article.objects.filter(pk=german.pk).update(
        extra={"Lang": "de_AT", "layout": "post"}, imported_digest=version.digest
    )
    Article.objects.filter(pk=code.pk).update(extra={"language": "python"})

    migration.from_extra(apps, None)

    german.refresh_from_db()
    code.refresh_from_db()
    version.refresh_from_db()
    assert (german.language, german.extra, version.fields["language"]) == ("de-AT", {"layout": "post"}, "de-AT")
    assert german.imported_digest == version.digest == digest_of(version.fields) == digest_of(fields_of(german))
    assert (code.language, code.extra) == ("", {"language": "python"})
    assert [*Article.objects.outdated()] == [german]
