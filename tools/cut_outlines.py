"""Cut the outlines of letters from the site's typeface, for drawings that cannot use a font: an <img> of SVG.

    uv run --no-project --with fonttools --with brotli tools/cut_outlines.py static/fonts/newsreader-*-normal.woff2

writes publishing/drawing/newsreader.json: of each letter, digit and sign the advance, the box (left, top, right,
bottom) and the `d` of a path, in thousandths of the font size, with y downwards from the baseline; 1 if it is in the
second file only.
"""

import json
import sys
import unicodedata
from pathlib import Path

from fontTools.pens.basePen import BasePen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

WEIGHT = 700
UNITS = 1000
# How far a control point may be from its place.
TOLERANCE = 2
CATEGORIES = ("L", "N", "P", "S")
OUTPUT = Path(__file__).resolve().parent.parent / "publishing/drawing/newsreader.json"


class ShortPath(BasePen):
    """The `d` of a path with relative commands and whole numbers."""

    def __init__(self, glyphs, scale: float):
        super().__init__(glyphs)
        self.scale, self.parts, self.at, self.control = scale, [], (0, 0), None

    def _whole(self, point) -> tuple[int, int]:
        return round(point[0] * self.scale), round(-point[1] * self.scale)

    def _add(self, command: str, *points: tuple[int, int]) -> None:
        numbers = [number for x, y in points for number in (x - self.at[0], y - self.at[1])]
        words = [f"{number}" if number < 0 or not index else f" {number}" for index, number in enumerate(numbers)]
        self.parts.append(command + "".join(words))
        self.at = points[-1]

    def _moveTo(self, point):
        self.start = self._whole(point)
        self._add("m", self.start)

    def _lineTo(self, point):
        (x, y), self.control = self._whole(point), None
        if x != self.at[0] and y != self.at[1]:
            self._add("l", (x, y))
        elif (x, y) != self.at:
            self.parts.append(f"h{x - self.at[0]}" if y == self.at[1] else f"v{y - self.at[1]}")
            self.at = x, y

    def _qCurveToOne(self, control, point):
        """A curve that goes on from the last one has its control point mirrored, as the command `t` does."""
        wanted, end = self._whole(control), self._whole(point)
        mirrored = self.control and (2 * self.at[0] - self.control[0], 2 * self.at[1] - self.control[1])
        if mirrored and max(abs(mirrored[0] - wanted[0]), abs(mirrored[1] - wanted[1])) <= TOLERANCE:
            self.control = mirrored
            self._add("t", end)
        else:
            self.control = wanted
            self._add("q", wanted, end)

    def _closePath(self):
        self.parts.append("z")
        self.at, self.control = self.start, None


def outlines(path: str) -> dict[str, list]:
    font = instantiateVariableFont(TTFont(path), {"wght": WEIGHT})
    glyphs, scale, found = font.getGlyphSet(), UNITS / font["head"].unitsPerEm, {}
    for code, name in font.getBestCmap().items():
        if unicodedata.category(chr(code))[0] in CATEGORIES:
            pen, bounds = ShortPath(glyphs, scale), BoundsPen(glyphs)
            glyphs[name].draw(pen)
            glyphs[name].draw(bounds)
            left, low, right, high = (round(edge * scale) for edge in bounds.bounds)
            found[chr(code)] = [round(glyphs[name].width * scale), [left, -high, right, -low], "".join(pen.parts)]
            found[chr(code)] += [1] if "latin-ext" in path else []
    return found


def main(paths: list[str]) -> None:
    # The first file comes last: what both have is from there.
    found = {letter: outline for path in sorted(paths) for letter, outline in outlines(path).items()}
    rows = [f"{json.dumps(letter)}: {json.dumps(found[letter], separators=(',', ':'))}" for letter in sorted(found)]
    OUTPUT.write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
