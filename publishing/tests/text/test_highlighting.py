"""Colours of code: by class, escaped, and only where the language is known."""

import re
from html import unescape

import pytest

from publishing.tests.growth import MOST_GROWTH, growth, repeated
from publishing.text.highlighting import LANGUAGES, highlight, lexer_of
from publishing.text.markdown import render_article


def test_code_is_coloured_by_class():
    html = highlight('@cached\ndef price(n):\n    return "€" + 12  # why\n', "python")

    runs = [(name, text.strip()) for name, text in re.findall(r'<span class="(\w)">([^<]*)</span>', html)]
    assert runs == [
        ("f", "@cached"),
        ("k", "def"),
        ("f", "price"),
        ("k", "return"),
        ("s", '"€"'),
        ("d", "12"),
        ("n", "# why"),
    ]
    assert "style" not in html


@pytest.mark.parametrize("language", ["python", "html", "js", "css", "json", "sql", "bash", "rust", "diff", "console"])
def test_the_code_itself_stays_as_it_was(language):
    code = "\n\n  if a < b && c > 'd\" :\n\t</code><script>x</script>\n# é €\n\n"

    assert unescape(re.sub(r"</?span[^>]*>", "", highlight(code, language))) == code


@pytest.mark.parametrize("language", ["", "no-such-language", '"><img', "../x", "python;", "\x00"])
def test_an_unknown_language_stays_plain_and_escaped(language):
    assert highlight("<b> & 'c'", language) == "&lt;b&gt; &amp; 'c'"


@pytest.mark.parametrize(
    ("info", "label"),
    [
        ("python", "Python"),
        ("Python", "Python"),
        ("py {1}", "Python"),
        ("python{1}", "Python"),
        ('python title="tiny.py"', "tiny.py · Python"),
        ("python title=src/tiny.py {1, 3-4}", "src/tiny.py · Python"),
        ("python tiny.py", "tiny.py · Python"),
        ("tiny.py", "tiny.py · Python"),
        ("title='tiny.py'", "tiny.py · Python"),
        ("python title='<b>\"x'", '<b>"x · Python'),
    ],
)
def test_the_fence_names_language_and_file_for_eyes_and_ears(info, label):
    html = render_article(f"```{info}\ndef a(): pass\n```").html

    assert '<span class="k">def' in html
    assert unescape(re.search(r'<pre tabindex="0" role="group" aria-label="([^"]*)"><code>', html)[1]) == unescape(
        label
    )
    assert label not in re.sub(r"<[^>]*>", "", html), "copied with the code"


@pytest.mark.parametrize("info", ["", "text", "mermaid", "{1}", "no-such-language and more"])
def test_code_of_no_known_language_has_no_label(info):
    assert "aria-label" not in render_article(f"```{info}\nx\n```").html


def test_a_file_without_a_language_is_named():
    assert 'aria-label="notes.txt"' in render_article("```text notes.txt\nx\n```").html


@pytest.mark.parametrize(
    ("marks", "marked"),
    [("{2}", [2]), ("{1,3-4}", [1, 3, 4]), ("{ 2 - 3 }", [2, 3]), ("{0,9}", []), ("{4-2}", []), ("{x}", []), ("", [])],
)
def test_lines_are_marked(marks, marked):
    html = render_article(f'```python {marks}\na = 1\nb = """two\nlines"""\n\n```').html
    lines = html.split("<code>")[1].split("</code>")[0].split("\n")

    assert [number for number, line in enumerate(lines, 1) if re.fullmatch("<mark>.*</mark>", line)] == marked
    assert not marked or all(line.count("<span") == line.count("</span>") for line in lines)
    assert [unescape(re.sub("<[^>]*>", "", line)) for line in lines] == ["a = 1", 'b = """two', 'lines"""', "", ""]


def test_lines_of_a_diff_are_told_apart_by_their_element():
    html = highlight("--- a\n+++ b\n@@ -1 +1 @@\n-x < 1\n+y\n z\n", "diff")

    assert html == ('--- a\n+++ b\n<span class="n">@@ -1 +1 @@</span>\n<del>-x &lt; 1</del>\n<ins>+y</ins>\n z\n')


def test_a_fence_takes_time_in_proportion_to_its_line():
    info = "title='" * 20_000 + "{1-" * 20_000 + "{" + "1-9," * 50_000 + "}"

    assert render_article(f"```{info}\nx\n```").html.endswith("x\n</code></pre>\n")


def test_code_can_be_scrolled_by_keyboard():
    assert render_article("```\na\n```").html == '<pre tabindex="0"><code>a\n</code></pre>\n'


def test_every_language_that_is_named_has_a_lexer():
    assert [name for name in LANGUAGES if lexer_of(name) is None] == []


@pytest.mark.parametrize("language", ["csharp", "terraform", "brainfuck"])
def test_a_language_whose_lexer_was_not_tried_or_takes_too_long_stays_plain(language):
    assert highlight("class A { }", language) == "class A { }"


@pytest.mark.parametrize(
    "code", ["x = 1\n" * 2000, "x = 1" + "\n" * 101, "x = 1" + " " * 101, "x = 1\n" + " \n" * 60, "a." * 250]
)
def test_long_code_and_what_is_unlike_code_stays_plain(code):
    assert highlight(code, "python") == code


@pytest.mark.parametrize(("lines", "blocks"), [(100, 83), (1000, 2)])
def test_code_is_coloured_up_to_a_number_of_characters_in_one_text(lines, blocks):
    """50,000 in short blocks, fewer in long ones."""
    block = "```python\n" + "x = 1\n" * lines + "```\n\n"
    html = render_article(block * (blocks + 3)).html

    assert html.count("<pre") == blocks + 3
    assert html.count("<span") == blocks * lines


@pytest.mark.parametrize("piece", [" " * 49 + "\na", '"', "x = '", "(", "a.", "\\", "/*", "${"])
@pytest.mark.parametrize("language", ["python", "js", "html", "bash", "java", "css"])
def test_colours_take_time_in_proportion_to_the_code(language, piece):
    lines = repeated((piece * 400)[:400] + "\n")

    assert growth(lambda code: highlight(code, language), lines, 600, 16) < MOST_GROWTH * 16
