"""Quotes, apostrophes, dashes and ellipses as a printer sets them, whatever keys they were typed with."""

import re
from html import unescape

import pytest
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.tests.growth import MOST_GROWTH, growth, repeated
from publishing.text.markdown import render_article, render_line, render_reader_text
from publishing.text.typography import _typeset_line, straight, typeset

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


LANGUAGES = {
    "en": "“a ‘b’”", "en-GB": "“a ‘b’”", "de": "„a ‚b‘“", "de-AT": "„a ‚b‘“", "de-CH": "«a ‹b›»",
    "fr": "«\u202fa “b”\u202f»", "fr-CH": "«a ‹b›»", "es": "“a ‘b’”", "es-MX": "“a ‘b’”", "it": "“a ‘b’”",
    "pt-BR": "“a ‘b’”", "pt-PT": "«a “b”»", "pl": "„a «b»”", "nl": "“a ‘b’”", "sv": "”a ’b’”", "da": "“a ‘b’”",
    "nb": "«a ‘b’»", "fi": "”a ’b’”", "cs": "„a ‚b‘“", "hu": "„a »b«”", "ro": "„a «b»”", "ru": "«a „b“»",
    "uk": "«a „b“»", "el": "«a “b”»", "he": "”a ’b’”", "ar": "”a ’b‘“", "fa": "«a ‹b›»", "tr": "“a ‘b’”",
    "zh-Hant-TW": "「a 'b'」", "ja": "「a 'b'」", "tlh": "“a ‘b’”",
}  # fmt: skip


def test_each_language_has_its_quotes():
    assert {language: typeset("\"a 'b'\"", language) for language in LANGUAGES} == LANGUAGES
    html = {language: unescape(render_article("\"a 'b'\"", language=language).html) for language in LANGUAGES}
    assert html == {language: f"<p>{text}</p>\n" for language, text in LANGUAGES.items()}


def test_quotes_of_languages_without_spaces_open_and_close_in_turn():
    assert typeset('これは"重要"です。Don\'t "x y".', "ja") == "これは「重要」です。Don’t 「x y」."
    assert typeset('이것은 "중요"라고', "ko") == "이것은 “중요”라고"
    assert typeset('5" 和 "x"', "zh") == '5" 和 "x"', "one of them is none"
    assert render_article('*"重要"*`"x"` "y"', language="zh").html == ('<p><em>“重要”</em><code>"x"</code> “y”</p>\n')


def test_french_spaces_before_signs_do_not_break():
    assert typeset("Quoi ? Oui ! Donc ; et : voilà", "fr") == "Quoi\u202f? Oui\u202f! Donc\u202f; et\u00a0: voilà"
    assert typeset("« Oui » à 10:30, http://a.example/?b", "fr") == "«\u202fOui\u202f» à 10:30, http://a.example/?b"
    assert typeset("Quoi ? ", "en") == "Quoi ? "
    assert straight(typeset("« Oui » ?", "fr")) == straight("« Oui » ?") == '"Oui" ?'


def test_without_a_language_quotes_are_those_of_the_site(settings):
    settings.LANGUAGE_CODE = "de"

    assert typeset('"x"') == "„x“"
    assert render_article('"x"').html == "<p>„x“</p>\n"


def test_readers_text_stays_as_they_typed_it():
    assert render_reader_text('"x" -- it\'s...') == '<p>"x" -- it\'s...</p>'


def test_the_filter_of_templates_typesets_and_still_escapes():
    html = Template("{{ title|typeset }}").render(Context({"title": 'It\'s <b> & "x"'}))

    assert html == "It’s &lt;b&gt; &amp; “x”"
    assert Template("{{ title|typeset:'de' }}").render(Context({"title": '"x"'})) == "„x“"


LETTERS = st.text(alphabet="ab'\"-. <>(`*\n", max_size=40)


@settings(derandomize=True)
@given(LETTERS)
def test_only_punctuation_changes_and_never_twice(text):
    once = typeset(text)

    assert straight(once) == straight(text)
    assert re.sub(r"\W", "", once) == re.sub(r"\W", "", text)


PIECES = ['"', "'", "\"'", '("x ', "('a\") ", "it's ", "--", "a--b ", "...", "'n", '*"a*', "https://", '"a\n\n']


@pytest.mark.parametrize("piece", PIECES)
def test_typesetting_takes_time_in_proportion_to_the_text(piece):
    def typeset_line(text):
        _typeset_line.__wrapped__(text, "en")

    assert growth(typeset_line, repeated(piece), 12_500, 16) < MOST_GROWTH * 16
