"""HTML of other systems becomes Markdown that renders to the same words."""

import random
import re
from collections import Counter
from html import escape, unescape

import nh3
import pytest

from articles.importing.html import to_markdown
from articles.importing.html.parsing import readable
from publishing.text import markdown
from publishing.text.pictures import ImageInfo
from publishing.transfer.notes import Notes


def converted(html):
    return to_markdown(html, Notes()).removesuffix("\n")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One <b>two</b> <i>three</i>", "One **two** *three*"),
        ("<p>A<b> spaced </b>word", "A **spaced** word"),
        ("<p>これは<b>「これ」</b>です", "これは<strong>「これ」</strong>です"),
        ("<p><b>a</b><b>b</b>", "**ab**"),
        ("<h1>A</h1><h3>B</h3>", "# A\n\n### B"),
        ('<a href="/x">y</a>', "[y](/x)"),
        ('<a href="/x (1) y">y</a>', "[y](</x (1) y>)"),
        ("<p>H<sub>2</sub>O <kbd>Esc</kbd>", "H<sub>2</sub>O <kbd>Esc</kbd>"),
        ('<acronym title="For The Win">ftw</acronym>', '<abbr title="For The Win">ftw</abbr>'),
        ("<p>a<br>b", "a\\\nb"),
        ("<p>a<br><br>b", "a\n\nb"),
        ("<p>Tom &amp; Jerry&nbsp;x", "Tom & Jerry\xa0x"),
        ("<hr>", "---"),
        ("<blockquote><p>a<p>b</blockquote>", "> a\n>\n> b"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c"),
        ("<ol start=3><li><p>a<p>b</ol>", "3. a\n\n   b"),
        ("<ul><li>a</ul><ul><li>b</ul>", "- a\n\n* b"),
        ("<ul><li><input type=checkbox checked> a</ul>", "- [x] a"),
        ("<dl><dt>a<dd>b</dl>", "a\n: b"),
        ("<p>not <code>a`b</code>", "not ``a`b``"),
        ('<pre><code class="language-python">a = 1\n\nb</code></pre>', "```python\na = 1\n\nb\n```"),
        ("<pre>```\nx</pre>", "````\n```\nx\n````"),
        ("<details><summary>a</summary>b</details>", ":::details a\nb\n:::"),
        ('<div class="alert alert-warning">a</div>', ":::warning\na\n:::"),
        ('<figure class="wp-block-pullquote"><blockquote><p>a</blockquote></figure>', ":::pull\na\n:::"),
        ("<details><summary>a</summary><aside>b</aside></details>", "::::details a\n:::note\nb\n:::\n::::"),
        ('<p><a href="#b">up</a><h2 id=b>B</h2>', "[up](#b)\n\n## B {#b}"),
    ],
)
def test_text_becomes_markdown(html, expected):
    assert converted(html) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# 1 *x*", "\\# 1 \\*x\\*"),
        ("1. a", "1\\. a"),
        ("snake_case and 5 * 6 < 7", "snake_case and 5 * 6 < 7"),
        ("<b> [x](y) &amp;", "\\<b> [x\\](y) \\&amp;"),
        (":::note", "\\:::note"),
        ("[^1] [!NOTE]", "\\[^1] \\[!NOTE]"),
        ("Really! [sic]", "Really! [sic]"),
    ],
)
def test_text_that_would_mean_something_is_escaped_and_other_is_not(text, expected):
    assert converted(f"<p>{escape(text)}</p>") == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="a.jpg" alt="b [c]">', "![b \\[c\\]](a.jpg)"),
        ('<figure><img src="a.jpg" alt="b"><figcaption>c "d"</figcaption></figure>', '![b](a.jpg "c \\"d\\"")'),
        ('<figure><a href="/big"><img src="a.jpg"></a></figure>', "[![](a.jpg)](/big)"),
        ('<div class="wp-caption"><img src="a.jpg"><p class="wp-caption-text">c</p></div>', '![](a.jpg "c")'),
        ('<img src="s.jpg" srcset="m.jpg 300w, l.jpg 900w">', "![](l.jpg)"),
        ('<img src="data:image/gif;base64,R0" data-src="a.jpg"><noscript><img src="a.jpg"></noscript>', "![](a.jpg)"),
        ('<picture><source srcset="a.webp"><img src="a.jpg"></picture>', "![](a.jpg)"),
        ('<img src="s.jpg" data-orig-file="o.jpg">', "![](o.jpg)"),
        ('<p>a <img class="emoji" alt="😀" src="e.png">', "a 😀"),
        ('<figure><img src="1.jpg"><img src="2.jpg"></figure>', ":::gallery\n![](1.jpg)\n\n![](2.jpg)\n:::"),
        (
            '<figure><img src="a.jpg"><figcaption>By <a href="/b">B</a></figcaption></figure>',
            '<figure>\n<img src="a.jpg" alt="">\n<figcaption>By <a href="/b">B</a></figcaption>\n</figure>',
        ),
        ("<iframe src='//www.youtube.com/embed/abcdefghijk'></iframe>", "https://www.youtube.com/watch?v=abcdefghijk"),
        ('<script src="https://gist.github.com/a/b1.js"></script>', "https://gist.github.com/a/b1"),
        ('<p>a <video src="https://x.example/v.mp4"></video> b', "a\n\nhttps://x.example/v.mp4\n\nb"),
    ],
)
def test_pictures_and_players_keep_their_addresses(html, expected):
    assert converted(html) == expected


