"""Cards for sharing: what other sites and chats show with a link. 1200 × 630 pixels, PNG of few colours."""

import json
import re
import unicodedata
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from .outlines import can_draw

WIDTH, HEIGHT = 1200, 630
# The part with text, and its margins.
TEXT_WIDTH, LEFT, RIGHT = 770, 64, 714
KICKER_TOP, TITLE_TOP, TITLE_BOTTOM, FOOT = 78, 124, 500, 566
# Of the title, the first that is small enough for it.
SIZES = (76, 66, 56, 48, 42)
LEADING = 1.06
INK = "#1b1a18"
COLOURS = 48
# Part of the address of every card: raise it when cards are drawn in another way.
VERSION = 1
DIGEST_LENGTH = 12
FONT = settings.BASE_DIR / "static/fonts/newsreader-latin-wght-normal.woff2"
# What fonts of text do not have, and texts do without: pictures, and marks that cannot be seen.
_LEFT_OUT = {"So", "Sk", "Cf", "Cc", "Cs", "Co", "Cn"}


class Mark(NamedTuple):
    """A text on the baseline `y`, or a circle of this radius around the place if there is no text."""

    text: str
    x: float
    y: float
    size: float
    fill: str


class ShareCard(NamedTuple):
    """What a card says. Texts that the typeface cannot show are left off: see `shown`."""

    kicker: str
    title: str
    foot: str
    name: str
    # Of kicker and ground of the text; of the picture at the right, and what is on it.
    hue: str
    tint: str
    ground: str
    marks: tuple[Mark, ...]
    deck: str = ""

    @property
    def digest(self) -> str:
        """Part of the address: changes with the picture."""
        return sha256(json.dumps([VERSION, *self]).encode()).hexdigest()[:DIGEST_LENGTH]

    def png(self) -> bytes:
        """At most 60 kB; a twentieth of a second of CPU."""
        card = Image.new("RGB", (WIDTH, HEIGHT), self.tint)
        card.paste(self._picture(), (TEXT_WIDTH, 0))
        draw = ImageDraw.Draw(card)
        _spaced(draw, (LEFT, KICKER_TOP), shown(self.kicker).upper(), font(25, 700), self.hue)
        bottom = _paragraph(draw, TITLE_TOP, TITLE_BOTTOM, shown(self.title), SIZES, 600, INK)
        if self.deck and bottom < TITLE_BOTTOM - 90:
            _paragraph(draw, bottom + 22, TITLE_BOTTOM, shown(self.deck), (32, 27), 400, "#5c574f")
        name = shown(self.name)
        start = RIGHT - font(32, 700).getlength(name)
        draw.text((start, FOOT), name, INK, font(32, 700), "ls")
        foot = _cut(shown(self.foot), font(30, 600), start - LEFT - 24)
        draw.text((LEFT, FOOT), foot, INK, font(30, 600), "ls")
        buffer = BytesIO()
        card.quantize(COLOURS, Image.Quantize.FASTOCTREE).save(buffer, "PNG")
        return buffer.getvalue()

    def _picture(self) -> Image.Image:
        picture = Image.new("RGB", (WIDTH - TEXT_WIDTH, HEIGHT), self.ground)
        draw = ImageDraw.Draw(picture)
        for mark in self.marks:
            if mark.text:
                draw.text((mark.x, mark.y), mark.text, mark.fill, font(round(mark.size), 700), "ls")
            else:
                _circle(picture, mark)
        return picture


def _circle(picture: Image.Image, mark: Mark) -> None:
    """With a smooth edge: drawn large, then reduced."""
    side = round(mark.size) * 2
    mask = Image.new("L", (2 * side, 2 * side))
    ImageDraw.Draw(mask).ellipse((0, 0, 2 * side - 1, 2 * side - 1), 255)
    picture.paste(mark.fill, (round(mark.x) - side // 2, round(mark.y) - side // 2), mask.reduce(2))


@lru_cache(maxsize=64)
def font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    found = ImageFont.truetype(FONT, size)
    found.set_variation_by_axes([weight])
    return found


def shown(text: str) -> str:
    """The text as the typeface shows it, in one line, without emoji; "" if it has no letter for a part of it."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if char.isspace() else char for char in text if can_draw(char) or not _is_left_out(char))
    text = re.sub(r" +", " ", text).strip()
    return text if all(char == " " or can_draw(char) for char in text) else ""


def _is_left_out(char: str) -> bool:
    return not char.isspace() and (unicodedata.category(char) in _LEFT_OUT or "\ufe00" <= char <= "\ufe0f")


def _spaced(draw, place, text: str, face, fill: str) -> None:
    """Letters with space between them, as capitals need it."""
    x, y = place
    for char in _cut(text, face, (RIGHT - LEFT) * 0.86):
        draw.text((x, y), char, fill, face, "ls")
        x += face.getlength(char) + 2.4


def _cut(text: str, face, width: float) -> str:
    """The text, or as much of it as is no wider, with an ellipsis."""
    if face.getlength(text) <= width:
        return text
    while text and face.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…" if text else ""


def _lines(text: str, face, width: int) -> list[str]:
    """The lines of a paragraph; a word that is wider than a line goes on in the next one."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if face.getlength(longer) <= width:
            line = longer
            continue
        lines += [line] if line else []
        while face.getlength(word) > width:
            count = max(1, int(len(word) * width / face.getlength(word)))
            lines.append(word[:count])
            word = word[count:]
        line = word
    return [*lines, line] if line else lines


def _paragraph(draw, top: int, bottom: int, text: str, sizes, weight: int, fill: str) -> float:
    """Write the text in the first of `sizes` in which it fits, cut if it fits in none; returns where it ends."""
    for size in sizes:
        face, leading = font(size, weight), size * LEADING if size > 40 else size * 1.3
        lines, room = _lines(text, face, RIGHT - LEFT), int((bottom - top) // leading)
        if len(lines) <= room:
            break
    if len(lines) > room:
        lines = [*lines[: room - 1], _cut(lines[room - 1] + " " + lines[room], face, RIGHT - LEFT)]
    for number, line in enumerate(lines):
        draw.text((LEFT, top + number * leading + size * 0.74), line, fill, face, "ls")
    return top + len(lines) * leading
