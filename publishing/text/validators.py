"""Validators of text that people type."""

import re
import unicodedata
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, RegexValidator
from django.utils.encoding import punycode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Letters, marks or symbols that draw nothing, or a box. Unicode has no property for them, so they are found by name:
# braille blank, Hangul fillers, null notehead, object replacement character.
_NO_INK = re.compile(r"(?:\bBLANK|\bFILLER|\bNULL NOTEHEAD|\bFILL SPACE|\bREPLACEMENT CHARACTER)\Z")
# Combining marks in a row: UTS #39, section 5.4, allows four. Scripts of South-East Asia and Tibet need up to six.
MARKS_IN_A_ROW = 4
MARKS_IN_A_ROW_OF_STACKING_SCRIPTS = 6
_STACKING_SCRIPTS = ("MYANMAR", "TIBETAN", "KHMER", "TAI THAM", "BALINESE", "JAVANESE")


def sentences(error: ValidationError) -> list[str]:
    """The messages of an error, with the name of the field if there is one."""
    if hasattr(error, "error_dict"):
        return [f"{name}: {sentence}" for name, sentences in error.message_dict.items() for sentence in sentences]
    return error.messages


@lru_cache(maxsize=4096)
def has_ink(character: str) -> bool:
    """Whether a character by itself is visible: no space, mark or control, and not one that draws nothing."""
    is_drawn = unicodedata.category(character)[0] not in "ZCM"
    return is_drawn and not _NO_INK.search(unicodedata.name(character, ""))


def visible_length(value: str) -> int:
    """The number of visible characters."""
    return sum(map(has_ink, value))


def _refuse(pattern: str, message: str) -> RegexValidator:
    return RegexValidator(pattern, message, code="character", inverse_match=True)


_TURNED = _("This text contains a hidden character that changes the text direction.")

# Controls other than tab and line feed break feeds, terminals and logs; lone surrogates cannot be encoded.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
# Embeddings and overrides.
TURNING = re.compile(r"[\u202a-\u202e]")
validate_storable = _refuse(
    UNSTORABLE.pattern,
    _("This text contains a character that cannot be stored. Remove it, or type the text again."),
)
validate_one_line = _refuse(r"[\n\r\u2028\u2029\x0b\x0c\x85]", _("Use one line only."))
# Embeddings, overrides, isolates and marks.
validate_no_bidi_controls = _refuse(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]", _TURNED)
# Embeddings and overrides turn the text after them around; isolates and marks may be needed.
validate_no_turned_text = _refuse(TURNING.pattern, _TURNED)


def validate_visible(value: str) -> None:
    if not visible_length(value):
        raise ValidationError(gettext("Enter at least one letter or digit."))


validate_colour = RegexValidator(
    r"^#[0-9a-f]{6}\Z", _("Enter a colour as # and six digits from 0 to 9 and a to f, such as #0b5c8a.")
)


def validate_few_marks(value: str) -> None:
    """Refuse stacks of accents that cover the lines around them, in any script."""
    marks = []
    for character in unicodedata.normalize("NFD", value):
        marks = [*marks, character] if unicodedata.category(character)[0] == "M" else []
        if len(marks) > MARKS_IN_A_ROW and len(marks) > _most_marks(marks):
            raise ValidationError(gettext("There are too many accents on one letter."))


def _most_marks(marks: list[str]) -> int:
    is_stacking = all(unicodedata.name(mark, "").startswith(_STACKING_SCRIPTS) for mark in marks)
    return MARKS_IN_A_ROW_OF_STACKING_SCRIPTS if is_stacking else MARKS_IN_A_ROW


class ReachableEmailValidator(EmailValidator):
    """Also refuses `user@localhost`, an address in brackets, a host without an ASCII form, and more than 64 characters
    before the @ (RFC 5321, 4.5.3.1.1)."""

    message = _("Enter an email address in the format name@example.org.")
    domain_allowlist = []

    def __call__(self, value):
        super().__call__(value)
        if len(value.rpartition("@")[0]) > 64:
            raise ValidationError(gettext("Use at most 64 characters before the @."), code=self.code)

    def validate_domain_part(self, domain_part):
        try:
            return bool(self.domain_regex.match(punycode(domain_part)))
        except UnicodeError:
            return False
