"""Exports of Ghost, alone and beside their files, in every form of their text."""

import json

import pytest

from articles.importing.options import Options
from articles.importing.readers import reader_of
from articles.importing.records import Post, Unread
from publishing.transfer.files import open_source
from publishing.transfer.notes import Refused

GALLERY = {"type": "gallery", "images": [{"src": "/1.jpg"}, {"src": "/2.jpg"}]}
POST = {"id": "1", "slug": "one", "title": "One", "status": "published", "published_at": "2024-01-02 03:04:05"}


def text(*nodes):
    return json.dumps({"root": {"type": "root", "children": nodes}})


def words(text, bits=0):
    return {"type": "text", "text": text, "format": bits}


@pytest.fixture
def read(tmp_path):
    """Reads an export with these tables, in one of the shapes that programs write."""

    def read(*, shape="db", **tables):
        data = {"meta": {"exported_on": 1}, "data": tables}
        (tmp_path / "export.json").write_text(json.dumps({"db": [data]} if shape == "db" else data))
        return reader_of(open_source(tmp_path), Options())

    return read


def posts(reader):
    return [post for post in reader.posts() if isinstance(post, Post)]


def unread(reader):
    return [entry for entry in reader.posts() if isinstance(entry, Unread)]


def markdown(read, **fields):
    post = posts(read(posts=[POST | fields]))[0]
    return post.to_markdown(post), post.notes


@pytest.mark.parametrize("shape", ["db", "flat"])
def test_a_post_comes_with_its_date_tags_authors_and_cover(read, shape):
    reader = read(
        shape=shape,
        posts=[POST | {"id": 1, "feature_image": "__GHOST_URL__/content/images/c.jpg", "featured": 1}],
        posts_meta=[{"post_id": "1", "feature_image_alt": "A cat", "feature_image_caption": "<b>By</b> me"}],
        users=[{"id": 7, "name": "Ana", "slug": "ana", "bio": "Writes", "password": "secret", "email": "a@b.example"}],
        posts_authors=[{"post_id": 1, "author_id": "7"}],
        tags=[{"id": 1, "name": "#hidden"}, {"id": 2, "name": "Second"}, {"id": 3, "name": "First", "slug": "first"}],
        posts_tags=[{"post_id": 1, "tag_id": n, "sort_order": order} for n, order in ((1, 0), (2, 2), (3, 1), (9, 0))],
        settings=[{"key": "url", "value": "https://old.example/"}],
    )
    [post] = posts(reader)
    assert (post.title, post.slug, post.status, post.is_featured) == ("One", "one", "published", True)
    assert post.published_at.isoformat() == "2024-01-02T03:04:05+00:00"
    assert (post.categories, post.tags, post.authors) == (["First"], ["Second"], ["Ana"])
    assert (post.cover.address, post.cover.alt, post.cover.caption) == ("/content/images/c.jpg", "A cat", "By me")
    assert post.old_addresses == ["/one/"]
    assert reader.site == "https://old.example"
    assert "#hidden" in post.notes[0].text
    [person] = reader.people()
    assert (person.name, person.biography, person.old_addresses[0]) == ("Ana", "Writes", "/author/ana/")
    assert "secret" not in str(vars(person))
    assert "/tag/first/" in next(label for label in reader.labels() if label.name == "First").old_addresses
    assert ("/rss/", "/feed.xml") in reader.redirects()


