"""Exports of Substack: posts.csv and a file of HTML for each post."""

import pytest

from articles.importing.options import Options
from articles.importing.readers import reader_of
from articles.importing.records import Post, Unread
from publishing.transfer.files import open_source

HEAD = "post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n"
ROW = "7.one,2024-01-02T03:04:05.000Z,true,,newsletter,everyone,One &amp; two,About it,\n"


@pytest.fixture
def read(tmp_path):
    def read(rows=ROW, **texts):
        (tmp_path / "posts").mkdir()
        (tmp_path / "posts.csv").write_text(HEAD + rows)
        for name, text in texts.items():
            (tmp_path / "posts" / f"{name.strip('_').replace('_', '.')}.html").write_text(text)
        return list(reader_of(open_source(tmp_path), Options()).posts())

    return read


def markdown(read, html):
    [post] = read(_7_one=html)
    return post.to_markdown(post)


def test_a_post_comes_with_its_date_subtitle_and_old_address(read):
    [post] = read(_7_one="<p>Text")
    assert (post.key, post.title, post.slug, post.summary) == ("post-7", "One & two", "one", "About it")
    assert (post.status, post.old_addresses) == ("published", ["/p/one"])
    assert post.published_at.isoformat() == "2024-01-02T03:04:05+00:00"


@pytest.mark.parametrize(
    ("row", "text", "kind", "status"),
    [
        (ROW.replace("everyone", "only_paid"), "<p>Text", "article", "draft"),
        (ROW.replace("true", "false"), "<p>Text", "article", "draft"),
        (ROW, '<p>Text<div class="paywall-jump"></div><p>For some', "article", "draft"),
        (ROW.replace("newsletter", "page"), "<p>Text", "page", "published"),
    ],
)
def test_only_what_is_public_there_is_published_here(read, row, text, kind, status):
    [post] = read(row, _7_one=text)
    assert (post.kind, post.status) == (kind, status)


def test_a_file_without_a_row_is_a_draft_and_a_row_without_a_file_is_named(read):
    lost, found = read(_8_two="<p>Text")
    assert isinstance(lost, Unread)
    assert "One & two" in lost.reason
    assert (found.key, found.status, found.notes[0].is_loss) == ("post-8", "draft", False)


def test_a_podcast_is_a_link(read):
    [post] = read(ROW.replace("About it,", "About it,https://a.example/one.mp3"))
    assert post.to_markdown(post) == "https://a.example/one.mp3\n"


def test_lists_of_subscribers_are_named(read, tmp_path):
    (tmp_path / "email_list.one.csv").write_text("email\n")
    entries = read(_7_one="<p>Text")
    assert [entry.key for entry in entries if not isinstance(entry, Post)] == ["email_list.one.csv"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<p>Text</p><p class="button-wrapper"><a href="https://x.substack.com/subscribe?">Sign up</a></p>'
            '<p class="button-wrapper"><a href="https://x.substack.com/p/one/comments">Leave a comment</a></p>'
            '<div class="subscription-widget-wrap"><p>Thanks for reading!</p></div>',
            "Text",
        ),
        ('<p class="button-wrapper"><a href="https://shop.example/">Buy</a></p>', "[Buy](https://shop.example/)"),
        (
            '<div class="captioned-image-container"><figure><a class="image-link" href="https://substackcdn.com/a.jpg">'
            '<picture><source srcset="https://substackcdn.com/w_9/a.jpg"><img src="https://substackcdn.com/w_8/a.jpg" '
            'srcset="https://substackcdn.com/w_9/a.jpg 9w" alt="A" data-attrs="{&quot;src&quot;:&quot;https://o.example/a.jpg'
            '&quot;}"></picture></a><figcaption class="image-caption">Caption</figcaption></figure></div>',
            '![A](https://o.example/a.jpg "Caption")',
        ),
        (
            '<p>Text<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a></p>'
            '<div class="footnote"><a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a>'
            '<div class="footnote-content"><p>Note</p></div></div>',
            "Text[^1]\n\n[^1]: Note",
        ),
        ('<div class="pullquote"><p>Quoted</p></div>', ":::pull\nQuoted\n:::"),
    ],
)  # fmt: skip
def test_text_comes_without_the_furniture_around_it(read, html, expected):
    assert markdown(read, html) == expected + "\n"
