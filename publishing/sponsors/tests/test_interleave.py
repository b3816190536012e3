import pytest
from django.utils.safestring import SafeString, mark_safe

from publishing.text.markdown import interleave

HTML = "<p>One.</p>\n<p>Two.</p>\n<h2>Three</h2>\n"
FIRST, SECOND = HTML.index("</p>") + 4, HTML.rindex("</p>") + 4
SLOT = mark_safe("<hr>")


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
    assert interleave(HTML, offsets, SLOT) == expected


def test_an_insert_that_is_not_marked_safe_is_escaped():
    joined = interleave(HTML, [FIRST], "<script>")

    assert "&lt;script&gt;" in joined and "<script>" not in joined
    assert isinstance(joined, SafeString)


def test_an_offset_at_the_very_end_counts():
    assert interleave("<p>One.</p>", [11], SLOT) == "<p>One.</p><hr>"