NUMBER = '<sup><a id="{ref}" href="#{note}">1</a></sup>'


@pytest.mark.parametrize(
    "html",
    [
        '<p>a<sup id="fnref:1"><a href="#fn:1" class="footnote-ref">1</a></sup></p><div class="footnotes"><hr><ol>'
        '<li id="fn:1"><p>Note <a href="#fnref:1">↩</a></ol></div>',
        '<p>a<sup data-fn="f" class="fn"><a href="#f" id="f-link">1</a></sup></p><ol class="wp-block-footnotes">'
        '<li id="f">Note <a href="#f-link">↩︎</a></ol>',
        '<p>a<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a></p><div class="footnote">'
        '<a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a><div><p>Note</div></div>',
        '<p>a<a href="#_ftn1" name="_ftnref1">[1]</a></p><p><a href="#_ftnref1" name="_ftn1">[1]</a> Note</p>',
    ],
)
def test_footnotes_of_each_form_are_footnotes(html):
    assert converted(html) == "a[^1]\n\n[^1]: Note"


def test_a_table_is_markdown_if_that_can_hold_it_and_else_html():
    rows = '<tr><th>a|b<th align="right">c<tr><td>1<td>2<br>3'
    assert converted(f"<table>{rows}</table>") == "| a\\|b | c |\n| --- | ---: |\n| 1 | 2<br>3 |"
    html = converted("<table><tr><td colspan=2>a<ul><li>b</ul><td><pre>c\n\nd</pre></table>")
    assert '<td colspan="2">a<ul><li>b</li></ul></td>' in html
    assert "\n\n" not in html


def test_what_is_left_out_is_named():
    notes = Notes()
    html = '<p>a<script src="https://ads.example/x.js"></script><style>p{}</style><form><input name=b>Subscribe</form>'
    assert to_markdown(html, notes) == "a\n"
    assert [note.is_loss for note in notes] == [True, True]
    assert "ads.example" in notes[0].text


def test_the_picture_before_a_video_is_named():
    notes = Notes()
    assert to_markdown('<video poster="/p.jpg" src="https://x.example/v.mp4"></video>', notes) == (
        "https://x.example/v.mp4\n"
    )
    assert "/p.jpg" in notes[0].text


@pytest.mark.parametrize(
    "html",
    ["<div>" * 10_000 + "word", "<blockquote><ul><li><table><tr><td><b>" * 2000 + "word", "<b>" * 10_000 + "word"],
)
def test_what_is_nested_too_deep_keeps_its_text_and_is_told(html):
    notes = Notes()
    assert "word" in to_markdown(html, notes)
    assert "nested" in notes[0].text


