"""The sitemap: an index, and files of the public addresses."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from articles.models import Article, Category, Series, Tag
from publishing.tests.factories import make_article, make_author, make_category
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db
OVERVIEWS = ("/categories/", "/tags/", "/authors/", "/series/", "/follow/")
NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def sitemap_files(client):
    """The files of the sitemap as parsed XML, by path."""
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    paths = [loc.text.removeprefix("http://testserver") for loc in index.findall("s:sitemap/s:loc", NAMESPACE)]
    return {path: ElementTree.fromstring(client.get(path).content) for path in paths}


def sitemap_dates(client):
    """What the sitemap lists: path and when it last changed."""
    return {
        url.findtext("s:loc", namespaces=NAMESPACE).removeprefix("http://testserver"): url.findtext(
            "s:lastmod", namespaces=NAMESPACE
        )
        for file in sitemap_files(client).values()
        for url in file.findall("s:url", NAMESPACE)
    }


def test_the_sitemap_lists_what_is_published_and_nothing_else(client):
    author, tag = make_author(), Tag.objects.create(name="Python", slug="python")
    Tag.objects.create(name="Unused", slug="unused")
    Category.objects.create(name="Empty", slug="empty")
    make_article(slug="out", authors=[author], tags=[tag])
    make_article(slug="draft", status="draft", published_at=None)
    make_article(slug="review", status="review")
    make_article(slug="archived", status="archived")
    make_article(slug="scheduled", published_at=timezone.now() + timedelta(hours=1))
    make_article(slug="first-published-elsewhere", canonical_url="https://other.example/x")
    make_quiz(slug="open")
    make_quiz(slug="unready", published=False)

    assert set(sitemap_dates(client)) == {
        "/",
        "/archive/",
        *OVERVIEWS,
        "/articles/out/",
        "/categories/opinion/",
        "/tags/python/",
        author.get_absolute_url(),
        "/quizzes/open/",
        "/quizzes/",
    }


def test_every_address_of_the_sitemap_says_when_it_last_changed(client):
    author, tag = make_author(), Tag.objects.create(name="Python", slug="python")
    series = Series.objects.create(title="Loops", slug="loops")
    changed, published = datetime(2026, 6, 1, 12, 0, tzinfo=UTC), datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    fields = {"authors": [author], "tags": [tag], "series": series}
    make_article(slug="waited", published_at=published, modified_at=changed, **fields)
    make_article(slug="old", published_at=changed, modified_at=changed)
    draft = make_article(status="draft", published_at=None, **fields)
    make_quiz(slug="open")

    today = f"{timezone.now():%Y-%m-%d}"
    assert draft.modified_at > published
    assert sitemap_dates(client) == {
        **dict.fromkeys(["/", "/archive/", *OVERVIEWS, "/categories/opinion/", "/articles/waited/"], "2026-07-01"),
        **dict.fromkeys([thing.get_absolute_url() for thing in (author, tag, series)], "2026-07-01"),
        "/articles/old/": "2026-06-01",
        **dict.fromkeys(["/quizzes/", "/quizzes/open/"], today),
    }


def test_every_address_of_the_sitemap_answers(client):
    make_quiz(articles=[make_article(authors=[make_author()])])
    for address in sitemap_dates(client):
        assert client.get(address).status_code == 200, address


def test_the_sitemap_follows_the_protocol(client, settings):
    settings.SITE_URL = "https://publication.example/a&b"
    make_article(authors=[make_author()])
    make_quiz()

    index = client.get("/sitemap.xml")
    files = [client.get(f"/sitemap-{kind}-1.xml") for kind in ("front", "articles", "categories", "authors", "quizzes")]

    for response, root, child in [(index, "sitemapindex", "sitemap"), *((file, "urlset", "url") for file in files)]:
        document = ElementTree.fromstring(response.content)
        assert response.headers["Content-Type"] == "application/xml"
        assert response.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
        assert document.tag == f"{{{NAMESPACE['s']}}}{root}"
        assert 0 < len(document) <= 50_000
        for entry in document:
            assert entry.tag == f"{{{NAMESPACE['s']}}}{child}"
            assert entry.findtext("s:loc", namespaces=NAMESPACE).startswith("https://publication.example/a&b/")
            assert {element.tag.partition("}")[2] for element in entry} <= {"loc", "lastmod"}


def test_an_article_stays_in_its_file_of_the_sitemap(client):
    make_article(slug="early", pk=1)
    make_article(slug="last-of-the-first", pk=2000)
    make_article(slug="draft", pk=4001, status="draft")
    make_article(slug="first-of-the-fourth", pk=6001)

    first = client.get("/sitemap-articles-1.xml")
    files = [path for path in sitemap_files(client) if "articles" in path]
    make_article(slug="newest", pk=9000, category=make_category("Tools"))

    assert files == ["/sitemap-articles-1.xml", "/sitemap-articles-4.xml"]
    assert b"/early/" in first.content
    assert b"/last-of-the-first/" in first.content
    assert b"/first-of-the-fourth/" not in first.content
    assert client.get("/sitemap-articles-1.xml").content == first.content
    assert "/sitemap-articles-5.xml" in sitemap_files(client)


@pytest.mark.parametrize(
    "name", ["articles-2", "articles-0", "articles-01", f"articles-{10**30}", "drafts-1", "tags-1"]
)
def test_a_file_of_the_sitemap_that_would_be_empty_is_missing(client, name):
    make_article()
    assert client.get(f"/sitemap-{name}.xml").status_code == 404


def test_a_changed_article_invalidates_its_file_of_the_sitemap_and_no_other_of_articles(client):
    article = make_article(pk=2001)
    make_article(pk=1)

    invalidated = Article.changed_names(None, article)
    assert {"sitemap:articles:2", "sitemap"} <= invalidated
    assert "sitemap:articles:1" not in invalidated
    for path, shown, not_shown in [
        ("/sitemap-articles-2.xml", "sitemap:articles:2", "sitemap:articles:1"),
        ("/sitemap-articles-1.xml", "sitemap:articles:1", "articles"),
        ("/sitemap.xml", "sitemap", "articles"),
    ]:
        names = client.get(path).headers["Cache-Tag"].split(",")
        assert shown in names
        assert not_shown not in names


def test_a_scheduled_article_enters_the_sitemap_by_itself(client, time_machine):
    moment = timezone.now().replace(microsecond=0) + timedelta(days=1)
    article = make_article(published_at=moment)

    time_machine.move_to(moment - timedelta(seconds=60), tick=False)
    make_article(pk=article.pk + 1)
    for path in ("/sitemap.xml", f"/sitemap-articles-{(article.pk - 1) // 2000 + 1}.xml"):
        assert "s-maxage=60" in client.get(path).headers["Cache-Control"]
    time_machine.move_to(moment, tick=False)
    assert article.get_absolute_url() in sitemap_dates(client)