@pytest.mark.parametrize(
    ("fields", "kind", "status"),
    [
        ({}, "article", "published"),
        ({"status": "draft"}, "article", "draft"),
        ({"status": "scheduled"}, "article", "draft"),
        ({"status": "sent"}, "article", "draft"),
        ({"visibility": "members"}, "article", "draft"),
        ({"visibility": "paid"}, "article", "draft"),
        ({"visibility": "tiers"}, "article", "draft"),
        ({"html": "<p>For all</p><!--members-only--><p>For some"}, "article", "draft"),
        ({"type": "page"}, "page", "published"),
        ({"page": True}, "page", "published"),
    ],
)
def test_only_what_is_public_there_is_published_here(read, fields, kind, status):
    [post] = posts(read(posts=[POST | fields]))
    assert (post.kind, post.status) == (kind, status)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (words("both", 3), "***both***"),
        (words("a < b", 16), "`a < b`"),
        ({"type": "heading", "tag": "h3", "children": [words("Title")]}, "### Title"),
        ({"type": "link", "url": "__GHOST_URL__/two/", "children": [words("two")]}, "[two](/two/)"),
        ({"type": "codeblock", "language": "js", "code": "a()"}, "```js\na()\n```"),
        ({"type": "image", "src": "/a.jpg", "alt": "b", "caption": "c"}, '![b](/a.jpg "c")'),
        (GALLERY, ":::gallery\n![](/1.jpg)\n\n![](/2.jpg)\n:::"),
        ({"type": "callout", "calloutEmoji": "💡", "calloutText": "Idea"}, ":::note\n💡 Idea\n:::"),
        ({"type": "toggle", "heading": "More", "content": "<p>Text</p>"}, ":::details More\nText\n:::"),
        ({"type": "embed", "url": "https://youtu.be/abcdefghijk"}, "https://www.youtube.com/watch?v=abcdefghijk"),
        ({"type": "markdown", "markdown": "**a** ==b=="}, "**a** <mark>b</mark>"),
        ({"type": "bookmark", "url": "https://b.example", "metadata": {"title": "B", "description": "c"}}, "[B](https://b.example)\n\nc"),
        ({"type": "file", "src": "/content/files/f.pdf", "fileName": "f.pdf"}, "[f.pdf](/content/files/f.pdf)"),
        ({"type": "horizontalrule"}, "---"),
    ],
)  # fmt: skip
def test_each_card_of_the_editor_becomes_markdown(read, node, expected):
    assert markdown(read, lexical=text(node))[0] == expected + "\n"


def test_a_card_that_is_not_known_is_named(read):
    _, notes = markdown(read, lexical=text({"type": "hologram"}))
    assert notes[0].is_loss
    assert "hologram" in notes[0].text


def test_the_older_editor_is_read(read):
    document = {
        "atoms": [["soft-return", "", {}]],
        "cards": [["hr", {}], ["code", {"code": "a", "language": "go"}]],
        "markups": [["strong"], ["a", ["href", "__GHOST_URL__/x/"]]],
        "sections": [
            [1, "h2", [[0, [], 0, "Title"]]],
            [1, "p", [[0, [0], 1, "bold"], [1, [], 0, 0], [0, [1], 1, "link"]]],
            [3, "ol", [[[0, [], 0, "item"]]]],
            [10, 0],
            [10, 1],
        ],
    }
    expected = "## Title\n\n**bold**\\\n[link](/x/)\n\n1. item\n\n---\n\n```go\na\n```\n"
    assert markdown(read, mobiledoc=json.dumps(document))[0] == expected


def test_copies_of_a_picture_in_other_sizes_are_the_picture(read):
    html = (
        '<img src="__GHOST_URL__/content/images/size/w600/2020/a.jpg" srcset="/content/images/size/w30/2020/a.jpg 30w">'
    )
    assert markdown(read, html=html)[0] == "![](/content/images/2020/a.jpg)\n"


def test_code_for_pages_members_and_patterns_of_redirects_are_named(read, tmp_path):
    (tmp_path / "redirects.yaml").write_text("301:\n  /old: /new\n  ^/y/(.*)$: /z/$1\n")
    (tmp_path / "members.csv").write_text("email\n")
    reader = read(posts=[POST | {"codeinjection_head": "<script>"}])
    assert "codeinjection_head" in posts(reader)[0].notes[0].text
    assert {entry.key for entry in unread(reader)} == {"members.csv", "^/y/(.*)$"}
    assert ("/old", "/new") in reader.redirects()


@pytest.mark.parametrize(
    "rest", ["", "[" * 10_000 + "]" * 10_000 + "]}}]}", '{"id": }]}}]}', '{"title": "' + "x" * 1000]
)
def test_what_comes_before_a_damage_comes_in(tmp_path, rest):
    path = tmp_path / "export.json"
    path.write_text('{"db":[{"meta":{"exported_on":1},"data":{"posts":[' + json.dumps(POST) + "," + rest)
    reader = reader_of(open_source(path), Options())
    assert [post.slug for post in posts(reader)] == ["one"]
    assert unread(reader)[0].is_loss


def test_two_posts_with_one_number_are_two(read):
    reader = read(posts=[POST, POST, POST | {"title": "Other"}])
    assert [post.key for post in posts(reader)] == ["post-1", "post-1-2"]


def test_other_json_is_no_export(tmp_path):
    (tmp_path / "package.json").write_text('{"data": {"posts": [{"slug": "a"}]}}')
    with pytest.raises(Refused):
        reader_of(open_source(tmp_path), Options())
