"""Drawn lines of any script: in which order their parts stand, and where they end."""

import pytest

from publishing.drawing.bidirectional import is_right_to_left, visual
from publishing.drawing.breaking import pieces


def parts(text):
    return [part for part, _ in visual(text)]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Locks & keys, 2026", ["Locks & keys, 2026"]),
        ("מגזינים קטנים", ["מגזינים קטנים"]),
        ("דליל Django חדש", [" חדש", "Django", "דליל "]),
        ("عام 2026 في", [" في", "2026", "عام "]),
        ("عام 12,500", ["12,500", "عام "]),
        ("נתון 12% מתוך", [" מתוך", "12%", "נתון "]),
        ("The word שלום means peace", ["The word ", "שלום", " means peace"]),
        ("Django 5.2 شرح", ["Django 5.2 ", "شرح"]),
        ("חלק (2).", [").", "2", "חלק ("]),
    ],
)
def test_the_parts_of_a_line_stand_as_they_are_read(text, order):
    assert parts(text) == order


def test_a_mark_stays_with_its_letter():
    assert visual("تُقرأ") == [("تُقرأ", True)]


@pytest.mark.parametrize(("text", "is_rtl"), [("“שלום”", True), ("2026 عام", True), ("Oz: שלום", False), ("12", False)])
def test_the_direction_of_a_text_is_that_of_its_first_letter(text, is_rtl):
    assert is_right_to_left(text) == is_rtl


@pytest.mark.parametrize(
    "text",
    ["", " ", "Ünïcode, żółć", "私はDjangoが好き。「本当」、ねっ！", "「」", "…。", "나는 읽는다", "a「b」c"],
)
def test_no_letter_is_lost_between_two_pieces(text):
    assert "".join(space + piece for space, piece in pieces(text)).strip() == " ".join(text.split())


def test_no_line_of_japanese_begins_with_a_comma_or_ends_with_an_opening_bracket():
    found = [piece for _, piece in pieces("「東京」、京都。ジャーナル（2026年版）")]

    assert found == ["「東", "京」、", "京", "都。", "ジャー", "ナ", "ル", "（2026", "年", "版）"]


def test_words_of_latin_letters_stay_whole():
    assert [*pieces("To read  Django")] == [(" ", "To"), (" ", "read"), (" ", "Django")]
