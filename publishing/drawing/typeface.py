"""Text in the site's typeface on a picture: which of it can be shown, how wide it is, where its lines end."""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from PIL import ImageFont

from .outlines import can_draw, is_extended

# Latin, and what only Latin Extended has: together one typeface, as in the style sheet.
FILES = [settings.BASE_DIR / f"static/fonts/newsreader-{name}-wght-normal.woff2" for name in ("latin", "latin-ext")]
# What a text does without: pictures, and marks that cannot be seen.
_LEFT_OUT = {"So", "Sk", "Cf", "Cc", "Cs", "Co", "Cn"}


@lru_cache(maxsize=64)
def _font(file: int, size: int, weight: int) -> ImageFont.FreeTypeFont:
    # Pillow reads variable WOFF2.
    found = ImageFont.truetype(FILES[file], size)
    found.set_variation_by_axes([weight])
    return found


class Face(NamedTuple):
    size: int
    weight: int

    def _runs(self, text: str):
        """The font of each part of the text, and the part."""
        for extended, letters in groupby(text, is_extended):
            yield _font(int(extended), *self), "".join(letters)

    def width(self, text: str) -> float:
        return sum(font.getlength(part) for font, part in self._runs(text))

    def draw(self, draw, x: float, y: float, text: str, fill: str) -> None:
        """From `x` on the baseline `y`."""
        for font, part in self._runs(text):
            draw.text((x, y), part, fill, font, "ls")
            x += font.getlength(part)

    def draw_spaced(self, draw, x: float, y: float, text: str, fill: str, space: float) -> None:
        """With space between the letters, as capitals need it."""
        for letter in text:
            self.draw(draw, x, y, letter, fill)
            x += self.width(letter) + space

    def cut(self, text: str, width: float) -> str:
        """The text, or as much of it as is no wider, with an ellipsis."""
        if self.width(text) <= width:
            return text
        while text and self.width(text + "…") > width:
            text = text[:-1]
        return text.rstrip() + "…" if text else ""

    def lines(self, text: str, width: int) -> list[str]:
        """The lines of a paragraph; a word that is wider than a line goes on in the next one."""
        lines, line = [], ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if self.width(longer) <= width:
                line = longer
                continue
            lines += [line] if line else []
            while (length := self.width(word)) > width:
                count = max(1, int(len(word) * width / length))
                lines.append(word[:count])
                word = word[count:]
            line = word
        return [*lines, line] if line else lines


def shown(text: str) -> str:
    """The text as the typeface shows it, in one line, without emoji; "" if it has no letter for a part of it."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if char.isspace() else char for char in text if can_draw(char) or not _is_left_out(char))
    text = re.sub(r" +", " ", text).strip()
    return text if all(char == " " or can_draw(char) for char in text) else ""


def _is_left_out(char: str) -> bool:
    return not char.isspace() and (unicodedata.category(char) in _LEFT_OUT or "\ufe00" <= char <= "\ufe0f")
