"""Letters of the site's typeface as paths of SVG: a picture in `<img>` cannot use a font of the page."""

import json
from functools import cache
from importlib.resources import files
from typing import NamedTuple

# In thousandths of the font size.
UNITS = 1000


class Outline(NamedTuple):
    """A row of `letters` in bold. The box is (left, top, right, bottom), y goes down from the baseline; in `UNITS`."""

    box: tuple[int, int, int, int]
    path: str


class _Glyph(NamedTuple):
    advance: int
    box: tuple[int, int, int, int]
    path: str
    is_extended: bool = False


@cache
def _glyphs() -> dict[str, _Glyph]:
    """Written by tools/cut_outlines.py."""
    rows = json.loads(files(__package__).joinpath("newsreader.json").read_text())
    return {letter: _Glyph(*row) for letter, row in rows.items()}


def can_draw(letters: str) -> bool:
    return bool(letters) and all(letter in _glyphs() for letter in letters)


def is_extended(letter: str) -> bool:
    """Whether it is in the file of the typeface for Latin Extended, and not in the one for Latin."""
    return letter in _glyphs() and bool(_glyphs()[letter].is_extended)


def outline(letters: str, tracking: int = 0) -> Outline:
    """The letters side by side. Raises KeyError for one without an outline: see `can_draw`."""
    x, parts, boxes = 0, [], []
    for letter in letters:
        glyph = _glyphs()[letter]
        # A path starts with a move from the place before.
        parts.append(f"M{x} 0{glyph.path}")
        left, top, right, bottom = glyph.box
        boxes.append((x + left, top, x + right, bottom))
        x += glyph.advance + tracking
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Outline((min(lefts), min(tops), max(rights), max(bottoms)), "".join(parts))
