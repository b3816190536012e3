"""Covers of articles without a picture: drawn from title and category as SVG, the same for the same text."""

import json
from dataclasses import astuple
from functools import lru_cache
from hashlib import blake2s, sha256
from typing import NamedTuple

from publishing.drawing.outlines import can_draw
from publishing.identity import face
from publishing.identity.colours import Palette, automatic, palette

from . import geometry, letters, words

# Width and height.
SHAPES = {"wide": (320, 200), "square": (200, 200)}
MOST_BYTES = 2000
# Part of the address of every cover: raise it when covers are drawn in another way.
VERSION = 1
DIGEST_LENGTH = 10
LETTERS, GEOMETRY, NONE = "letters", "geometry", "none"
# Behind the letters, by the number of the category.
SIGNS = "“;${&?#*/@+§!%¶<"


class Cover(NamedTuple):
    """What is drawn: everything that the picture depends on."""

    style: str
    title: str
    letters: str
    number: int
    palette: Palette

    @property
    def digest(self) -> str:
        """Part of the address: changes with the picture."""
        return _digest(self)

    @property
    def seed(self) -> bytes:
        return blake2s(self.title.encode(), digest_size=16, person=b"cover177").digest()

    @property
    def inks(self) -> letters.Inks:
        orders = letters.orders(self.palette.deep, self.palette.middle, self.palette.pale)
        return orders[self.seed[0] % len(orders)]

    @property
    def sign(self) -> str:
        return SIGNS[(self.number - 1) % len(SIGNS)]

    def path(self, article, shape: str) -> str:
        name = "square" if shape == "square" else "cover"
        return f"{article.get_absolute_url()}{name}-{self.digest}.svg"

    def svg(self, shape: str) -> str:
        """The picture in one of `SHAPES`, at most `MOST_BYTES`."""
        (width, height), inks = SHAPES[shape], self.inks
        start = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        start += f' viewBox="0 0 {width} {height}"><path fill="{inks.ground}" d="M0 0h{width}v{height}H0z"/>'
        room = MOST_BYTES - len(start) - len("</svg>")
        return f"{start}{self._figures(width, height, room)}</svg>"

    def _figures(self, width: int, height: int, room: int) -> str:
        """Without the sign, or without the third letter, if it would be more than `room`."""
        if self.style == GEOMETRY:
            lengths = words.lengths_of(self.title)
            return geometry.draw(width, height, self.number - 1, lengths, self.seed, self.inks)
        for text in (self.letters, self.letters[:2]):
            sign, word = letters.place(width, height, text, self.sign, self.seed, self.inks)
            for figures in (sign.svg + word.svg, word.svg):
                if len(figures) <= room:
                    return figures
        raise ValueError("Two letters have too many bytes.")


@lru_cache(maxsize=1000)
def _digest(cover: Cover) -> str:
    text = json.dumps([VERSION, *cover[:-1], *astuple(cover.palette)])
    return sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def of(article) -> Cover | None:
    """The drawn cover of an article; None if it has a picture, or the publication has no covers. No query."""
    if article.cover_id or _style() == NONE:
        return None
    return drawn(article)


def _style() -> str:
    return face.current().publication.cover_style


def drawn(article) -> Cover:
    """The cover that is drawn for the article if it has no picture: its sharing card shows a part of it, too."""
    category = article.category
    # A draft may have no category yet.
    number, colours = (category.pk, category.palette) if category else (1, palette(automatic(1)))
    return of_text(article.title, number, colours, article.cover_letters)


def of_text(title: str, number: int, colours: Palette, chosen: str = "") -> Cover:
    """With the letters that were chosen, or those of the title."""
    text = chosen or words.letters_of(title, can_draw)
    # Of other scripts there are no letters.
    text, style = (text, _style()) if can_draw(text) else ("", GEOMETRY)
    return Cover(style, title, text, number, colours)
