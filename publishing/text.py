"""Text that people type: what is refused, and what is made uniform before it is measured and stored."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# Controls other than tab and line feed break feeds, terminals and logs.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Embeddings, overrides and isolates that turn the text after them around.
_BIDI_CONTROL = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
# Characters that show nothing although Unicode calls some of them letters or symbols.
# U+FFFD stands where something could not be read.
_BLANK_LETTERS = "\ufffd\u115f\u1160\u3164\uffa0\u2800\u180e"
_MARKS_IN_A_ROW = re.compile(r"(?:[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]){5,}")


def normal_line_ends(value: str) -> str:
    """Line ends as one character each, so that a browser's count and ours agree."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


def visible_length(value: str) -> int:
    """How many characters of `value` a reader can see: neither spaces, marks, controls nor blank letters."""
    return sum(1 for c in value if unicodedata.category(c)[0] not in "ZCM" and c not in _BLANK_LETTERS)


def validate_storable(value: str) -> None:
    """Refuse what no database, feed or log should hold: NUL and other controls, lone surrogates."""
    if _CONTROL.search(value) or _SURROGATE.search(value):
        raise ValidationError("This text holds a character that cannot be stored. Type it again without pasting.")


def validate_visible(value: str) -> None:
    """Refuse text in which there is nothing to see."""
    if not visible_length(value):
        raise ValidationError("There is nothing to see in this. Use letters or digits.")


def validate_no_bidi_controls(value: str) -> None:
    """Refuse invisible characters that turn the direction of the text around."""
    if _BIDI_CONTROL.search(value):
        raise ValidationError("This text holds a hidden character that turns the direction of writing around.")


def validate_no_turned_text(value: str) -> None:
    """Refuse overrides and embeddings, which outlast the text they stand in; marks and isolates may be needed."""
    if re.search(r"[\u202a-\u202e]", value):
        raise ValidationError("This text holds a hidden character that turns the direction of writing around.")


def validate_one_line(value: str) -> None:
    """Refuse anything that starts a new line."""
    if re.search(r"[\n\r\u2028\u2029\x0b\x0c\x85]", value):
        raise ValidationError("This has to fit on one line.")


def validate_few_marks(value: str) -> None:
    """Refuse accents stacked so high that they cover the lines around them."""
    if _MARKS_IN_A_ROW.search(unicodedata.normalize("NFD", value)):
        raise ValidationError("There are too many accents on one letter.")
