"""The language of what comes in: as the head of a text says it, or the site around it."""

import json

import pytest
from django.core.management import call_command

from articles.models import Article
from articles.tests.importing.readers.wordpress.conftest import export, item
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def take(tmp_path, capsys):
    """Imports these files; returns what was said."""

    def take(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", ".")
            path.write_text(text)
        call_command("import_site", tmp_path, verbosity=2)
        return capsys.readouterr().out

    return take


@pytest.mark.parametrize(
    ("lines", "text", "language", "text_language"),
    [
        ("lang: de", "Wörter.", "de", "de"),
        ("language: pt_BR", "Palavras.", "pt-BR", "pt-BR"),
        ("locale: fr-FR", "Mots.", "fr-FR", "fr-FR"),
        ("lang: fa\ndir: rtl", "نص", "fa", "fa"),
        ("title: تاريخ", "نص المقال.", "", "ar"),
    ],
)
def test_the_head_of_a_text_says_its_language(take, lines, text, language, text_language):
    told = take(one__md=f"---\ntitle: One\ndate: 2026-01-01\n{lines}\n---\n{text}\n")

    article = Article.objects.get()
    assert (article.language, article.text_language, article.extra) == (language, text_language, {})
    assert "direction" not in told and "language" not in told


def test_what_is_no_language_is_told_and_kept(take):
    told = take(one__md="---\ntitle: One\ndate: 2026-01-01\nlanguage: python3\n---\nText.\n")

    article = Article.objects.get()
    assert (article.language, article.extra) == ("", {"language": "python3"})
    assert "“python3” is not a language tag." in told


def test_the_direction_follows_the_script(take, client):
    told = take(one__md="---\ntitle: One\ndate: 2026-01-01\nlang: ar\ndir: ltr\n---\nنص\n")

    assert "the direction “ltr” was left out: it follows the script, here of Arabic" in told
    assert '<h1 lang="ar" dir="rtl">' in client.get(Article.objects.get().get_absolute_url()).content.decode()


def test_the_language_of_the_site_counts_where_the_letters_do_not_tell_it(take):
    take(
        _config__yml="lang: fr\npermalink: /:title/\n",
        one__md="---\ntitle: Un\ndate: 2026-01-01\n---\nDes mots.\n",
        two__md="---\ntitle: عنوان\ndate: 2026-01-01\n---\nنص\n",
    )

    assert {article.title: article.language for article in Article.objects.all()} == {"Un": "fr", "عنوان": ""}


def test_a_site_in_our_language_says_nothing_new(take):
    take(_config__yml="lang: en-US\n", one__md="---\ntitle: One\ndate: 2026-01-01\n---\nWords.\n")

    assert Article.objects.get().language == ""


def test_wordpress_says_the_language_of_the_site_and_plugins_that_of_posts(take):
    posts = item("Des mots.", post_id="1"), item("Worte.", post_id="2", terms=[("language", "de", "Deutsch")])
    take(site__xml=export("<language>fr-FR</language>", *posts))

    assert sorted(article.language for article in Article.objects.all()) == ["de", "fr-FR"]


def test_ghost_says_the_language_of_the_site(take):
    post = {"id": "1", "slug": "one", "title": "Un", "status": "published", "published_at": "2024-01-02 03:04:05"}
    data = {"posts": [post | {"html": "<p>Mots.</p>"}], "settings": [{"key": "locale", "value": "fr"}]}
    take(site__json=json.dumps({"db": [{"meta": {"exported_on": 1}, "data": data}]}))

    assert Article.objects.get().language == "fr"


def test_a_second_import_does_not_see_a_change_in_the_language_that_the_first_one_found(take):
    text = "---\ntitle: One\ndate: 2026-01-01\nlang: de\n---\n"
    take(one__md=f"{text}Eins.\n")
    take(one__md=f"{text}Zwei.\n")

    article = Article.objects.get()
    assert (article.body.strip(), article.language) == ("Zwei.", "de")


def test_an_export_has_the_language(tmp_path):
    make_article(slug="one", language="pt-BR")
    from articles.transfer.content import readable

    files = {name: b"".join(parts).decode() for name, parts in readable()}
    assert "language: pt-BR\n" in files["content/articles/one/index.md"]
    assert 'locale = "en"' in files["hugo.toml"] and 'direction = "ltr"' in files["hugo.toml"]
