"""What other sites and chats show with a link to an article: its picture, or a card."""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings

from publishing.drawing import share_cards
from publishing.drawing.share_cards import Mark, ShareCard
from publishing.models import Publication
from publishing.text.typography import typeset

from .. import covers
from . import letters

PICTURE = (share_cards.WIDTH - share_cards.TEXT_WIDTH, share_cards.HEIGHT)


class ShareImage(NamedTuple):
    """For OpenGraph; the address is absolute."""

    url: str
    width: int
    height: int
    alt: str


def image_of(article, names: Iterable[str]) -> ShareImage:
    """The picture of an article, or its card with the names of its authors. No query for what `for_list` has."""
    if picture := article.cover:
        url = settings.SITE_URL + picture.file.url
        return ShareImage(url, picture.width, picture.height, picture.alt or typeset(article.title))
    path = f"{article.get_absolute_url()}card-{card_of(article, names).digest}.png"
    return ShareImage(settings.SITE_URL + path, share_cards.WIDTH, share_cards.HEIGHT, typeset(article.title))


def card_of(article, names: Iterable[str]) -> ShareCard:
    drawn = covers.drawn(article)
    palette, inks = drawn.palette, drawn.inks
    return ShareCard(
        kicker=article.category.name if article.category else "",
        title=typeset(article.title),
        foot=", ".join(map(typeset, names)),
        name=Publication.current().name,
        hue=palette.hue_light,
        tint=palette.tint_light,
        ground=inks.ground,
        marks=marks_of(drawn),
    )


def marks_of(drawn) -> tuple[Mark, ...]:
    """The letter and the sign of a cover, or rings."""
    inks, (width, height) = drawn.inks, PICTURE
    if drawn.style != covers.GEOMETRY:
        placed = letters.place(width, height, drawn.letters, drawn.sign, drawn.seed, inks)
        return tuple(Mark(*mark) for mark in placed)
    rings = ((260, inks.tone), (190, inks.ground), (120, inks.ink), (50, inks.tone))
    return tuple(Mark("", width / 2, height / 2, radius, fill) for radius, fill in rings)
