"""A note on a paragraph stays with it, whatever becomes of the text."""

import pytest

from articles.versions.anchors import anchor_at, moved

TEXT = "Alpha one here.\n\nBeta two there.\n\nGamma three everywhere."


def place(anchors, text):
    """The paragraph that the note is on; None if it is gone."""
    start = anchors["1"]["start"]
    return None if start is None else text[start:].split("\n\n")[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Beta two there.", "Beta two there."),
        ("New.\n\n" + TEXT, "Beta two there."),
        ("Alpha one here.\n\nBeta two, and more, there.\n\nGamma three everywhere.", "Beta two, and more, there."),
        ("Alpha.\n\nA new one.\n\nBeta two, changed.\n\nGamma three everywhere.", "Beta two, changed."),
        ("Gamma three everywhere.\n\nBeta two there.\n\nAlpha one here.", "Beta two there."),
        ("Alpha one here.\n\nBeta two\n\nthere.\n\nGamma three everywhere.", "Beta two"),
        ("Alpha one here.\n\nGamma three everywhere.", None),
        ("", None),
    ],
)
def test_it_follows_its_paragraph_or_says_that_it_is_gone(text, found):
    anchors = {"1": anchor_at(TEXT, TEXT.index("two"))}

    assert place(moved(anchors, TEXT, text), text) == found


def test_a_paragraph_that_comes_back_has_its_note_again():
    anchors = {"1": anchor_at(TEXT, TEXT.index("two"))}
    without = TEXT.replace("Beta two there.\n\n", "")

    gone = moved(anchors, TEXT, without)
    assert gone["1"]["words"] == "Beta two there."
    assert place(moved(gone, without, f"{without}\n\nBeta two there."), f"{without}\n\nBeta two there.") is not None


def test_there_is_no_note_without_a_paragraph():
    assert anchor_at("", 0) is None
    assert anchor_at("\n\n\nText.", 0) is None
