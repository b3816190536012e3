"""Exports of Medium: a file of HTML for each post."""

import pytest

from articles.importing.options import Options
from articles.importing.readers import reader_of
from articles.importing.records import Post
from publishing.transfer.files import open_source

PAGE = """<!DOCTYPE html><html><head><title>In the head</title></head><body><article class="h-entry">
<header><h1 class="p-name">One &amp; two</h1></header>
<section data-field="subtitle" class="p-summary">About it</section>
<section data-field="body" class="e-content"><section class="section section--first">
<div class="section-divider"><hr class="section-divider"></div>{body}</section></section><footer>{footer}</footer>
</article></body></html>"""
FOOTER = """<p>Tagged in <a href="https://medium.com/tag/a" class="p-tag">A</a></p>
<p>By <a href="https://medium.com/@ana" class="p-author h-card">Ana</a> on <a href="https://medium.com/p/abc123abc123">
<time class="dt-published" datetime="2024-01-02T03:04:05.678Z">January 2</time></a>.</p>
<p><a href="https://medium.com/@ana/one-two-abc123abc123" class="p-canonical">Canonical link</a></p>"""
FIGURE = '<figure class="graf"><img src="https://cdn.example/a.jpg" alt="A"><figcaption>Caption</figcaption></figure>'
HEADINGS = '<h3 class="graf graf--title">One &amp; two</h3><h4 class="graf graf--subtitle">About it</h4>'
RULE = '<div class="section-divider"><hr class="section-divider"></div>'
PICTURE = '![A](https://cdn.example/a.jpg "Caption")'


@pytest.fixture
def read(tmp_path):
    def read(body="<p>Text", footer=FOOTER, *, name="2024-01-02_One-abc123abc123", page=PAGE, options=None):
        (tmp_path / "posts").mkdir()
        (tmp_path / "posts" / f"{name}.html").write_text(page.format(body=body, footer=footer))
        return reader_of(open_source(tmp_path), options or Options())

    return read


def only(reader):
    [post] = [post for post in reader.posts() if isinstance(post, Post)]
    return post


def test_a_post_comes_with_its_date_author_tags_and_old_addresses(read):
    post = only(read())
    assert (post.key, post.title, post.summary, post.slug) == ("post-abc123abc123", "One & two", "About it", "one-two")
    assert (post.status, post.authors, post.tags) == ("published", ["Ana"], ["A"])
    assert post.published_at.isoformat() == "2024-01-02T03:04:05.678000+00:00"
    assert post.old_addresses == ["/@ana/one-two-abc123abc123", "/p/abc123abc123"]
    assert post.to_markdown(post) == "Text\n"


def test_the_folder_of_posts_can_be_read_alone(read, tmp_path):
    read()
    assert only(reader_of(open_source(tmp_path / "posts"), Options())).title == "One & two"


def test_a_draft_stays_one(read):
    post = only(read(footer="<p>View original", name="draft_One-abc123abc123"))
    assert (post.status, post.published_at) == ("draft", None)


def test_a_response_is_named(read):
    page = PAGE.replace('<section data-field="subtitle" class="p-summary">About it</section>', "")
    [entry] = read("<p>One &amp; two, and more", page=page).posts()
    assert entry.is_loss
    assert "response" in entry.reason


def test_the_profile_is_an_author_without_what_is_private(read, tmp_path):
    (tmp_path / "profile").mkdir()
    (tmp_path / "profile" / "profile.html").write_text(
        '<h3 class="p-name">Ana</h3><a class="u-url" href="https://medium.com/@ana">@ana</a> ana@mail.example'
    )
    [person] = read().people()
    assert (person.name, person.old_addresses) == ("Ana", ["/@ana"])
    assert "mail.example" not in str(vars(person))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (HEADINGS + '<h3 class="graf">A</h3><h4 class="graf">B</h4>', "## A\n\n### B"),
        (HEADINGS + FIGURE + "<p>Text", f"{PICTURE}\n\nText"),
        (
            '<div class="section-inner sectionLayout--outsetRow">' + 2 * FIGURE + "</div>",
            f":::gallery\n{PICTURE}\n\n{PICTURE}\n:::",
        ),
        ("<pre><code>a<br>  b</code></pre>", "```\na\n  b\n```"),
        ('<blockquote class="graf graf--pullquote">Quoted</blockquote>', ":::pull\nQuoted\n:::"),
        (
            '<figure class="graf graf--iframe"><script src="https://gist.github.com/ana/a1.js"></script></figure>',
            "https://gist.github.com/ana/a1",
        ),
        (
            '<div class="graf graf--mixtapeEmbed"><a href="https://a.example"><strong>T</strong><br><em>D</em></a>'
            '<a href="https://a.example" class="js-mixtapeImage mixtapeImage"></a></div>',
            "[**T** *D*](https://a.example)",
        ),
        (f"<p>A</p></section><section>{RULE}<p>B", "A\n\n---\n\nB"),
    ],
)  # fmt: skip
def test_the_text_comes_without_its_title_and_with_its_pictures(read, body, expected):
    post = only(read(body))
    assert post.to_markdown(post) == expected + "\n"


def test_the_picture_above_the_text_is_the_cover_if_pictures_are_fetched(read):
    post = only(read(HEADINGS + FIGURE + "<p>Text", options=Options(fetch=True)))
    assert (post.cover.address, post.cover.caption) == ("https://cdn.example/a.jpg", "Caption")
    assert post.to_markdown(post) == "Text\n"
