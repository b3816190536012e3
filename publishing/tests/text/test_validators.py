import pytest
from django.core.exceptions import ValidationError

from publishing.text import validators

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"


def refuses(validate, value):
    try:
        validate(value)
    except ValidationError as error:
        assert len(error.messages) == 1
        return True
    return False


@pytest.mark.parametrize(
    ("value", "length"),
    [
        ("", 0),
        (" \t\n\u00a0\u2003\u3000", 0),
        (ZERO_WIDTH, 0),
        ("\u00ad\u202e\u2066", 0),
        ("\u3164\uffa0\u115f\u1160\u2800\u180e", 0),
        ("\u0301\u0302", 0),
        ("a b", 2),
        ("é", 1),
        ("e\u0301", 1),
        ("日本語", 3),
        ("👍🏽", 2),
        ("?!", 2),
        ("0", 1),
        ("\u200ba\u200b", 1),
        ("\ufffc", 0),
        ("\ufffd", 0),
        ("\u2800", 0),
        ("\u3164\u115f\u1160\uffa0", 0),
        ("\U0001d159", 0),
        ("\U00016fe4", 0),
        ("\U0001d157 ␢ ∅ ␀", 4),
        ("\ufdfd", 1),
    ],
)
def test_only_what_can_be_seen_is_counted(value, length):
    assert validators.visible_length(value) == length
    assert refuses(validators.validate_visible, value) == (length == 0)


CONTROLS = ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1b[2J", "\x7f", "\x85", "\x9f"]
NO_CHARACTERS = ["\ufffe", "\uffff", "\ud800", "\udfff"]


@pytest.mark.parametrize("bad", CONTROLS + NO_CHARACTERS)
def test_characters_that_cannot_be_stored_are_refused_anywhere_in_the_text(bad):
    assert refuses(validators.validate_storable, bad)
    assert refuses(validators.validate_storable, f"before {bad} after")


@pytest.mark.parametrize(
    "good", ["", "tab\tand\nline", "ünïcode", "日本語", "👩‍👩‍👧", "\u200f", "<script>", "\U0010fffd"]
)
def test_everything_else_can_be_stored(good):
    assert validators.validate_storable(good) is None
    good.encode()


@pytest.mark.parametrize("bad", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
def test_characters_that_turn_the_direction_around_are_refused(bad):
    assert refuses(validators.validate_no_bidi_controls, f"user{bad}name")


@pytest.mark.parametrize("good", ["", "name", "שלום", "مرحبا", "e\u0301", "👩‍👩‍👧"])
def test_names_in_any_script_keep_their_direction(good):
    assert validators.validate_no_bidi_controls(good) is None


@pytest.mark.parametrize("bad", ["\n", "\r", "\r\n", "\u2028", "\u2029", "\x0b", "\x0c", "\x85"])
def test_a_line_holds_nothing_that_starts_another(bad):
    assert refuses(validators.validate_one_line, f"Subject{bad}Bcc: someone")
    assert refuses(validators.validate_one_line, f"Subject{bad}")


def test_one_line_may_hold_tabs_and_spaces():
    assert validators.validate_one_line("one \t line \u2003 only") is None


@pytest.mark.parametrize(
    "bad",
    [
        "a" + "\u0301" * 5,
        "é" + "\u0301" * 4,
        "a" + "\u0300\u1ab0\u1dc0\u20d0\ufe20",
        "Z" + "\u0336" * 40,
        "ก" + "็" * 5,
        "م" + "ّ" * 12,
        "ש" + "ֱ" * 5,
        "क" + "ॅ" * 12,
        "ཀ" + "ྐ" * 7,
        "a" + "ྐ" * 5 + "\u0301",
    ],
)
def test_stacked_accents_are_refused(bad):
    assert refuses(validators.validate_few_marks, bad)


@pytest.mark.parametrize(
    "good",
    [
        "", "a" + "\u0301" * 4, "Tiếng Việt", "ễ" * 20, "e\u0301" * 50, "हिन्दी", "ก็กี้", "น้ำ", "ᾧ", "رَبِّ", "بِسْمِ ٱللّٰهِ",
        "שׁ\u05bc\u05b8\u0591לוֹם", "མཧཱུྃ", "རྒྱུ", "မြန်မာ", "ကျွန်ုပ်", "မြွှို့", "ស្ត្រី", "1️⃣ 👩‍👩‍👧",
    ],
)  # fmt: skip
def test_accents_that_languages_need_are_not(good):
    assert validators.validate_few_marks(good) is None
