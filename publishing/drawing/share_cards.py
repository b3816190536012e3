"""Cards for sharing: what other sites and chats show with a link. 1200 × 630 pixels, PNG of few colours."""

import json
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple

from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageOps

from .bidirectional import is_right_to_left
from .typeface import Face, is_plain, shown

WIDTH, HEIGHT = 1200, 630
# The part with text, and its margins.
TEXT_WIDTH, LEFT, RIGHT = 770, 64, 714
PICTURE = (WIDTH - TEXT_WIDTH, HEIGHT)
KICKER_TOP, TITLE_TOP, TITLE_BOTTOM, FOOT = 78, 124, 500, 566
# Of the title, the first that is small enough for it.
SIZES = (76, 66, 56, 48, 42)
LEADING, LOOSE = 1.06, 1.32
INK, MUTED = "#1b1a18", "#5c574f"
COLOURS, PICTURE_COLOURS = 48, 112
MOST_BYTES, MOST_PICTURE_BYTES = 60_000, 42_000
# Part of the address of every card: raise it when cards are drawn in another way.
VERSION = 2
DIGEST_LENGTH = 12
KICKER, NAME, FACTS = Face(25, 700), Face(32, 700), Face(30, 600)


class Mark(NamedTuple):
    """A text on the baseline `y`; without a text a box, or without a height a circle round the place."""

    text: str
    x: float
    y: float
    size: float
    fill: str
    height: float = 0


def bars(x: float, y: float, scale: float, ink: str, accent: str) -> list[Mark]:
    """The mark of a publication without a logo, as in the head of its pages: 20 × 17 units from the top left."""
    rows = ((0, 0, 20, 3, ink), (8, 5, 12, 2.5, accent), (8, 9.5, 12, 2.5, accent), (0, 14, 20, 3, ink))
    return [
        Mark("", x + left * scale, y + top * scale, width * scale, fill, height * scale)
        for left, top, width, height, fill in rows
    ]


class ShareCard(NamedTuple):
    """What a card says. Texts that no font can show are left off: see `typeface.shown`.

    With a title from right to left all of it is mirrored.
    """

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
    # The colour of the mark before the name; none if the publication has a logo of its own.
    accent: str = ""
    # The name of a file in the default storage, which is shown instead of marks; what of it stays in view, in %.
    picture: str = ""
    focus: tuple[int, int] = (50, 50)
    # Of the title, if it is known: the forms of Chinese characters differ by it.
    language: str = ""

    @property
    def digest(self) -> str:
        """Part of the address: changes with the picture."""
        return sha256(json.dumps([VERSION, *self]).encode()).hexdigest()[:DIGEST_LENGTH]

    def png(self) -> bytes:
        """At most 60 kB. A twentieth of a second of CPU, twice that with a picture."""
        card = Image.new("RGB", (WIDTH, HEIGHT), self.tint)
        self._write(ImageDraw.Draw(card))
        picture, place = self._photograph(), (0 if self._is_mirrored else TEXT_WIDTH, 0)
        if picture is None:
            card.paste(self._drawn(), place)
            return _encoded(card.quantize(COLOURS, Image.Quantize.FASTOCTREE))
        detail = _detail(picture)
        if detail <= MOST_PICTURE_BYTES:
            card.paste(picture, place)
            found = _encoded(card.quantize(PICTURE_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE))
            if len(found) <= MOST_BYTES:
                return found
        # The more detail a picture has, the less of it is kept.
        reduced = 4 if detail < 2 * MOST_PICTURE_BYTES else 9
        card.paste(_in_two_inks(picture, reduced, self.hue, self.tint), place)
        return _encoded(card.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE))

    @property
    def _is_mirrored(self) -> bool:
        return is_right_to_left(shown(self.title, self.language) or self.name)

    def _write(self, draw) -> None:
        column, language = _Column(draw, self._is_mirrored, self.language), self.language
        name, facts = (face._replace(language=language) for face in (NAME, FACTS))
        kicker = shown(self.kicker, language).upper()
        column.write_spaced(KICKER_TOP, KICKER._replace(language=language), kicker, self.hue)
        # For a title without letters in any font, at least whose page it is.
        title = shown(self.title, language) or shown(self.name, language)
        bottom = column.paragraph(TITLE_TOP, TITLE_BOTTOM, title, SIZES, 600, INK)
        if self.deck and bottom < TITLE_BOTTOM - 90:
            column.paragraph(bottom + 22, TITLE_BOTTOM, shown(self.deck, language), (32, 27), 400, MUTED)
        signed = name.cut(shown(self.name, language), (RIGHT - LEFT) * 0.6)
        start = RIGHT - name.width(signed)
        column.write(start, FOOT, name, signed, INK)
        if self.accent:
            start -= 42
            column.marks(bars(start, FOOT - 23, 1.45, INK, self.accent))
        column.write(LEFT, FOOT, facts, facts.cut(shown(self.foot, language), start - LEFT - 24), INK)

    def _drawn(self) -> Image.Image:
        picture = Image.new("RGB", PICTURE, self.ground)
        _draw(ImageDraw.Draw(picture), self.marks)
        return picture

    def _photograph(self) -> Image.Image | None:
        """None without one, or if the file is gone or damaged."""
        if not self.picture:
            return None
        try:
            with default_storage.open(self.picture) as file:
                picture = Image.open(file).convert("RGB")
        except (OSError, SyntaxError):
            return None
        return ImageOps.fit(picture, PICTURE, Image.Resampling.BICUBIC, centering=[part / 100 for part in self.focus])


