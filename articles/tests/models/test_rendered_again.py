"""After a change of the renderer, what is stored is rendered again."""

import pytest
from django.core.management import call_command

from articles.models import Article, Author
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
