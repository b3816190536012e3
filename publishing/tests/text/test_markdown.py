"""What Markdown becomes: the article profile, the reader profile, and everything that is measured on the way."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.text import heading_ids
from publishing.text.markdown import json_ld, render_article, render_fragment, render_reader_text
from publishing.text.pictures import ImageInfo

# After https://spec.commonmark.org/0.31.2/, the places where parsers go wrong; raw HTML and code are elsewhere.
COMMONMARK = [
    ("*a*", "<p><em>a</em></p>"),
    ("**a**", "<p><strong>a</strong></p>"),
    ("***a***", "<p><em><strong>a</strong></em></p>"),
    ("*a**b**c*", "<p><em>a<strong>b</strong>c</em></p>"),
    ("snake_case_name", "<p>snake_case_name</p>"),
    ("a*b*c", "<p>a<em>b</em>c</p>"),
    ("* a *", "<ul>\n<li>a *</li>\n</ul>"),
    (r"\*not emphasised\*", "<p>*not emphasised*</p>"),
    ("a  \nb", "<p>a<br>\nb</p>"),
    ("a\\\nb", "<p>a<br>\nb</p>"),
    ("a\nb", "<p>a\nb</p>"),
    ("`a``b`", "<p><code>a``b</code></p>"),
    ("`` ` ``", "<p><code>`</code></p>"),
    ("`*a*`", "<p><code>*a*</code></p>"),
    ("[a](/b)", '<p><a href="/b">a</a></p>'),
    ("[a](</b c>)", '<p><a href="/b%20c">a</a></p>'),
    ("[a](/b(c)d)", '<p><a href="/b(c)d">a</a></p>'),
    ('[a](/b "c")', '<p><a href="/b" title="c">a</a></p>'),
    ("[a][r]\n\n[r]: /b", '<p><a href="/b">a</a></p>'),
    ("[A]\n\n[a]: /b", '<p><a href="/b">A</a></p>'),
    ("[a]\n\n[a]: /b\n[a]: /c", '<p><a href="/b">a</a></p>'),
    ("[a [b](/c)](/d)", '<p>[a <a href="/c">b</a>](/d)</p>'),
    ("<https://a.example/?b&c>", '<p><a href="https://a.example/?b&amp;c">https://a.example/?b&amp;c</a></p>'),
    ("<a@b.example>", '<p><a href="mailto:a@b.example">a@b.example</a></p>'),
    ("&copy; &#35; &unknown;", "<p>© # &amp;unknown;</p>"),
    ("a\n===\nb\n---", '<h2 id="a">a</h2>\n<h3 id="b">b</h3>'),
    ("## a ##", '<h2 id="a">a</h2>'),
    ("##a", "<p>##a</p>"),
    ("#5 bolt", "<p>#5 bolt</p>"),
    ("- a\n\n- b", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>"),
    ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ("- a\n  - b", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"),
    ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
    ("a\n1986. b", "<p>a\n1986. b</p>"),
    ("1986\\. a", "<p>1986. a</p>"),
    ("- a\n\n      b", '<ul>\n<li>\n<p>a</p>\n<pre tabindex="0"><code>b\n</code></pre>\n</li>\n</ul>'),
    ("> a\nb", "<blockquote>\n<p>a\nb</p>\n</blockquote>"),
    ("> a\n\n> b", "<blockquote>\n<p>a</p>\n</blockquote>\n<blockquote>\n<p>b</p>\n</blockquote>"),
    ("a\n***\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
    ("\ta", '<pre tabindex="0"><code>a\n</code></pre>'),
    ("   a", "<p>a</p>"),
    ("```\na\n", '<pre tabindex="0"><code>a\n</code></pre>'),
    ("````\n```\n````", '<pre tabindex="0"><code>```\n</code></pre>'),
    ("a\x00b", "<p>a\ufffdb</p>"),
    ("", ""),
    (" \n\t\n", ""),
]


@pytest.mark.parametrize(("source", "html"), COMMONMARK)
def test_commonmark_is_followed(source, html):
    assert render_article(source).html.strip() == html


def test_a_table_keeps_its_alignment_without_a_style_and_can_be_scrolled_by_keyboard():
    html = render_article("| a | b |\n|:-:|--:|\n| `c\\|d` | e |\n").html

    assert html.startswith('<div class="table" tabindex="0" role="group" aria-label="Table"><table>')
    assert '<th align="center">a</th>' in html
    assert '<td align="center"><code>c|d</code></td>' in html
    assert '<td align="right">e</td>' in html
    assert "style" not in html
    assert html.rstrip().endswith("</table></div>")


def test_footnotes_link_there_and_back():
    html = render_article("Claim[^why], again[^why].\n\n[^why]: Because.\n").html

    assert '<sup class="footnote-ref"><a href="#fn1" id="fnref1">[1]</a></sup>' in html
    assert '<a href="#fn1" id="fnref1:1">' in html
    assert '<section class="footnotes">' in html
    assert '<li id="fn1" class="footnote-item"><p>Because.' in html
    assert '<a href="#fnref1" class="footnote-backref">' in html
    assert '<a href="#fnref1:1" class="footnote-backref">' in html


def test_a_task_list_has_boxes_that_nobody_can_tick():
    html = render_article("- [x] done\n- [ ] open\n- plain\n").html

    boxes = re.findall(r"<input[^>]*>", html)
    assert [("checked" in box, "disabled" in box, 'type="checkbox"' in box) for box in boxes] == [
        (True, True, True),
        (False, True, True),
    ]
    assert '<ul class="contains-task-list">' in html
    assert html.count('<li class="task-list-item">') == 2


def test_definition_lists():
    html = render_article('Term\n: Its *definition*\n: Another\n\nOther\n: "Quoted"\n').html

    assert html == (
        "<dl>\n<dt>Term</dt>\n<dd>Its <em>definition</em></dd>\n<dd>Another</dd>\n"
        "<dt>Other</dt>\n<dd>“Quoted”</dd>\n</dl>\n"
    )


MARKS = {
    "~~gone~~ and ~gone~, ~~~not~~~ ~a~~": "<del>gone</del> and <del>gone</del>, ~~~not~~~ ~a~~",
    "H~2~O, x~i,j~, x~*i*~": "H<sub>2</sub>O, x<sub>i,j</sub>, x<sub><em>i</em></sub>",
    "~/bin:~/lib, 10~20 and 30~40": "~/bin:~/lib, 10~20 and 30~40",
    "1~2個、3~4個": "1~2個、3~4個",
    "x^2^, 2^n-1^, ^14^C, Na^+^": "x<sup>2</sup>, 2<sup>n-1</sup>, <sup>14</sup>C, Na<sup>+</sup>",
    "x^2+y^2, x^2 and y^2, (^o^), ^_^": "x^2+y^2, x^2 and y^2, (^o^), ^_^",
    "==a *b* c==, これは==d==です": "<mark>a <em>b</em> c</mark>, これは<mark>d</mark>です",
    "a==b and c==d, x == y == z, ===a===": "a==b and c==d, x == y == z, ===a===",
    "[==a==](/b) \\==c==": '<a href="/b"><mark>a</mark></a> ==c==',
    "`~~a~~ ==b== c^d^`": "<code>~~a~~ ==b== c^d^</code>",
}


@pytest.mark.parametrize("source", MARKS)
def test_signs_around_words(source):
    assert render_article(source).html == f"<p>{MARKS[source]}</p>\n"


# --- headings ---


def test_headings_move_down_only_if_one_of_them_is_the_title():
    assert [h["level"] for h in render_article("# a\n\n## b\n\n###### c\n").contents] == [2, 3, 6]
    assert [h["level"] for h in render_article("## a\n\n### b\n").contents] == [2, 3]
    assert "<h1" not in render_article("# a\n\nb\n===\n").html


def test_contents_name_each_heading_as_it_reads():
    rendered = render_article("## 1. The *second* `law`\n\n## Über uns\n\n## ?\n")

    assert rendered.contents == [
        {"level": 2, "id": "1-the-second-law", "text": "1. The second law"},
        {"level": 2, "id": "uber-uns", "text": "Über uns"},
        {"level": 2, "id": "section", "text": "?"},
    ]
    for heading in rendered.contents:
        assert f'<h2 id="{heading["id"]}">' in rendered.html


@pytest.mark.parametrize(
    "source",
    [
        "## a\n\n## a\n\n## a\n",
        "## a-2\n\n## a\n\n## a\n",
        "## a\n\n## a\n\n## a-2\n\n## a\n",
        "## Fn1\n\nx[^1]\n\n## Fnref1\n\n[^1]: y\n",
        '## x\n\n<h2 id="x">raw</h2>\n\n<a id="x"></a>\n',
        "<a id=\"it's\"></a> <a id=\"it's\"></a> <a id='a\"b'></a> <a id='a\"b'></a>",
        "".join(f"## {name}\n\n" for name in sorted(heading_ids.PAGE_IDS)),
        "## Comment\n\n## Comment 3\n\n## Question 1\n",
        "".join(f'<a id="{name}"></a>\n\n' for name in ["comment-3", "question-1", *sorted(heading_ids.PAGE_IDS)]),
    ],
)
def test_ids_are_unique_and_never_those_of_the_page_around(source):
    rendered = render_article(source)

    ids = re.findall(r' id="([^"]*)"', rendered.html)
    assert len(ids) == len(set(ids))
    assert not set(ids) & heading_ids.PAGE_IDS
    assert not [name for name in ids if re.fullmatch(r"(comment|question)(-\d+)?", name)]
    assert {heading["id"] for heading in rendered.contents} <= set(ids)


def test_a_footnote_is_reached_although_a_heading_is_called_like_its_id():
    html = render_article("## Fn1\n\nx[^1]\n\n[^1]: y\n").html

    assert '<li id="fn1" class="footnote-item">' in html


# --- images ---


def resolve(source):
    return {"/media/a.webp": ImageInfo("/media/a.webp?x=1&y=2", 800, 600)}.get(source)


def test_a_known_image_has_its_size_so_that_nothing_moves():
    rendered = render_article('![A "cat"](/media/a.webp)', resolve)

    assert rendered.html == (
        '<figure><img src="/media/a.webp?x=1&amp;y=2" alt="A &quot;cat&quot;" width="800" height="600" '
        'loading="lazy" decoding="async"></figure>\n'
    )
    assert rendered.images == 1


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("![A cat](https://a.example/b.png)", '<p><a href="https://a.example/b.png">Image: A cat</a></p>'),
        ("![](https://a.example/b.png)", '<p><a href="https://a.example/b.png">Image</a></p>'),
        ("![A cat](/media/unknown.png)", "<p><em>Image: A cat</em></p>"),
        (
            '![A cat](https://a.example/b.png "By Ana")',
            '<p><a href="https://a.example/b.png">Image: A cat</a> <small>By Ana</small></p>',
        ),
        ("[![A cat](https://a.example/b.png)](/c)", '<p><a href="/c"><em>Image: A cat</em></a></p>'),
        ("![A cat](//a.example/b.png)", "<p><em>Image: A cat</em></p>"),
    ],
)
def test_an_unknown_image_becomes_a_link_and_loads_nothing(source, html):
    rendered = render_article(source, resolve)

    assert rendered.html.strip() == html
    assert rendered.images == 0


def test_raw_images_go_the_same_way():
    rendered = render_article('<figure>\n<img src="/media/a.webp" width=9999 alt="A cat" onload=x>\n</figure>', resolve)

    assert '<img src="/media/a.webp?x=1&amp;y=2" alt="A cat" width="800" height="600"' in rendered.html
    assert "9999" not in rendered.html


# --- raw HTML and code ---


def test_a_mentioned_tag_is_shown_and_does_not_swallow_the_rest():
    for tag in ("<script>", "<title>", "<textarea>", "<template>", "<int>", "<path>", "<T>", "<plaintext>"):
        rendered = render_article(f"Mind the {tag} tag.\n\n## After\n\nThe end.\n")

        assert f"Mind the &lt;{tag[1:-1]}&gt; tag." in rendered.html
        assert rendered.html.endswith('<h2 id="after">After</h2>\n<p>The end.</p>\n')


def test_an_open_block_of_bare_text_does_not_swallow_the_rest():
    assert "The end." in render_article("<div>\n<script>\n\nThe end.\n").html


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('<div id="a"\nfirst\n\nnext', '&lt;div id="a"\nfirst\n<p>next</p>\n'),
        ("<div class\nfirst\n\nnext", "&lt;div class\nfirst\n<p>next</p>\n"),
        ("<div *-<b>\nfirst</b>\n\nnext", "&lt;div *-<b>\nfirst</b>\n<p>next</p>\n"),
        ('<p title="a\n\nb">', '&lt;p title="a\n<p>b"&gt;</p>\n'),
    ],
)
def test_a_tag_that_does_not_end_does_not_swallow_what_is_near_it(source, text):
    assert render_article(source).html == text


def test_tags_that_only_change_the_look_go_and_what_they_hold_stays():
    assert render_article("a <tt>b</tt> <font color=red>c</font>").html == "<p>a b c</p>\n"


def test_harmless_raw_html_stays():
    source = (
        '<details>\n<summary>More</summary>\n\n*Text* with <kbd>Ctrl</kbd> and <abbr title="x">y</abbr>.\n\n</details>'
    )

    html = render_article(source).html
    assert html == (
        "<details>\n<summary>More</summary>\n"
        '<p><em>Text</em> with <kbd>Ctrl</kbd> and <abbr title="x">y</abbr>.</p>\n</details>'
    )


# --- what is measured ---


def test_words_are_those_of_the_prose():
    rendered = render_article(
        "## Two words\n\nDon't count well-known twice.[^1]\n\n```python\nnot = these\n```\n\n[^1]: Nor these.\n"
    )

    assert rendered.words == 2 + 4
    assert rendered.code_lines == 1


def test_blank_lines_of_code_take_no_time():
    assert render_article("```\na\n\n  \nb\n```\n\n    c\n").code_lines == 3


def test_the_searched_text_holds_prose_code_alternatives_footnotes_and_raw_html():
    rendered = render_article(
        "## Head\n\nSome *prose* and `code`.\n\n```\nblock\n```\n\n![alt](/x)\n\n"
        "<p>Raw &amp; <b>html</b></p>\n\nx[^1]\n\n[^1]: Note.\n"
    )

    for part in ("Head", "Some prose and code.", "block", "alt", "Raw & html", "Note."):
        assert part in rendered.text
    assert "<" not in rendered.text


def test_raw_html_is_read_too():
    assert render_article("<p>Four words of text</p>\n").words == 4


def test_blocks_end_just_after_each_top_level_element():
    rendered = render_article(
        "Para one.\n\n## Head\n\n> Quoted para.\n\n- item\n\n"
        "| t |\n|---|\n| u |\n\n---\n\n```\ncode\n```\n\nLast & done.\n"
    )

    assert [block.tag for block in rendered.blocks] == ["p", "h2", "blockquote", "ul", "table", "hr", "pre", "p"]
    for block in rendered.blocks:
        before, after = rendered.html[: block.end], rendered.html[block.end :]
        assert before.endswith(("<hr>", f"</{block.tag}>", "</table></div>"))
        assert after.startswith("\n") or not after
    assert [block.words for block in rendered.blocks] == [2, 1, 2, 1, 2, 0, 1, 2]


def test_a_fragment_has_no_white_space_around():
    assert render_fragment("*a*\n") == "<p><em>a</em></p>"


# --- JSON-LD ---


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>", "a & b", "\u2028\u2029", '"\\'])
def test_json_ld_cannot_leave_its_element_and_means_the_same(text):
    html = json_ld({"name": text})

    inside = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&\u2028\u2029") & set(inside)
    assert json.loads(inside) == {"name": text}


# --- the reader profile ---


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("One\nline\n\nNext", "<p>One<br>\nline</p>\n<p>Next</p>"),
        ("*a* **b** # c", "<p>*a* **b** # c</p>"),
        ("# a", "<p># a</p>"),
        ("- a\n- b", "<p>- a<br>\n- b</p>"),
        ("> a", "<p>&gt; a</p>"),
        ("    a", "<p>a</p>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("[a](https://b.example)", None),
        ("a & b < c", "<p>a &amp; b &lt; c</p>"),
        ("&lt;b&gt;", "<p>&amp;lt;b&amp;gt;</p>"),
        ("", ""),
    ],
)
def test_what_a_reader_types_is_shown_as_typed(source, html):
    rendered = render_reader_text(source)

    if html is None:
        assert rendered.startswith("<p>[a](<a ")
    else:
        assert rendered == html


@pytest.mark.parametrize("address", ["http://a.example", "https://a.example/b?c=d&e=f#g", "HTTPS://A.EXAMPLE/b"])
def test_a_reader_may_link_but_not_pass_on_a_reputation(address):
    html = render_reader_text(f"See {address} there.")

    href = address.replace("&", "&amp;")
    assert f'<a href="{href}" rel="nofollow ugc noopener">{href}</a> there.' in html


@pytest.mark.parametrize(
    "text",
    [
        "//evil.example/x",
        "www.evil.example",
        "evil.com",
        "www.evil.com/x",
        "a@evil.com",
        "a@evil.example",
        "mailto:a@evil.example",
        "ftp://evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\\evil.example",
        "https:evil.example",
        "192.0.2.1",
        "file:///etc/passwd",
        "<javascript:alert(1)>",
    ],
)
def test_nothing_else_a_reader_types_becomes_a_link(text):
    assert "<a" not in render_reader_text(text)


def test_a_reader_shows_no_image():
    html = render_reader_text("![x](https://evil.example/t.gif) <img src=https://evil.example/t.gif>")

    assert "<img" not in html


@settings(derandomize=True)
@given(st.text())
def test_readers_text_never_becomes_any_other_tag(source):
    html = render_reader_text(source)

    assert set(re.findall(r"</?([a-zA-Z][\w-]*)", html)) <= {"p", "br", "a", "code"}
