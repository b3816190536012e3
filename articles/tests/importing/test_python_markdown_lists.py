import pytest

from articles.importing.syntax import to_ours
from publishing.text.markdown import render_article
from publishing.transfer.notes import Notes

NESTED = "  1.  One:\n\n    ```\n    code\n    ```\n\n    - inner\n\n  2.  Two\n      goes on.\n\nAfter.\n"


def html(text, dialect):
    return str(render_article(to_ours(text, Notes(), dialect)).html)


@pytest.mark.parametrize("dialect", ["mkdocs", "pelican"])
def test_what_is_indented_by_four_belongs_to_the_item(dialect):
    shown = html(NESTED, dialect)

    assert "```" not in shown
    assert shown.count("<ol>") == 1
    assert shown.index("<pre") < shown.index("<li>inner</li>") < shown.index("Two")
    assert "<p>After.</p>" in shown or "<p>After.</p>" in shown.replace("</ol>\n", "")


def test_code_and_narrow_markers_stay_as_they_are():
    text = "```\n  1.  kept\n```\n\n- one\n\n    more\n\nText.\n\n      2.  code\n"

    assert to_ours(text, Notes(), "mkdocs") == text
