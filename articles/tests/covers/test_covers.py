"""Drawn covers: small pictures of their own, the same for the same text, told apart, whatever a title is."""

import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.urls import reverse

from articles import covers
from articles.covers import words
from articles.models import Article, Category, Version
from articles.versions import saving
from articles.versions.content import fields_of, put
from publishing.drawing.outlines import can_draw
from publishing.identity import face
from publishing.models import Publication
from publishing.tests.factories import make_article, make_author, make_user
from publishing.tests.freshness.forms import submit

pytestmark = pytest.mark.django_db
COVER = re.compile(r'(?:src|srcset)="(/articles/[^"]+\.svg)"')
HOSTILE = {
    "long": "x" * 200,
    "widest": "ggää" * 50,
    "emoji": "🚀🚀 👩‍👩‍👧",
    "cyrillic": "Привет, мир",
    "arabic": "مرحبا بالعالم",
    "chinese": "你好，世界",
    "marks": "\u202eevil\u202c \u200f",
    "empty words": "What is it and who are you",
    "signs": "<&>\"'",
    "one letter": "a",
}


def covers_in(client, path="/"):
    return COVER.findall(client.get(path).content.decode())


def svg_of(client, address):
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml"), address
    return response.content.decode()


def test_a_cover_is_a_small_picture_at_an_address_that_never_changes(client):
    article = make_article(title="Caching is a conversation")

    (address,) = covers_in(client)
    picture = ElementTree.fromstring(svg_of(client, address))

    assert (picture.get("width"), picture.get("height")) == ("320", "200")
    assert "immutable" in client.get(address)["Cache-Control"]
    assert svg_of(client, address) == svg_of(client, address)
    article.title = "Cookies are a promise"
    article.save()
    assert client.get(address)["Location"] == covers_in(client)[0] != address


def test_the_same_text_has_the_same_picture_and_another_category_other_colours():
    one, same = (covers.of(make_article(title="Locks")) for _ in range(2))
    other = covers.of(make_article(title="Locks", category=Category.objects.create(name="Tools", slug="tools")))

    assert one == same and one.svg("wide") == same.svg("wide")
    assert one.digest != other.digest and one.svg("wide") != other.svg("wide")


@pytest.mark.parametrize("style", ["letters", "geometry"])
@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_every_title_has_a_well_formed_cover_of_at_most_two_kilobytes(title, style, monkeypatch):
    monkeypatch.setattr(covers, "_style", lambda: style)
    article = Article(title=title)

    for number in range(1, 18):
        article.category, article.cover_letters = Category(pk=number), "ģģģ" if number == 17 else ""
        for shape, (width, height) in covers.SHAPES.items():
            text = covers.of(article).svg(shape)
            picture = ElementTree.fromstring(text)
            assert len(text.encode()) <= covers.MOST_BYTES
            assert (picture.get("width"), picture.get("height")) == (str(width), str(height))


def test_letters_are_of_the_first_word_that_says_something():
    expected = {
        "The smallest framework that could possibly teach you": "fr",
        "The log line you will want at 3 a.m.": "3",
        "C++ without tears": "C+",
        "SQLite is the database you already run": "SQ",
        "Ångström and other units": "Ån",
        "Привет, SQL": "SQ",
        "What is it": "Wh",
        "Привет": "",
        "": "",
    }

    assert {title: words.letters_of(title, can_draw) for title in expected} == expected


def test_covers_of_the_demo_are_told_apart():
    call_command("loaddata", "demo/publication.yaml", verbosity=0)
    call_command("import_markdown", "demo/articles", verbosity=0)
    drawn = [(article, covers.drawn(article)) for article in Article.objects.select_related("category")]

    for shape in covers.SHAPES:
        assert len({cover.svg(shape) for _, cover in drawn}) == len(drawn) > 12
    # Those of titles in other scripts have none.
    letters = Counter((article.category, cover.letters) for article, cover in drawn if cover.letters)
    assert [pair for pair, times in letters.items() if times > 1] == []


def test_an_editor_sees_that_another_article_shows_the_same_letters_and_chooses_others(client):
    article = make_article(title="Cookies", authors=[make_author()])
    make_article(title="Comets")
    client.force_login(make_user("editor"))
    url = reverse("admin:articles_article_change", args=[article.pk])
    page = client.get(url).content.decode()
    assert "<svg" in page and "“Comets” of the same category shows the same letters" in page

    submit(client, url, "step", step="publish", cover_letters="Oz", change_kind="typo")
    article.refresh_from_db()

    assert (covers.of(article).letters, fields_of(article)["cover_letters"]) == ("Oz", "Oz")
    assert "shows the same letters" not in client.get(url).content.decode()


def test_versions_of_before_show_the_letters_of_the_title():
    article = make_article(title="Cookies")
    version = saving.record(article)
    fields = {name: value for name, value in version.fields.items() if name != "cover_letters"}
    Version.objects.filter(pk=version.pk).update(fields=fields)

    put(article, Version.objects.get(pk=version.pk).fields)

    assert covers.of(article).letters == "Co"


def test_a_picture_is_shown_instead_and_nothing_if_the_publication_wants_no_covers(client):
    article = make_article()
    (address,) = covers_in(client)
    Publication(cover_style="none").save()

    assert covers_in(client) == []
    assert b'class="cover' not in client.get("/").content
    assert client.get(address).status_code == 404
    assert covers.drawn(article).letters, "its sharing card shows letters all the same"


def test_covers_cost_no_query(client, django_assert_num_queries):
    articles = [make_article() for _ in range(3)]
    rows = list(Article.objects.for_list().filter(pk__in=[article.pk for article in articles]))
    face.current()

    with django_assert_num_queries(0):
        assert all(covers.of(row).path(row, "square") for row in rows)


def test_a_draft_shows_its_cover_in_the_preview_and_has_no_address_for_it(client):
    draft = make_article(status="draft", published_at=None, title="Secret plans")
    markup = Template("{% load article_tags %}{% cover draft %}").render(Context({"draft": draft}))

    assert "<svg" in markup and "<img" not in markup
    assert client.get(covers.of(draft).path(draft, "wide")).status_code == 404
