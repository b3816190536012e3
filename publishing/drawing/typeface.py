"""Text in the site's typeface on a picture: which of it can be shown, how wide it is, where its lines end."""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from langcodes import Language
from PIL import ImageFont, features

from publishing.text.languages import language_of_text, script_of

from .bidirectional import is_right_to_left, visual
from .breaking import pieces

_STATIC = settings.BASE_DIR / "static/fonts"
# Latin, and what only the others have: together one typeface, as in the style sheet.
FILES = [_STATIC / f"newsreader-{name}-wght-normal.woff2" for name in ("latin", "latin-ext", "vietnamese")]
# Of other scripts; of each letter the first that has it.
OTHERS = sorted(Path(__file__).with_name("fonts").glob("*.*tf")) + sorted(
    Path(__file__).with_name("fonts").glob("*.woff2")
)
# The forms of a Chinese character differ by country: where to look first.
_HAN = {"Jpan": "-jp-", "Kore": "-kr-", "Hans": "-sc-", "Hant": "-tc-"}
# HarfBuzz, which joins letters and places marks, needs FriBiDi; Pillow takes that of the system.
IS_SHAPED = features.check("raqm")
# What a text does without: pictures, and marks that cannot be seen.
_LEFT_OUT = {"So", "Sk", "Cf", "Cc", "Cs", "Co", "Cn"}
# Between letters of Persian or Hindi they tell how these are joined.
_JOINERS = "\u200c\u200d"
# As large as some texts of a card are, so that a font is loaded once less.
_PROBE = 30
_NOWHERE = "\U0010fffd"


@lru_cache(maxsize=40)
def _font(file: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    # Pillow reads WOFF2. One of many letters takes 30 ms.
    found = ImageFont.truetype(file, size)
    if file in FILES:
        found.set_variation_by_axes([weight])
    return found


@cache
def _blank(file: Path) -> bytes:
    """What a font draws for a letter that it lacks."""
    return bytes(_font(file, _PROBE, 400).getmask(_NOWHERE))


@lru_cache(maxsize=10_000)
def _has(file: Path, letter: str) -> bool:
    return bytes(_font(file, _PROBE, 400).getmask(letter)) != _blank(file)


@lru_cache(maxsize=100)
def _files(han: str) -> list[Path]:
    """All fonts in the order in which they are asked for a letter."""
    return [
        *FILES,
        *sorted(OTHERS, key=lambda file: (any(part in file.name for part in _HAN.values()), han not in file.name)),
    ]


@lru_cache(maxsize=10_000)
def _file_of(letter: str, han: str) -> Path | None:
    if letter == " ":
        return FILES[0]
    return next((file for file in _files(han) if _has(file, letter)), None)


def _han(text: str, language: str) -> str:
    """Part of the name of the font for Chinese characters in a text."""
    if text.isascii():
        return ""
    if script_of(language) not in ("Jpan", "Hani", "Kore"):
        language = language_of_text(text)
    return _HAN.get(Language.get(language).maximize().script, _HAN["Hans"])


class Face(NamedTuple):
    size: int
    weight: int
    # Of the text, if it is known.
    language: str = ""

    def _runs(self, text: str):
        """From left to right, the font of each part of the text, the part, and options of Pillow for it."""
        han = _han(text, self.language)
        for part, is_rtl in visual(text):
            files, file = [], FILES[0]
            for letter in part:
                # A mark is drawn with its letter.
                if not unicodedata.category(letter).startswith("M") and letter not in _JOINERS:
                    file = _file_of(letter, han) or FILES[0]
                files.append(file)
            found = [
                (key, "".join(letter for _, letter in group))
                for key, group in groupby(zip(files, part, strict=True), key=lambda pair: pair[0])
            ]
            options = {"direction": "rtl"} if is_rtl and IS_SHAPED else {}
            for key, letters in reversed(found) if is_rtl else found:
                yield _font(key, self.size, self.weight), letters, options

    def width(self, text: str) -> float:
        return sum(font.getlength(part, **options) for font, part, options in self._runs(text))

    def draw(self, draw, x: float, y: float, text: str, fill: str) -> None:
        """From `x` on the baseline `y`."""
        for font, part, options in self._runs(text):
            draw.text((x, y), part, fill, font, "ls", **options)
            x += font.getlength(part, **options)

    def draw_spaced(self, draw, x: float, y: float, text: str, fill: str, space: float) -> None:
        """With space between the letters, as capitals need it; without any, they may be joined."""
        if not space:
            self.draw(draw, x, y, text, fill)
            return
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
        for space, word in pieces(text):
            longer = f"{line}{space}{word}" if line else word
            if self.width(longer) <= width:
                line = longer
                continue
            lines += [line] if line else []
            while (length := self.width(word)) > width:
                count = max(1, int(len(word) * width / length))
                while count > 1 and unicodedata.category(word[count]).startswith("M"):
                    count -= 1
                lines.append(word[:count])
                word = word[count:]
            line = word
        return [*lines, line] if line else lines


def is_plain(text: str) -> bool:
    """Whether Newsreader has all of it."""
    return text.isascii() or all(_file_of(letter, "") in FILES for letter in text)


def shown(text: str, language: str = "") -> str:
    """The text as the fonts show it, in one line, without emoji; "" if none has a letter for a part of it."""
    text = unicodedata.normalize("NFC", text)
    if text.isascii():
        return " ".join("".join(char if char.isprintable() else " " for char in text).split())
    han = _han(text, language)
    text = "".join(" " if char.isspace() else char for char in text if not _is_left_out(char, han))
    # A joiner is left over where an emoji was.
    text = re.sub(rf"(?<![^\W\d_])[{_JOINERS}]+|[{_JOINERS}]+(?!\w)", "", text)
    text = re.sub(r" +", " ", text).strip()
    if not IS_SHAPED and any(is_right_to_left(char) or unicodedata.category(char) == "Mc" for char in text):
        return ""
    return text if all(char in _JOINERS or _is_drawn(char, han) for char in text) else ""


def _is_drawn(char: str, han: str) -> bool:
    return _file_of(char, han) is not None


def _is_left_out(char: str, han: str) -> bool:
    if char.isspace() or char in _JOINERS:
        return False
    if "\ufe00" <= char <= "\ufe0f":
        return True
    return unicodedata.category(char) in _LEFT_OUT and (
        unicodedata.category(char)[0] == "C" or not _is_drawn(char, han)
    )
