"""Rendering takes time in proportion to the text, whatever the text is: CPU time at two lengths, and only its ratio."""

import pytest
from django.core.exceptions import ValidationError

from publishing.tests.growth import MOST_GROWTH, growth, repeated
from publishing.tests.text.test_markdown_hostile import assert_safe
from publishing.text import markdown_limits
from publishing.text.markdown import render_article, render_reader_text
from publishing.text.markdown_limits import MOST_EFFORT, effort, validate_effort

SHAPES = {
    "task items": repeated("- [ ] a\n"),
    "task items with space": repeated("- [x] a\n\n"),
    "rows": lambda length: "|a|b|\n|-|-|\n" + "|a|b|\n" * (length // 6),
    "short rows": lambda length: "|a|b|c|\n|-|-|-|\n" + "|\n" * (length // 2),
    "rows that may be a table": repeated("a|b\n"),
    "many small tables": repeated("|a|b|\n|-|-|\n|\n\n"),
    "list items": repeated("- a\n"),
    "three kinds of list": repeated("- a\n+ a\n* a\n"),
    "lists in one line": repeated("- "),
    "quotes": repeated("> a\n"),
    "quotes in one line": repeated(">"),
    "lazy quotes": lambda length: ">" * (length // 2) + "a\n" + "a\n" * (length // 4),
    "boxes": repeated(":::note\na\n:::\n"),
    "open boxes": repeated(":::note\n"),
    "open boxes of every length": lambda length: "".join(":" * (3 + n % 40) + "note\n" for n in range(length // 25)),
    "open boxes in lists": repeated("- :::note\n"),
    "open boxes in quotes": repeated("> :::note\n\n"),
    "alerts": repeated("> [!NOTE]\n> a\n\n"),
    "nested alerts": repeated("> [!NOTE]\n>"),
    "addresses alone": repeated("https://a.example\n\n"),
    "nested lists": lambda length: "\n".join("  " * depth + "- x" for depth in range(int(length**0.5))),
    "brackets": repeated("["),
    "brackets closed": lambda length: "[" * (length // 2) + "]" * (length // 2),
    "images": repeated("!["),
    "links": repeated("[a](b)"),
    "open links": repeated("[a](<"),
    "link titles": repeated('[a](b "'),
    "references": lambda length: "[a]: b\n\n" + "[a]" * (length // 3),
    "definitions": lambda length: "".join(f"[a{number}]: b\n" for number in range(length // 12)),
    "one open title": lambda length: '[a]: b "' + "x\n" * (length // 2),
    "one open label": lambda length: "[" + "a\n" * (length // 2),
    "stars": repeated("*"),
    "stars and lines": repeated("*_"),
    "open emphasis": repeated("*a **a "),
    "open emphasis of three kinds": repeated("*a _b ~~c "),
    "emphasis closed late": lambda length: "*a " * (length // 6) + "a* " * (length // 6),
    "strong inside words": repeated("a**b"),
    "strikes": repeated("~~a "),
    "strikes of two kinds": repeated("~~a ~b "),
    "lowered and raised": repeated("a~b^c"),
    "lowered and raised, closed late": lambda length: "a~b^" * (length // 8) + "c^~" * (length // 6),
    "marks": repeated("==a "),
    "marks closed late": lambda length: "==a " * (length // 8) + "a== " * (length // 8),
    "tildes": repeated("~"),
    "carets": repeated("^"),
    "carets and words": repeated("^a"),
    "equals signs": repeated("= "),
    "formulas": repeated("$a$ "),
    "formulas that cannot be read": repeated("$\\a{$ "),
    "open formulas": repeated("$a "),
    "open formulas in lines": repeated("$$a\n"),
    "open formulas in paragraphs": repeated("$$a\n\n"),
    "open formulas in quotations": repeated("> $$\n\n"),
    "formulas of GitHub": repeated("$`a "),
    "dollars": repeated("$"),
    "pairs of dollars": repeated("$$ "),
    "dollars behind backslashes": lambda length: "$a" + "\\$" * (length // 2),
    "dollars behind backslashes in lines": repeated("$$a\\$$\n"),
    "dollars in pictures": repeated("![$a](b)$c "),
    "one formula": lambda length: "$$\n" + "x + " * (length // 4) + "\n$$",
    "one formula of braces": lambda length: "$" + "{" * (length // 2) + "}" * (length // 2) + "$",
    "blocks of formulas": repeated("$$\na^2\n$$\n\n"),
    "nested formulas": repeated("$\\sqrt{x^{$ "),
    "open MathML": repeated("a<math>"),
    "MathML that closes late": lambda length: "a<math><mi>" * (length // 12) + "</math>",
    "MathML": repeated("a <math><mi>x</mi></math> "),
    "blocks of MathML": repeated("<math>\n"),
    "annotations of MathML": lambda length: "a <math>" + "<annotation>" * (length // 12) + "</math>",
    "code in math": repeated("```math\nx\n```\n"),
    "equals signs of every length": lambda length: "".join("=" * n + " " for n in range(int((2 * length) ** 0.5))),
    "backticks": repeated("``a`"),
    "backticks of every length": lambda length: "".join("`" * n + " " for n in range(int((2 * length) ** 0.5))),
    "angles": repeated("<"),
    "open tags": repeated("<a "),
    "one tag of many attributes": lambda length: "a<a " + "b " * (length // 2),
    "comments": repeated("<!--"),
    "comments in a line": repeated("a<!--"),
    "blocks": repeated("<div>\n"),
    "blocks in a line": repeated("<div>"),
    "nested items": repeated("<ul><li>"),
    "nested tables": repeated("<table><tr><td>"),
    "open bold": repeated("<b>"),
    "open bold of many languages": lambda length: "".join(f"<b lang=a{n}>a\n\n" for n in range(length // 13)),
    "bold across paragraphs": repeated("<b></p>"),
    "links across paragraphs": repeated("<a><p></a>"),
    "nested details": repeated("<details>"),
    "scripts": repeated("a<script>"),
    "preformatted": repeated("<pre>\n\n"),
    "terms and definitions": repeated("a\n: b\n"),
    "definitions in quotations": repeated("> a\n> : b\n"),
    "open quotes": repeated("(\"a 'b "),
    "entities": repeated("&amp;"),
    "escapes": repeated("\\"),
    "headings of one name": repeated("# a\n"),
    "headings that end in numbers": lambda length: "".join(f"# a{' 2' * (n % 9)}\n" for n in range(length // 9)),
    "underlined headings": repeated("a\n=\n"),
    "one long heading": lambda length: "a\n" * (length // 2) + "=",
    "open footnotes": repeated("[^"),
    "one footnote": lambda length: "[^a]" * (length // 4) + "\n\n[^a]: x",
    "footnotes": lambda length: (
        "".join(f"[^{n}]" for n in range(length // 24)) + "".join(f"\n\n[^{n}]: x" for n in range(length // 24))
    ),
    "footnotes of footnotes": lambda length: (
        "[^0]\n\n" + "".join(f"[^{n}]: [^{n + 1}]\n\n" for n in range(length // 16))
    ),
    "footnotes in a line": repeated("^[a]"),
    "fences": repeated("```\n"),
    "indented code": repeated("    a\n\n"),
    "rules": repeated("---\n"),
    "paragraphs": repeated("a\n\n"),
    "lines": repeated("a\n"),
    "blank lines": repeated("\n"),
    "spaces": repeated(" "),
    "one word": repeated("a"),
    "hyphens": repeated("a-"),
    "hard breaks": repeated("a  \n"),
    "addresses": repeated("<http://a>"),
    "one address": lambda length: "<http://" + "a" * length,
    "addresses of mail": repeated("<a@b"),
    "bare addresses": repeated("http://"),
    "bare addresses closed": lambda length: "http://a.example/" + "(" * (length // 2) + ")" * (length // 2),
    "bare addresses of many dots": lambda length: "http://" + "a." * (length // 2),
    "bare addresses without a scheme": repeated("www.a."),
    "colons": repeated("a:"),
    "at signs": repeated("a@b."),
    "open values": lambda length: "<p>" + '<p a="' * (length // 6) + ">",
    "headings that give one id": repeated("# a {#b}\n"),
    "braces in headings": repeated("# {#b} {#b\n"),
}
READERS_SHAPES = {
    "links": repeated("http://a.example/ "),
    "slashes": repeated("http://"),
    "one address": lambda length: "http://a.example/" + "a" * length,
    "brackets in an address": lambda length: "http://a.example/" + "(" * length,
    "dots": lambda length: "http://" + "a." * (length // 2),
    "colons": repeated("http:"),
    "at signs": repeated("a@"),
    "backticks": repeated("``a`"),
    "backticks of every length": lambda length: "".join("`" * n + " " for n in range(int((2 * length) ** 0.5))),
    "lines": repeated("a\n"),
    "spaces": repeated(" "),
}


@pytest.mark.parametrize("name", SHAPES)
def test_an_article_takes_time_in_proportion_to_its_length(name):
    assert growth(render_article, SHAPES[name], 1000, 16) < MOST_GROWTH * 16


@pytest.mark.parametrize("name", ["blocks", "blocks in a line", "nested items", "nested details", "open bold"])
def test_nested_html_takes_time_in_proportion_to_its_length(name):
    """Of long texts: the square has a small share in the time."""
    assert growth(render_article, SHAPES[name], 6000, 16) < MOST_GROWTH * 16


@pytest.mark.parametrize("name", READERS_SHAPES)
def test_a_readers_text_takes_time_in_proportion_to_its_length(name):
    assert growth(render_reader_text, READERS_SHAPES[name], 500, 32) < MOST_GROWTH * 32


def test_rows_that_leave_their_cells_out_stop_being_a_table():
    table = "|" + "a|" * 200 + "\n|" + "-|" * 200 + "\n" + "|\n" * 500 + "\n"
    html = render_article(table * 20).html

    assert html.count("<td>") < 3 * markdown_limits.EMPTY_CELLS
    assert_safe(html)


def test_html_nests_to_a_depth_and_is_shown_beyond():
    html = render_article("<div>" * 40 + "x" + "</div>" * 40 + "\n\n<ul>" + "<li>a" * 100 + "</ul>").html

    assert html.count("<div>") == markdown_limits.HTML_DEPTH
    assert html.count("&lt;div&gt;") == 40 - markdown_limits.HTML_DEPTH
    assert html.count("<li>") == 100, "what ends by itself does not nest"
    deep = render_article("".join(f"<b lang=a{number}>" for number in range(50)) + "\n\na" * 100).html
    assert deep.count("<b ") <= (markdown_limits.TEXT_DEPTH + 1) * 102


# --- what is refused for its effort ---


def test_a_text_of_too_much_effort_is_refused_with_words_and_shown_as_it_was_typed():
    source = "- [ ] <b>a</b>\n" * (MOST_EFFORT // 6)
    with pytest.raises(ValidationError, match="Split it into several"):
        validate_effort(source)

    html = render_article(source).html
    assert html.startswith('<pre tabindex="0"><code>- [ ] &lt;b&gt;a')


@pytest.mark.parametrize(
    "unit", ["word " * 12 + "\n", "A sentence with *stress* and a [link](https://a.example/b/).\n\n"]
)
def test_long_prose_is_no_effort(unit):
    assert effort(unit * (500_000 // len(unit))) < MOST_EFFORT
    validate_effort(unit * (500_000 // len(unit)))


def test_line_ends_of_any_kind_are_the_same_effort():
    assert effort("a\rb\r") == effort("a\r\nb\r\n") == effort("a\nb\n")
