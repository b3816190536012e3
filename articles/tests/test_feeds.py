import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from articles.models import Tag
from publishing.tests.factories import make_article, make_author, make_category

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def test_rss_carries_whole_articles_newest_first(client):
    make_article(title="Older", published_at=timezone.now() - timedelta(days=2))
    article = make_article(
        title="A & B ]]> <c>",
        body='Text with ]]> and [a link](/about/), `<a href="/code">` too.',
        authors=[make_author("Ann")],
    )

    channel = ElementTree.fromstring(client.get("/feed.xml").content).find("channel")

    items = channel.findall("item")
    assert [item.findtext("title") for item in items] == ["A & B ]]> <c>", "Older"]
    assert items[0].findtext("link") == f"http://testserver{article.get_absolute_url()}"
    assert "Text with ]]&gt; and" in items[0].findtext(CONTENT)
    assert 'href="http://testserver/about/"' in items[0].findtext(CONTENT)
    assert 'a href="/code"' in items[0].findtext(CONTENT).replace("&quot;", '"'), "code is quoted, not rewritten"
    assert 'href="/code"' in items[0].findtext(CONTENT).replace("&quot;", '"'), "code is quoted, not rewritten"


def test_atom_carries_the_same(client):
    article = make_article(title="One", authors=[make_author("Ann"), make_author("Ben")])

    entry = ElementTree.fromstring(client.get("/atom.xml").content).find(f"{ATOM}entry")

    assert entry.findtext(f"{ATOM}title") == "One"
    assert entry.findtext(f"{ATOM}content") == article.html
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ann, Ben"
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{article.get_absolute_url()}"


def test_json_feed_follows_version_1_1(client):
    article = make_article(title="One", tags=[Tag.objects.create(name="http", slug="http")])

    answer = client.get("/feed.json")
    feed = json.loads(answer.content)

    assert answer["Content-Type"] == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://testserver/feed.json"
    assert feed["items"][0]["id"] == f"http://testserver{article.get_absolute_url()}"
    assert feed["items"][0]["tags"] == ["Opinion", "http"]


@pytest.mark.parametrize("path", ["/feed.xml", "/atom.xml", "/feed.json"])
def test_feeds_hold_only_what_is_published_and_name_no_other_host(client, path):
    make_article(title="Hidden", status="draft")
    make_article(title="Later", published_at=timezone.now() + timedelta(hours=1))
    make_article(title="Shown")

    answer = client.get(path, headers={"host": "testserver", "x-forwarded-host": "evil.example"})

    text = answer.content.decode()
    assert "Shown" in text
    assert "Hidden" not in text
    assert "Later" not in text
    assert "evil.example" not in text
    assert client.post(path).status_code == 405


def test_a_feed_that_has_not_changed_is_not_sent_again(client):
    make_article()
    etag = client.get("/feed.xml")["ETag"]

    assert client.get("/feed.xml", headers={"if-none-match": etag}).status_code == 304


def test_pages_announce_their_feeds(client):
    article = make_article()

    for page in ("/", article.get_absolute_url(), "/quizzes/", "/no/such/page/"):
        html = client.get(page).content.decode()
        for path, kind in (("/feed.xml", "rss+xml"), ("/atom.xml", "atom+xml"), ("/feed.json", "feed+json")):
            assert f'<link rel="alternate" href="{path}" type="application/{kind}"' in html
            assert f'<a href="{path}"' in html


def test_programs_that_read_get_one_plain_page(client):
    article = make_article(title="One [1]", summary="What it says.")
    make_article(title="Hidden", status="draft")
    make_category("Empty")

    answer = client.get("/llms.txt")

    text = answer.content.decode()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert f"- [One (1)](http://testserver{article.get_absolute_url()}): What it says." in text
    assert "- [Opinion](http://testserver/categories/opinion/)" in text
    assert "Hidden" not in text
    assert "Empty" not in text


def test_footnotes_lead_to_the_article_from_a_reader_that_shows_several(client):
    article = make_article(body="A claim[^1].\n\n[^1]: A note.\n")
    page = f"http://testserver{article.get_absolute_url()}"
    rss, atom = (ElementTree.fromstring(client.get(path).content) for path in ("/feed.xml", "/atom.xml"))
    texts = [
        rss.find("channel/item").findtext(CONTENT),
        atom.find(f"{ATOM}entry").findtext(f"{ATOM}content"),
        json.loads(client.get("/feed.json").content)["items"][0]["content_html"],
    ]

    for text in texts:
        assert f'<a href="{page}#fn1" id="fnref1">' in text
        assert f'<a href="{page}#fnref1" class="footnote-backref">' in text
        assert "anchor" not in text
