import pytest
from django.utils.safestring import SafeString, mark_safe

from publishing.text.markdown import ends_of_paragraphs, interleave

HTML = "<p>One.</p>\n<p>Two.</p>\n<h2>Three</h2>\n"
FIRST, SECOND = HTML.index("</p>") + 4, HTML.rindex("</p>") + 4
SLOT = mark_safe("<hr>")


def insert_slots(html, offsets):
    return interleave(html, [(offset, SLOT) for offset in ends_of_paragraphs(html, offsets)])


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [
        ([], HTML),
        ([FIRST], "<p>One.</p><hr>\n<p>Two.</p>\n<h2>Three</h2>\n"),
        ([SECOND, FIRST], "<p>One.</p><hr>\n<p>Two.</p><hr>\n<h2>Three</h2>\n"),
        ([FIRST, FIRST], "<p>One.</p><hr>\n<p>Two.</p>\n<h2>Three</h2>\n"),
        ([0, -1, -FIRST, 3, FIRST - 1, FIRST + 1, len(HTML), len(HTML) + 1, 10**9], HTML),
        ([10**9, SECOND, -5], "<p>One.</p>\n<p>Two.</p><hr>\n<h2>Three</h2>\n"),
    ],
)
def test_the_insert_stands_after_each_paragraph_that_ends_there_and_nowhere_else(offsets, expected):
    assert insert_slots(HTML, offsets) == expected


def test_an_insert_that_is_not_marked_safe_is_escaped():
    joined = interleave(HTML, [(FIRST, "<script>")])

    assert "&lt;script&gt;" in joined and "<script>" not in joined
    assert isinstance(joined, SafeString)


def test_an_offset_at_the_very_end_counts():
    assert insert_slots("<p>One.</p>", [11]) == "<p>One.</p><hr>"


def test_inserts_of_one_place_stay_in_their_order():
    assert interleave("<p>One.</p>", [(11, "b"), (0, "x"), (11, "a")]) == "x<p>One.</p>ba"
