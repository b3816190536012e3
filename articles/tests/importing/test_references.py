"""The addresses that are found in a text are those that the parser of our texts finds."""

import re

import pytest
from markdown_it import MarkdownIt

from articles.importing import references
from articles.importing.references import Form

PARSER = MarkdownIt("commonmark").enable("table")
EXAMPLE = re.compile(r"^`{32} example[^\n]*\n(.*?)^\.\n.*?^`{32}$", re.DOTALL | re.MULTILINE)
# Written as they are, and of mailboxes: the one is found otherwise, the others are no links to posts.
LEFT_OUT = {Form.BARE, Form.HTML, Form.STYLE}


def found_in(text):
    found = [
        ("image" if reference.is_picture else "link_open", PARSER.normalizeLink(reference.address))
        for reference in references.read(text).found
        if reference.form not in LEFT_OUT
    ]
    return sorted(found)


def parsed_from(text):
    children = [child for token in PARSER.parse(text) for child in token.children or ()]
    named = [(child.type, child.attrs.get("src") or child.attrs.get("href") or "") for child in children
             if child.type in ("image", "link_open")]  # fmt: skip
    return sorted(entry for entry in named if not entry[1].startswith("mailto:"))


def test_the_examples_of_the_specification_are_read_as_the_parser_reads_them(samples):
    text = (samples / "sites" / "specs" / "commonmark-spec.txt").read_text()
    examples = [example.replace("→", "\t") for example in EXAMPLE.findall(text)]

    assert len(examples) > 600
    assert [example for example in examples if found_in(example) != parsed_from(example)] == []


@pytest.mark.parametrize(
    "text",
    [
        "![foo ![bar](/url)](/url2)",
        "![foo [bar](/url)](/url2) [a](b)",
        "[a <!-- b](c) [d](e)",
        "[a](b`c) `[d](e)` ``[f](g)` [h](i)``",
        "[a]\n\n> [b]\n\n[a]: <x y.md>\n[b]: z.md 'T'\n",
        "- [a](b)\n\n      [c](d)\n  [e](f)\n",
        "| [a](b) | `|` |\n|---|---|\n| ![c](d) | [e](f) |",
        "[a](\u00a0b) [c](d\u00a0e)",
    ],
)
def test_hard_texts_are_read_as_the_parser_reads_them(text):
    assert found_in(text) == parsed_from(text)


def test_changes_inside_of_a_larger_one_do_not_count():
    assert references.changed("abcdef", [(1, 2, "x"), (0, 3, "y"), (4, 5, "z")]) == "ydzf"
