"""Quotes, apostrophes, dashes and ellipses as a printer sets them, whatever keys they were typed with."""

import re
import time
from html import unescape

import pytest
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.text.markdown import render_article, render_line, render_reader_text
from publishing.text.typography import straight, typeset

PROSE = [
    ("\"Quotes\" and it's 'so'", "“Quotes” and it’s ‘so’"),
    ("She said \"he said 'no'\".", "She said “he said ‘no’”."),
    ("The '90s, rock 'n' roll, 'tis the dogs' turn", "The ’90s, rock ’n’ roll, ’tis the dogs’ turn"),
    ("the '90s' and '20' quoted", "the ‘90s’ and ‘20’ quoted"),
    ("a -- b, 1--5, a---b --- c", "a\u00a0– b, 1–5, a—b\u00a0— c"),
    ("wait... so", "wait… so"),
    ('("a") ["b"] "(c)"', "(“a”) [“b”] “(c)”"),
    ('"The first of several paragraphs', "“The first of several paragraphs"),
    ("“Typed” ‘so’ – and … kept", "“Typed” ‘so’ – and … kept"),
]
AS_TYPED = ["(c) (r) (tm) +-", "cd .. and ../x and .../x", "--force", "git commit --amend", "a --> b", "a...."]


@pytest.mark.parametrize(("source", "text"), PROSE)
def test_prose_is_typeset_in_articles_lines_and_titles(source, text):
    assert unescape(render_article(source).html) == f"<p>{text}</p>\n"
    assert unescape(render_line(source)) == text
    assert typeset(source) == text


@pytest.mark.parametrize("source", AS_TYPED)
def test_what_programmers_write_in_prose_stays(source):
    assert unescape(render_article(source).html) == f"<p>{source}</p>\n"
    assert typeset(source) == source


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ('`a -- "b"` it\'s', '<code>a -- "b"</code> it’s'),
        ("<code>'a'...</code> 'b'", "<code>'a'...</code> ‘b’"),
        ("<kbd>'</kbd>", "<kbd>'</kbd>"),
        (
            '<https://a.example/it\'s--x> "y"',
            "<a href=\"https://a.example/it's--x\">https://a.example/it's--x</a> “y”",
        ),
        ("[it's](https://a.example/it's--x)", '<a href="https://a.example/it\'s--x">it’s</a>'),
        (
            "https://a.example/a--b...c -- d",
            '<a href="https://a.example/a--b...c">https://a.example/a--b...c</a>&nbsp;– d',
        ),
        ('\\"straight\\" \\-- x', '"straight" -- x'),
        ("*a*--b `c`--d\n--flag", "<em>a</em>–b <code>c</code>–d\n--flag"),
        ("\"A *quoted 'word'*,\" she said", "“A <em>quoted ‘word’</em>,” she said"),
    ],
)
def test_code_addresses_and_what_is_escaped_stay(source, html):
    assert render_article(source).html == f"<p>{html}</p>\n"


def test_blocks_of_code_stay_and_raw_html_too():
    source = '```\n"a" -- it\'s...\n```\n\n<div title="it\'s -- x">it\'s</div>\n'

    assert render_article(source).html == (
        '<pre tabindex="0"><code>"a" -- it\'s...\n</code></pre>\n<div title="it\'s -- x">it\'s</div>\n'
    )


def test_headings_cells_footnotes_boxes_and_quotations_are_typeset():
    source = "## It's a `'`\n\n| \"a\" |\n|---|\n| it's |\n\n> it's\n\n:::note It's a box\nIt's[^1]\n:::\n\n"
    source += "[^1]: It's a note.\n"
    rendered = render_article(source)

    assert rendered.html.count("t’s") == 6 and "t's" not in rendered.html and "“a”" in rendered.html
    assert rendered.contents == [{"level": 2, "id": "its-a", "text": "It’s a '"}]


def test_the_searched_text_and_the_ids_of_headings_are_those_of_the_source():
    typed, curly = render_article("## Don't--stop\n\nIt's \"so\"."), render_article("## Don’t–stop\n\nIt’s “so”.")

    assert typed.text == curly.text == "Don't--stop\nIt's \"so\"."
    assert typed.contents[0]["id"] == curly.contents[0]["id"]
    known = [{"level": 2, "id": "kept", "text": "Don't--stop"}]
    assert render_article("## Don't--stop", known_headings=known).contents[0]["id"] == "kept"


def test_another_language_has_its_quotes():
    assert render_article("\"Das ist 'so'\"", language="de").html == "<p>„Das ist ‚so‘“</p>\n"
    assert typeset('"Oui"', "fr") == "«\u202fOui\u202f»"
    assert typeset('"x"', "tlh") == "“x”"


def test_readers_text_stays_as_they_typed_it():
    assert render_reader_text('"x" -- it\'s...') == '<p>"x" -- it\'s...</p>'


def test_the_filter_of_templates_typesets_and_still_escapes():
    html = Template("{{ title|typeset }}").render(Context({"title": 'It\'s <b> & "x"'}))

    assert html == "It’s &lt;b&gt; &amp; “x”"


LETTERS = st.text(alphabet="ab'\"-. <>(`*\n", max_size=40)


@settings(derandomize=True, deadline=None)
@given(LETTERS)
def test_only_punctuation_changes_and_never_twice(text):
    once = typeset(text)

    assert straight(once) == straight(text)
    assert re.sub(r"\W", "", once) == re.sub(r"\W", "", text)


PIECES = ['"', "'", "\"'", '("x ', "('a\") ", "it's ", "--", "a--b ", "...", "'n", '*"a*', "https://", '"a\n\n']


@pytest.mark.parametrize("piece", PIECES)
def test_typesetting_takes_time_in_proportion_to_the_text(piece):
    def seconds(length):
        source = (piece * length)[:length]
        started = time.thread_time()
        typeset.__wrapped__(source)
        return time.thread_time() - started

    grown = []
    while not grown or (min(grown) > 2.2 * 16 and len(grown) < 3):
        grown.append(seconds(200_000) / max(0.002, seconds(12_500), seconds(12_500)))
    assert min(grown) < 2.2 * 16