def _encoded(card: Image.Image) -> bytes:
    buffer = BytesIO()
    card.save(buffer, "PNG")
    return buffer.getvalue()


def _detail(picture: Image.Image) -> int:
    """About how many bytes it takes: four times those of its middle, which take a quarter of the time."""
    width, height = picture.size
    middle = picture.crop((width // 4, height // 4, width * 3 // 4, height * 3 // 4))
    return 4 * len(_encoded(middle.quantize(PICTURE_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)))


def _in_two_inks(picture: Image.Image, reduced: int, dark: str, light: str) -> Image.Image:
    """In few steps from one colour to the other, as a small press prints: a photograph has too many bytes as PNG."""
    grey = picture.convert("L").reduce(reduced).resize(picture.size, Image.Resampling.BICUBIC)
    grey = ImageOps.posterize(ImageOps.autocontrast(grey, 1), 3)
    return ImageOps.colorize(grey, dark, light)


def _draw(draw: ImageDraw.ImageDraw, marks) -> None:
    for mark in marks:
        if mark.text:
            Face(round(mark.size), 700).draw(draw, mark.x, mark.y, mark.text, mark.fill)
        elif mark.height:
            right, bottom = round(mark.x + mark.size) - 1, round(mark.y + mark.height) - 1
            draw.rectangle((round(mark.x), round(mark.y), right, bottom), mark.fill)
        else:
            _circle(draw, mark)


def _circle(draw: ImageDraw.ImageDraw, mark: Mark) -> None:
    """With a smooth edge: drawn large, then reduced."""
    side = round(mark.size) * 2
    mask = Image.new("L", (2 * side, 2 * side))
    ImageDraw.Draw(mask).ellipse((0, 0, 2 * side - 1, 2 * side - 1), 255)
    draw.bitmap((round(mark.x) - side // 2, round(mark.y) - side // 2), mask.reduce(2), mark.fill)


class _Column(NamedTuple):
    """The part of a card with text. Places are measured from the edge at which its lines start."""

    draw: ImageDraw.ImageDraw
    is_mirrored: bool
    language: str

    def _left(self, x: float, width: float) -> float:
        return WIDTH - x - width if self.is_mirrored else x

    def write(self, x: float, y: float, face: Face, text: str, fill: str) -> None:
        face.draw(self.draw, self._left(x, face.width(text)), y, text, fill)

    def write_spaced(self, y: float, face: Face, text: str, fill: str) -> None:
        text, space = face.cut(text, (RIGHT - LEFT) * 0.86), 2.4 if is_plain(text) else 0
        left = self._left(LEFT, face.width(text) + space * len(text))
        face.draw_spaced(self.draw, left, y, text, fill, space)

    def marks(self, marks) -> None:
        _draw(self.draw, [mark._replace(x=self._left(mark.x, mark.size)) for mark in marks])

    def paragraph(self, top: float, bottom: float, text: str, sizes, weight: int, fill: str) -> float:
        """Write the text in the first of `sizes` in which it fits, cut if it fits in none; returns where it ends."""
        tight = LEADING if is_plain(text) else LOOSE
        for size in sizes:
            face, leading = Face(size, weight, self.language), size * (tight if size > 40 else max(tight, 1.3))
            lines, room = face.lines(text, RIGHT - LEFT), int((bottom - top) // leading)
            if len(lines) <= room:
                break
        if len(lines) > room:
            lines = [*lines[: room - 1], face.cut(lines[room - 1] + " " + lines[room], RIGHT - LEFT)]
        for number, line in enumerate(lines):
            self.write(LEFT, top + number * leading + size * 0.74, face, line, fill)
        return top + len(lines) * leading
