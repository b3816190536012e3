"""Whether a text has room in a box, computed from the layout of static/css/creative.css. Pure.

Browsers draw with the face of the reader's system, so this counts with one of the widest, DejaVu Sans. A browser test
(tests/house/test_text_room.py) holds that what has room here is cut by none of the layouts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category, east_asian_width

from ..slots import sizes

# Padding and border of the box, in CSS pixels.
BESIDE, ABOVE = 26, 2
# Of a window of 320 px, the narrowest that pages are made for. From `BROAD` on, a layout has larger letters.
NARROWEST, BROAD = 280, 600


@dataclass(frozen=True)
class Layout:
    """Sizes of letters in CSS pixels and heights of lines; `is_one`: headline and text are one paragraph."""

    headline: float
    text: float
    headline_line: float
    text_line: float
    is_one: bool = False


HIGH = Layout(19.2, 13.76, 24, 17.2)
LOW_BROAD = Layout(16.8, 13.76, 21, 17.2)
LOW = Layout(13.6, 12, 17, 15)
LINE = Layout(12, 12, 15, 15, is_one=True)


def layout_of(width: float, height: float) -> Layout:
    if height < 80:
        return LINE
    if height < 120:
        return LOW_BROAD if width >= BROAD else LOW
    return HIGH


def _em(character: str) -> float:
    """The width of a character in parts of the size of the letters."""
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    if east_asian_width(character) in "WF":
        return 1
    if character in " iljtfrI.,:;'’!|()[]-":
        return 0.41
    if character in "mwMW@%—…&" or ord(character) > 0x2E80:
        return 1
    return 0.77 if character.isupper() else 0.64


def _lines(words: Iterable[tuple[str, float]], width: float) -> int:
    """How many lines words take, each with the width of an em; one that is wider than a line is broken."""
    number, used = 1, 0.0
    for word, em in words:
        long = sum(map(_em, word)) * em
        before = used + (_em(" ") * em if used else 0)
        if before + long <= width:
            used = before + long
            continue
        if used:
            number += 1
        # Scripts without spaces, and whole addresses.
        more = max(0, -int(-long // (width - em)) - 1)
        number += more
        used = long - more * (width - em)
    return number


@lru_cache(maxsize=2000)
def has_room(headline: str, text: str, width: int, height: int) -> bool:
    """Whether a box of that many CSS pixels shows all of it."""
    layout = layout_of(width, height)
    bold = [(word, layout.headline * 1.12) for word in headline.split()]
    plain = [(word, layout.text) for word in text.split()]
    room = width - BESIDE
    if layout.is_one:
        return _lines([*bold, *plain], room) * layout.text_line <= height - ABOVE
    used = _lines(bold, room) * layout.headline_line + _lines(plain, room) * layout.text_line
    return used <= height - ABOVE


class Box(NamedTuple):
    """One that a slot has at a breakpoint, in CSS pixels."""

    breakpoint: str
    width: int
    height: int


def boxes(key: str, here: Mapping) -> tuple[Box, ...]:
    """The narrowest boxes of a slot that holds the sizes `here`, by breakpoint; on phones also a broad one."""
    result = []
    for name, height in sizes.heights(here).items():
        widths = (NARROWEST, BROAD) if name == "phone" else (sizes.width_of(key, name, here),)
        result += [Box(name, width, height) for width in widths]
    return tuple(result)


def lacking(headline: str, text: str, at: Iterable[Box]) -> Box | None:
    """The first of some boxes in which a text has no room."""
    return next((box for box in at if not has_room(headline, text, box.width, box.height)), None)


def most(headline: str, text: str, width: int, height: int) -> int:
    """How many characters of it the box has room for, the headline first."""
    for length in range(len(headline) + len(text), 0, -1):
        if has_room(headline[:length], text[: max(0, length - len(headline))], width, height):
            return length
    return 0
