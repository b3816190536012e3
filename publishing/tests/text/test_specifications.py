"""Each example of the specifications of CommonMark and GFM, in the profile of articles, as the tree of a browser.

Left out of the comparison is what articles have besides: ids of headings and their levels below the title, the frame of
a table, colours and attributes of code, labels of tasks, curly quotes, sizes of pictures and their captions.
"""

import re
import tomllib
from pathlib import Path

import pytest

from publishing.text.markdown import render_article
from publishing.text.pictures import ImageInfo
from publishing.text.typography import straight

from .trees import parsed, tree

# What differs, one by one, each with its reason.
DIFFERENCES = tomllib.loads((Path(__file__).parent / "specifications.toml").read_text())
_EXAMPLE = re.compile(r"^`{32} example[^\n]*\n(.*?)^\.\n(.*?)^`{32}", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"h[1-6]")
_OF_PICTURES = {"width", "height", "loading", "decoding", "srcset", "sizes"}


def typed(html):
    """With the punctuation of keyboards. A space that does not break belongs to a dash."""
    return straight(html.replace("\u00a0–", " –").replace("\u00a0—", " —").replace("\u00a0", "&nbsp;"))


def examples(text):
    return [tuple(part.replace("→", "\t") for part in found) for found in _EXAMPLE.findall(text)]


def as_expected(html):
    """The tree of a specification's HTML. The title of the page is the only h1."""
    shift = "<h1" in html

    def change(name, attributes, node):
        if _HEADING.fullmatch(name):
            name = f"h{min(6, int(name[1]) + shift)}"
        if name == "code":
            attributes = {}
        return name, _with_words(attributes)

    return tree(parsed(typed(html)), change)


def as_rendered(html):
    def change(name, attributes, node):
        if name in ("label", "span") or attributes.get("class") == "table":
            return None
        if name in ("pre", "code") or _HEADING.fullmatch(name):
            attributes = {}
        if name == "img":
            attributes = {key: value for key, value in attributes.items() if key not in _OF_PICTURES}
        attributes = {key: value for key, value in attributes.items() if key != "class" or "task-list" not in value}
        return name, _with_words(attributes)

    # A picture alone in its paragraph is a figure, and its title the caption.
    html = re.sub(r"<figure>(.*?)<figcaption>(.*?)</figcaption></figure>", _with_title, html)
    return tree(parsed(typed(re.sub(r"<(/?)figure>", r"<\1p>", html))), change)


def _with_words(attributes):
    """Without an empty alternative text, which every picture has here."""
    return {name: value for name, value in attributes.items() if (name, value) != ("alt", "")}


def _with_title(figure):
    picture = re.sub(r"<img ", f'<img title="{figure[2]}" ', figure[1])
    return f"<p>{picture}</p>"


def rendered(source):
    return render_article(source, lambda address: ImageInfo(address, 4, 3)).html


@pytest.mark.parametrize("name", ["commonmark", "gfm"])
def test_every_example_is_rendered_as_the_specification_says_but_for_those_named(samples, name):
    found = examples((samples / "sites" / "specs" / f"{name}-spec.txt").read_text())
    different = {
        str(number): source
        for number, (source, html) in enumerate(found, 1)
        if as_expected(html) != as_rendered(rendered(source))
    }
    named = DIFFERENCES[name]

    assert len(found) > 600
    assert {number: different[number] for number in different.keys() - named.keys()} == {}, "not named"
    assert {number: named[number] for number in named.keys() - different.keys()} == {}, "equal by now"
