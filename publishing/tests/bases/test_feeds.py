"""Every field of every feed, as a feed reader understands it."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import feedparser
import pytest

from articles.models import Article, Author, Category, Series, Tag
from comments.tests.factories import comment_url, make_comment
from publishing.bases.feeds import absolute
from publishing.models import Publication
from publishing.tests.factories import make_article
from publishing.text.typography import typeset
from quizzes.models import Quiz
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db

TEXTS = {
    "generic": "Map<K, V> and List<T>",
    "entity": "AT&T is written AT&amp;T; &nbsp; and &#60;",
    "tags": "Use <b>bold</b>, not <i>italic</i>",
    "attack": '<img src=x onerror="alert(1)"><script>alert(2)</script>',
    "cdata": "<![CDATA[ ends with ]]> and --> too",
    "quotes": "“It's” 'so' \"said\" `x`",
    "emoji": "👩🏽‍💻 Ünïcode 日本語 عربى",
}
BODY = """
See [it](/tags/x/), [there](../other/?a=1&b=2#part), [this part](#a-heading), [nothing]() and [out](https://example.org/).

`<a href="/code">` is code. <a title="a > b href=&quot;/no&quot;" href="/titled">x</a>[^1] ]]>

## A heading

[^1]: A note with [a page](?page=2) and [mail](mailto:a@example.org).
"""


class _Shown(HTMLParser):
    """What a reader of HTML sees, and where its links lead."""

    def __init__(self, html):
        super().__init__()
        self.text, self.links, self.tags = "", [], []
        self.feed(html)
        self.close()

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.links += [value for name, value in attributes if name in ("href", "src")]


def parsed(client, path):
    response = client.get(path)
    assert response.status_code == 200
    feed = feedparser.parse(response.content, sanitize_html=False, resolve_relative_uris=False)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def assert_shows(detail, text):
    """Read as what it is declared to be, `detail` says `text` and holds no markup."""
    if detail.type == "text/html":
        shown = _Shown(detail.value)
        assert (shown.text, shown.tags) == (text, [])
    else:
        assert detail.value == text


def make_all(text):
    """An article, a quiz and a comment that have `text` in every line that a feed shows."""
    Publication.objects.create(name=text, description=text, quizzes_sentence=text, comments_sentence=text)
    category = Category.objects.create(name=text[:60], slug="c")
    article = make_article(
        title=text,
        slug="a",
        summary=text,
        body=BODY,
        category=category,
        series=Series.objects.create(title=text, slug="s", description=text),
        authors=[Author.objects.create(name=text, slug="w")],
        tags=[Tag.objects.create(name=f"#{text[:59]}", slug="t")],
        published_at=datetime(2026, 6, 1, 12, 30, 15, 123456, tzinfo=UTC),
    )
    quiz = make_quiz(slug="q", title=text, summary=text, category=category)
    return article, quiz, make_comment(article, status="approved", name=text[:50], body=f"See {text}")


LISTS = [
    "/feed.xml",
    "/atom.xml",
    *(f"/{path}/feed.xml" for path in ("categories/c", "tags/t", "authors/w", "series/s")),
]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_articles_read_as_they_were_written(client, text):
    article, _, _ = make_all(text)

    said = typeset(text)
    for path in LISTS:
        feed = parsed(client, path)
        (entry,) = feed.entries
        assert entry.title == said and text in feed.feed.title
        assert_shows(entry.summary_detail, said)
        assert_shows(feed.feed.subtitle_detail, text)
        assert entry.author == said
        assert [tag.term for tag in entry.tags] == [text[:60], f"#{text[:59]}"]
        assert entry.link == entry.id == "http://testserver/articles/a/"
        assert tuple(entry.published_parsed)[:6] == (2026, 6, 1, 12, 30, 15)
        (image,) = entry.media_content
        assert re.fullmatch(r"http://testserver/articles/a/card-[0-9a-f]{12}\.png", image["url"])
        assert entry.content[0].type == "text/html"
    (item,) = json.loads(client.get("/feed.json").content)["items"]
    assert (item["title"], item["summary"], item["tags"]) == (said, said, [text[:60], f"#{text[:59]}"])
    assert item["authors"][0]["name"] == said
    assert datetime.fromisoformat(item["date_published"]) == article.published_at


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_quizzes_and_comments_read_as_they_were_written(client, text):
    _, quiz, comment = make_all(text)
    said = typeset(text)

    feed = parsed(client, "/quizzes/feed.xml")
    (entry,) = feed.entries
    assert entry.title == said and text in feed.feed.title
    assert _Shown(entry.summary).text.startswith(said) and _Shown(entry.summary).tags == []
    assert_shows(feed.feed.subtitle_detail, text)
    assert [tag.term for tag in entry.tags] == [text[:60]]
    assert entry.id == f"http://testserver/quizzes/#{quiz.pk}"
    for path in ("/comments/feed.xml", comment_url(comment.article) + "feed.xml"):
        feed = parsed(client, path)
        (entry,) = feed.entries
        assert entry.title == f"{text[:50]} on {said}" and text in feed.feed.title
        assert entry.author == text[:50]
        assert_shows(feed.feed.subtitle_detail, text)
        assert _Shown(entry.content[0].value).text == _Shown(comment.html).text
        assert entry.link == entry.id == f"http://testserver/comments/{comment.pk}/"
    (said,) = json.loads(client.get("/articles/a/comments.json").content)["comments"]
    assert (said["name"], said["html"]) == (text[:50], comment.html)


def test_links_of_an_article_lead_where_they_lead_on_its_page(client):
    make_all("x")
    page = "http://testserver/articles/a/"

    contents = [parsed(client, path).entries[0].content[0].value for path in LISTS]
    contents.append(json.loads(client.get("/feed.json").content)["items"][0]["content_html"])

    for content in contents:
        shown = _Shown(content)
        assert shown.links == [
            "http://testserver/tags/x/",
            "http://testserver/articles/other/?a=1&b=2#part",
            f"{page}#a-heading",
            page,
            "https://example.org/",
            "http://testserver/titled",
            f"{page}#fn1",
            f"{page}?page=2",
            "mailto:a@example.org",
            f"{page}#fnref1",
        ]
        assert '<a href="/code">' in shown.text and "]]>" in shown.text
        assert 'title="a &gt; b href=&quot;/no&quot;"' in content


def test_pictures_are_absolute_and_a_bad_address_stays():
    html = '<p><img src="/media/x.webp" alt="a"> <a href="http://[x">y</a> <a href="//h.example/p">z</a></p>'

    assert absolute(html, "https://p.example/articles/a/") == (
        '<p><img src="https://p.example/media/x.webp" alt="a"> <a href="http://[x">y</a> '
        '<a href="https://h.example/p">z</a></p>'
    )


def test_no_stored_character_makes_a_feed_unreadable(client):
    make_all("x")
    bad = "".join(map(chr, [*range(1, 9), 0x0B, 0x0C, 0x1B, 0xFFFE, 0xFFFF]))
    line = {"title": f"x{bad}", "summary": f"x{bad}"}
    Article.objects.update(**line, html=f"<p>x{bad}</p>")
    Quiz.objects.update(**line)
    Publication.objects.update(name=f"x{bad}", description=f"x{bad}")
    for model, field in ((Category, "name"), (Tag, "name"), (Series, "title")):
        model.objects.update(**{field: f"x{bad}"})

    for path in (*LISTS, "/quizzes/feed.xml", "/comments/feed.xml", "/articles/a/comments/feed.xml"):
        assert parsed(client, path).entries[0].title.startswith("x"), path


def test_an_atom_entry_without_authors_is_by_the_publication(client):
    Publication.objects.create(name="The Indent")
    make_article(authors=[])

    feed = parsed(client, "/atom.xml")

    assert feed.feed.author == "The Indent"
    assert "author" not in feed.entries[0]