@pytest.mark.parametrize("start", ["<script>", "<iframe src='/x'>", "<!--", "<textarea>", "<title>", "<a href='"])
def test_what_is_not_closed_swallows_nothing(start):
    assert "word" in to_markdown(f"<p>a</p>{start}\n<p>word</p>", Notes()) or start.startswith("<a")


@pytest.mark.parametrize("start", ["<a ", "<a x='", "<!--", "<![CDATA[", "</", "<?"])
def test_many_tags_without_an_end_are_text(start):
    """Python's parser looks for the end of each in the rest of the page."""
    html = readable(start * 1000 + "<p>word</p>")
    assert html.count("<") == len(["<p>", "</p>"])
    assert html.endswith("<p>word</p>")


def test_a_page_with_a_sign_in_an_attribute_stays_as_it_is():
    assert readable('<a title="a < b">c</a><!-- <b> -->') == '<a title="a < b">c</a><!-- <b> -->'


# --- any HTML ---

WORDS = "alpha x_y _z_ * **q** 1. 2) # ## - + > | ` `` [a] (b) [c](d) ::: ~~ ~ \\ <b> &amp; & ! [^1] \xa0 —".split()  # noqa: SIM905
WORDS += '... [!NOTE] [ ] = === --- 日本 。 : {#id} . , ]: :::note "q"'.split()  # noqa: SIM905
LINES = "b i em strong a code s del sup kbd mark span abbr cite".split()  # noqa: SIM905
BLOCKS = "p p p div blockquote ul ol h2 pre table details figure dl".split()  # noqa: SIM905


def text(some):
    words = " ".join(some.choice(WORDS) for _ in range(some.randint(1, 4)))
    return escape(words) + some.choice(["", " ", "\n", "<br>"])


def line(some, depth=0):
    parts = []
    for _ in range(some.randint(1, 3)):
        name = some.choice(LINES)
        inner = text(some) if depth > 1 or some.random() < 0.6 else line(some, depth + 1)
        parts.append(inner if some.random() < 0.5 else f"<{name} href='/u'>{inner}</{name}>")
    return "".join(parts)


def blocks(some, depth=0):
    return "".join(block(some, depth) for _ in range(some.randint(1, 3)))


def block(some, depth):
    name = some.choice(BLOCKS) if depth < 3 else "p"
    if name in ("p", "h2", "pre"):
        return f"<{name}>{line(some) if name != 'pre' else text(some)}</{name}>"
    if name == "table":
        return f"<table><tr><th>{line(some)}<th>{line(some)}<tr><td>{line(some)}<td>{blocks(some, depth + 2)}</table>"
    inner = blocks(some, depth + 1)
    around = {
        "ul": f"<li>{inner}</li><li>{line(some)}</li>",
        "ol": f"<li>{line(some)}{inner}</li>",
        "dl": f"<dt>{line(some)}</dt><dd>{inner}</dd>",
        "details": f"<summary>{line(some)}</summary>{inner}",
        "figure": f"<img src='a.jpg'><figcaption>{line(some)}</figcaption>",
    }
    return f"<{name}>{around.get(name, inner)}</{name}>"


SHOWN = set("p div section br li ul ol dl dt dd h2 pre table tr td th thead tbody blockquote details summary figure "  # noqa: SIM905
            "figcaption".split())  # fmt: skip


def words(html):
    """As they are read, whatever their typography."""
    plain = re.sub(r"<[^>]*>", " ", nh3.clean(html, tags=SHOWN))
    return Counter(re.sub(r"[“”\"‘’'…—–\-.]+", "", unescape(plain)).split())


@pytest.mark.parametrize("seed", range(40))
def test_any_html_keeps_its_words(seed):
    html = blocks(random.Random(seed))  # noqa: S311
    source = to_markdown(html, Notes())
    rendered = markdown.render_article(source, resolve_image=lambda address: ImageInfo(address, 1, 1)).html
    assert words(rendered.replace("<summary>Details</summary>", "")) == words(html), source
