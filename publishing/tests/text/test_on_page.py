import re

from publishing.text.blocks.on_page import has_blocks
from publishing.text.markdown import interleave, page_parts, render_article, stored
from publishing.text.pictures import ImageInfo

NOTES = """
A text[^a] with two notes.[^b] And the first again.[^a]

## Heading

- An item[^c]

[^a]: One `note` with [a link](/x).
[^b]: Another.

    In two paragraphs.
[^c]: Last.
"""


def on_page(source):
    html = stored(render_article(source).html)
    return interleave(html, page_parts(html))


def side_notes(html):
    """Each with the tag that follows it."""
    return re.findall(r'<aside class="side" role="note">(.*?)</aside>(?=(<\w+))', html, re.DOTALL)


def test_each_footnote_is_also_beside_the_block_that_first_refers_to_it():
    html = on_page(NOTES)

    assert side_notes(html) == [
        ('<p><b>1</b> One <code>note</code> with <a href="/x">a link</a>.</p>\n', "<aside"),
        ("<p><b>2</b> Another.</p>\n<p>In two paragraphs.</p>\n", "<p"),
        ("<p><b>3</b> Last.</p>\n", "<ul"),
    ]
    assert '<li id="fn1" class="footnote-item">' in html
    assert html.index("<b>3</b>") > html.index("</h2>")


def test_a_text_has_no_side_notes_if_one_of_them_does_not_fit_a_margin():
    for note in (
        "word " * 200,
        "A list:\n\n    - one",
        "With a note.[^b]\n\n[^b]: In it.",
        "Code:\n\n    ```\n    x\n    ```",
    ):
        assert "side" not in on_page(f"Text.[^a] More.[^c]\n\n[^a]: {note}\n[^c]: Short.")


def test_a_picture_of_a_figure_leads_to_its_file_if_it_has_words_and_no_link():
    def resolve(source):
        return ImageInfo("/media/a.webp", 640, 480) if source == "/media/a.webp" else None

    def page_of(source):
        html = stored(render_article(source, resolve).html)
        return interleave(html, page_parts(html))

    picture = '<img src="/media/a.webp" alt="A cat" width="640" height="480" loading="lazy" decoding="async">'
    assert f'<figure><a class="zoom" href="/media/a.webp">{picture}</a></figure>' in page_of("![A cat](/media/a.webp)")
    for source in ("![](/media/a.webp)", "[![A cat](/media/a.webp)](/x)", "See ![A cat](/media/a.webp)."):
        assert "zoom" not in page_of(source)


def test_a_text_about_footnotes_has_none():
    html = on_page('<section class="footnotes">Not these.</section>\n\n`id="fnref1"` and <li id="fn1">')

    assert "side" not in html


def test_without_notes_and_pictures_nothing_is_added():
    html = stored(render_article("One.\n\n> Two.").html)

    assert page_parts(html) == []


def test_each_heading_with_an_id_has_a_link_to_it_that_says_where_it_leads():
    source = "## It's `x` & *y*\n\nText.\n\n### Text\n\n<h2>Raw</h2>\n\n> ## In a quotation\n"
    html = on_page(source)

    assert re.findall(r'</?\w+><a class="away anchor" href="#([^"]*)" aria-label="([^"]*)">#</a></h[23]>', html) == [
        ("its-x-y", "Link to “It’s x &amp; y”"),
    ]
    assert re.findall(r'<a class="away anchor" href="#([^"]*)"', html) == ["its-x-y", "text", "in-a-quotation"]
    assert "#</a>" not in render_article(source).html


def test_the_first_words_of_a_text_are_marked():
    html = on_page("A web framework is the code that somebody else wrote between the socket and your function.")

    assert html.startswith('<p><span class="lead-in">A web framework is the</span> code that')


def test_an_opening_that_is_short_or_has_other_elements_is_left_alone():
    for source in (
        "A short paragraph of a few words.",
        "## A heading first\n\nA web framework is the code that somebody else wrote between the socket and you.",
        "*A* web framework is the code that somebody else wrote between the socket and your function.",
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen und noch viel mehr Text als dieses eine Wort.",
        "日本語の文章は空白がないので、" * 10,
    ):
        assert "lead-in" not in on_page(source)


# What blocks.css is for, in Markdown.
BLOCKS = [
    ":::tip\nA\n:::", "> [!NOTE]\n> A", ":::details A\nB\n:::", ":::pull\nA\n:::", ":::gallery\n![A](/a.png)\n:::",
    ":::wide\n![A](/a.png)\n:::", "- [x] A", "A\n: B", "==A==", "$a^2$", "$$a$$", "<kbd>A</kbd>",
    "```diff\n-A\n+B\n```",
]  # fmt: skip
PLAIN = """
# A

B *c* **d** `e` [f](/g)[^h]

- i

1. j

> k

---

```py
l = 1
```

| m |
| - |
| n |

[^h]: o
"""


def test_a_text_has_the_style_sheet_of_blocks_if_it_has_one():
    assert [source for source in BLOCKS if not has_blocks(render_article(source).html)] == []
    assert not has_blocks(on_page(PLAIN))
    assert all(map(has_blocks, ('<div class="box bookmark">', '<audio src="/a.mp3">', '<video src="/a.mp4">')))
