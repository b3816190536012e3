"""Titles, summaries and names have curly quotes and dashes wherever readers see them, and stay as typed elsewhere."""

import html
import json
import re

import pytest

from articles.models import Article
from publishing.tests.factories import make_article, make_author
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db

TITLE, SUMMARY, NAME = 'Python\'s "dict" -- ordered', "It's 'so'...", "Ann O'Hara"
SHOWN = ["Python’s “dict”\u00a0– ordered", "It’s ‘so’…", "Ann O’Hara"]


@pytest.fixture
def article():
    article = make_article(
        slug="dict", title=TITLE, summary=SUMMARY, body="## It's\n\nText.", authors=[make_author(name=NAME)]
    )
    make_quiz(title=TITLE, summary=SUMMARY, articles=[article])
    return article


def text_of(client, path):
    return html.unescape(client.get(path).content.decode())


@pytest.mark.parametrize(
    "path", ["/", "/articles/{slug}/", "/authors/{author}/", "/quizzes/", "/feed.xml", "/atom.xml", "/quizzes/feed.xml"]
)
def test_readers_see_typeset_titles(client, article, path):
    text = text_of(client, path.format(slug=article.slug, author=article.byline[0].slug))

    assert SHOWN[0] in text and SHOWN[1] in text
    shown = re.sub(r'<a [^>]*href="[^"]*"|data-[a-z-]+="[^"]*"', "", text)
    assert not [shown[shown.index(typed) - 80 :][:120] for typed in (TITLE, SUMMARY, NAME) if typed in shown]


def test_machines_get_the_same_words_and_the_source_stays(client, article):
    item = json.loads(client.get("/feed.json").content)["items"][0]

    assert [item["title"], item["summary"], item["authors"][0]["name"]] == SHOWN
    stored = Article.objects.get(pk=article.pk)
    assert (stored.title, stored.summary) == (TITLE, SUMMARY)


def test_titles_have_the_quotes_of_the_language_of_their_text(client):
    make_article(slug="deutsch", title='Das "Wort"', summary='Ein "Satz".', body='"Ja"', language="de")
    text = text_of(client, "/articles/deutsch/")

    assert "Das „Wort“" in text and "Ein „Satz“." in text and "<p>„Ja“</p>" in text
    assert "“Wort”" not in text
    assert "Das „Wort“" in text_of(client, "/feed.xml")


def test_formulas_are_on_the_page_and_in_feeds_and_are_found_as_typed(client):
    make_article(slug="energy", title="Energy", body="It is $E = mc^2$.\n\n$$\n\\foo\n$$")
    formula = "<math><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math>"

    assert formula in client.get("/articles/energy/").content.decode()
    assert formula in text_of(client, "/feed.xml") and formula in text_of(client, "/atom.xml")
    assert formula in json.loads(client.get("/feed.json").content)["items"][0]["content_html"]
    assert "/articles/energy/" in text_of(client, "/search/?q=mc")
