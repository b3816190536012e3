"""Colours of code: by class, escaped, and only where the language is known."""

import re
from html import unescape

import pytest

from publishing.highlighting import highlight
from publishing.markup import render_article


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


@pytest.mark.parametrize("info", ["python", "python title=x", "Python", "py"])
def test_the_first_word_after_the_fence_names_the_language(info):
    assert '<span class="k">def' in render_article(f"```{info}\ndef a(): pass\n```").html


def test_code_can_be_scrolled_by_keyboard():
    assert render_article("```\na\n```").html == '<pre tabindex="0"><code>a\n</code></pre>\n'
