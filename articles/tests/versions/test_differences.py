"""The difference of two texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.versions.differences import blocks, text_difference, word_difference

WORDS = st.sampled_from(["a", "bee", "Sea.", "d,", " ", "  ", "\n", "\n\n", "\n \n", "中", "文", "é", "\U0001f600"])
TEXTS = st.lists(WORDS, max_size=40).map("".join)


def text_of(paragraphs, *, without):
    return "".join(part.text for paragraph in paragraphs for part in paragraph.parts if part.kind != without)


def marked(parts):
    return "".join({"same": "{}", "del": "[-{}-]", "ins": "[+{}+]"}[part.kind].format(part.text) for part in parts)


@given(TEXTS, TEXTS)
def test_without_what_was_added_it_is_the_old_text_and_without_what_was_removed_the_new_one(old, new):
    found = text_difference(old, new)

    assert text_of(found, without="ins") == old
    assert text_of(found, without="del") == new


@given(TEXTS)
def test_equal_texts_have_no_changes(text):
    assert not any(paragraph.is_changed for paragraph in text_difference(text, text))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("One small step.", "One giant step.", "One [-small-][+giant+] step."),
        ("One small step.", "One giant leap.", "One [-small step-][+giant leap+]."),
        ("One step.", "One step!", "One step[-.-][+!+]"),
        ("我喜欢猫。", "我喜欢狗。", "我喜欢[-猫-][+狗+]。"),
        ("", "New.", "[+New.+]"),
    ],
)
def test_words_are_compared(old, new, shown):
    assert marked(word_difference(old, new)) == shown


def test_a_paragraph_that_was_changed_stands_at_its_old_text_whatever_was_added_before_it():
    old = "First.\n\nThe quick brown fox jumps over a dog.\n\nLast.\n"
    new = "First.\n\nSomething else entirely here.\n\nThe quick red fox jumps over a dog.\n\nLast.\n"

    shown = [marked(paragraph.parts).strip() for paragraph in text_difference(old, new)]

    assert shown[1] == "[+Something else entirely here.\n\n+]"
    assert shown[2] == "The quick [-brown-][+red+] fox jumps over a dog."


def test_of_a_thousand_changed_paragraphs_each_is_compared_word_by_word():
    old = [f"Number {number} has some words of its own." for number in range(1000)]
    new = [text.replace("some", "several") for text in old]

    found = text_difference("\n\n".join(old), "\n\n".join(new))

    assert len(found) == 1000
    assert marked(found[7].parts).startswith("Number 7 has [-some-][+several+] words")


@pytest.mark.parametrize(
    "texts",
    [
        ("a\n\n" * 160_000, "a\n\n" * 80_000 + "b\n\n" + "a\n\n" * 79_000),
        ("a\n\nb\n\n" * 80_000, "b\n\nb\n\na\n\n" * 50_000),
        ("a b " * 125_000, "b b a " * 80_000),
    ],
)
def test_long_texts_of_equal_words_are_shown_in_a_plainer_way(texts):
    found = text_difference(*texts)

    assert text_of(found, without="ins") == texts[0]
    shown, _ = blocks(found)
    assert len(shown) < 2000


def test_what_is_far_from_a_change_is_folded():
    old = "".join(f"Paragraph {number}.\n\n" for number in range(20))

    shown, _ = blocks(text_difference(old, old.replace("h 10.", "h ten.")))

    assert [(marked(block.parts)[:22].strip(), block.folded) for block in shown] == [
        ("Paragraph 0.\n\nParagrap", 9),
        ("Paragraph 9.", 0),
        ("Paragraph [-10-][+ten+", 0),
        ("Paragraph 11.", 0),
        ("Paragraph 12.\n\nParagra", 8),
    ]


def test_only_so_many_changes_are_shown_and_the_number_of_the_others():
    old = "".join(f"Paragraph {number}.\n\nSame {number}.\n\n" for number in range(20))

    shown, left = blocks(text_difference(old, old.replace("Paragraph", "Section")), most=5)

    assert sum(len(block.parts) > 1 for block in shown) == 5
    assert left == 15
