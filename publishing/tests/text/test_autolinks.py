"""Addresses in running text of articles become links."""

import re

import pytest

from publishing.text.markdown import render_article


def link(address, words=None):
    return f'<a href="{address}">{words or address}</a>'


LINKS = {
    "See https://a.example/b.": f"See {link('https://a.example/b')}.",
    "HTTP://A.example/B": link("HTTP://A.example/B"),
    "(https://a.example/b_(c))": f"({link('https://a.example/b_(c)')})",
    "At https://a.example/_b_/c*d*": f"At {link('https://a.example/_b_/c*d')}*",
    "**https://a.example**": f"<strong>{link('https://a.example')}</strong>",
    "At https://a.example/b\\_c": f"At {link('https://a.example/b_c')}",
    "At https://a.example/?b=1&amp;c=2": f"At {link('https://a.example/?b=1&amp;c=2')}",
    "见https://a.example/b。c": f"见{link('https://a.example/b')}。c",
    "http://localhost:8000/": link("http://localhost:8000/"),
    "www.a.example, b": f"{link('http://www.a.example', 'www.a.example')}, b",
    "ann@a.example": link("mailto:ann@a.example", "ann@a.example"),
    "[see https://a.example](/b)": '<a href="/b">see https://a.example</a>',
    '<a href="/b">www.a.example</a>': '<a href="/b">www.a.example</a>',
    "`https://a.example` ann@a_b.c_": "<code>https://a.example</code> ann@a_b.c_",
    "left-pad@1.3.0 git@a.example:b/c https:// http:/a xhttp://a.example": (
        "left-pad@1.3.0 git@a.example:b/c https:// http:/a xhttp://a.example"
    ),
    "javascript://a.example file://a.example": "javascript://a.example file://a.example",
}


@pytest.mark.parametrize("source", LINKS)
def test_an_address_in_running_text_is_a_link(source):
    assert render_article(source).html == f"<p>{LINKS[source]}</p>\n"


def test_an_address_in_a_cell_and_in_an_alternative_text():
    html = render_article("| a |\n|---|\n| https://a.example |\n\n![https://a.example](/b.png)").html

    assert f"<td>{link('https://a.example')}</td>" in html
    assert "<em>Image: https://a.example</em>" in html


def test_the_examples_of_the_specification(samples):
    text = (samples / "sites" / "specs" / "gfm-spec.txt").read_text()
    examples = re.findall(r"^`{32} example autolink\n(.*?)^\.\n(.*?)^`{32}", text, re.DOTALL | re.MULTILINE)

    assert len(examples) == 11
    for source, html in examples:
        assert render_article(source).html.replace("’", "'") == html
