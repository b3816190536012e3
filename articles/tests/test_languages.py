"""An article in another language than the site's says so wherever it is shown; what stands around it does not."""

import json
import re

import pytest
from django.utils import timezone

from articles.models import Article, Page
from publishing.tests.factories import make_article, make_author

pytestmark = pytest.mark.django_db

TITLE, SUMMARY = "تاريخ المطبعة", "ملخص قصير عن المطبعة."
RTL = 'lang="ar" dir="rtl"'


@pytest.fixture
def arabic():
    return make_article(
        slug="press", title=TITLE, summary=SUMMARY, body="## عنوان\n\nنص المقال.\n\n## ثان\n\nنص.\n\n## ثالث\n\nنص.",
        authors=[make_author(name="Huda")],
    )  # fmt: skip


def text_of(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_an_article_is_marked_with_its_language_and_direction(client, arabic):
    text = text_of(client, arabic.get_absolute_url())

    assert '<html lang="en" dir="ltr">' in text
    assert f"<h1 {RTL}>{TITLE}</h1>" in text
    assert f'<p class="deck" {RTL}>{SUMMARY}</p>' in text
    assert f'<div class="prose" {RTL}>' in text and f"<ol {RTL}>" in text
    assert '<meta property="og:locale" content="ar_EG">' in text
    [data] = [json.loads(part) for part in re.findall(r"ld\+json\">(.*?)</script>", text, re.S) if '"Article"' in part]
    assert data["inLanguage"] == "ar"
    # What is told about it is in the site's language and direction.
    assert text.count("dir=") - text.count(RTL) == 1 + text.count('<aside class="slot')


@pytest.mark.parametrize(
    "path", ["/", "/authors/{author}/", "/categories/{category}/", "/archive/{month}/", "/search/?q=المطبعة"]
)
def test_a_list_marks_the_words_of_the_article_and_no_others(client, arabic, path):
    make_article(title="Plain words", category=arabic.category)
    paths = {"author": arabic.byline[0].slug, "category": arabic.category.slug, "month": f"{arabic.published_at:%Y/%m}"}
    text = text_of(client, path.format(**paths))

    assert re.search(rf"<h[23] {RTL}><a [^>]*>(<mark>|تاريخ)", text)
    assert text.count(RTL) in (1, 2)
    assert 'lang="en" dir="ltr">\n<head>' in text


def test_feeds_tell_the_language_of_each_entry(client, arabic):
    make_article(title="Plain words")
    for path, entry in (("/feed.xml", "item"), ("/atom.xml", "entry")):
        text = text_of(client, path)
        assert f'<{entry} xml:lang="ar">' in text and f"<{entry}>" in text
        assert text.count('&lt;div lang="ar" dir="rtl"&gt;') == 1
    feed = json.loads(text_of(client, "/feed.json"))
    assert feed["language"] == "en"
    assert {item["title"]: item["language"] for item in feed["items"]} == {TITLE: "ar", "Plain words": "en"}


def test_an_article_in_the_language_of_the_site_has_no_attributes(client):
    article = make_article(title="Plain words", summary="Short.")
    text = text_of(client, article.get_absolute_url())
    assert "<h1>Plain words</h1>" in text and '<div class="prose">' in text
    assert '<meta property="og:locale" content="en_US">' in text


def test_a_page_in_another_language_is_marked(client):
    page = Page.objects.create(
        title="من نحن", slug="about", body="نص الصفحة.", status="published", published_at=timezone.now()
    )
    text = text_of(client, page.get_absolute_url())
    assert f"<h1 {RTL}>" in text and f'<div class="prose" {RTL}>' in text
    assert 'class="facts" lang="en" dir="ltr"' in text


def test_another_language_invalidates_the_lists_that_show_it(client, arabic):
    text_of(client, "/")
    article = Article.objects.get()
    article.language = "fa"
    article.save()
    assert '<h2 lang="fa" dir="rtl">' in text_of(client, "/")
