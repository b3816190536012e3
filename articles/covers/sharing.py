"""What other sites and chats show with a link: a card with title, people and a letter or a picture."""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings

from publishing.drawing import share_cards
from publishing.drawing.outlines import outline
from publishing.drawing.serving import card_path
from publishing.drawing.share_cards import Mark, ShareCard
from publishing.identity import face
from publishing.identity.colours import Palette, palette
from publishing.models import Publication
from publishing.text.moments import counted
from publishing.text.typography import typeset

from .. import covers
from . import letters, words


class ShareImage(NamedTuple):
    """For OpenGraph; the address is absolute."""

    url: str
    width: int
    height: int
    alt: str


def image(page: str, card: ShareCard) -> ShareImage:
    """The card of the page at this path."""
    said = (card.kicker, card.title, card.foot)
    alt = ". ".join(part.rstrip(".") for part in said if part)
    return ShareImage(settings.SITE_URL + card_path(page, card), share_cards.WIDTH, share_cards.HEIGHT, alt)


def _card(*, palette: Palette, inks: letters.Inks, kicker="", title="", foot="", deck="", **others) -> ShareCard:
    look, publication = face.current(), Publication.current()
    others.setdefault("language", settings.LANGUAGE_CODE)
    return ShareCard(
        kicker=typeset(kicker),
        title=typeset(title, others["language"]),
        foot=typeset(foot),
        deck=typeset(deck, others["language"]),
        name=publication.name,
        hue=palette.hue_light,
        tint=palette.tint_light,
        ground=inks.ground,
        accent="" if look.logos else look.accent,
        **others,
    )


def of_article(article, names: Iterable[str]) -> ShareCard:
    """With its picture, or the letter of its cover. No query for what `for_list` has."""
    drawn = covers.drawn(article)
    return _card(
        palette=drawn.palette,
        inks=drawn.inks,
        kicker=article.category.name if article.category else "",
        title=article.title,
        foot=", ".join(names),
        marks=_letters(drawn),
        language=article.text_language,
        **_picture(article.cover),
    )


def image_of(article, names: Iterable[str]) -> ShareImage:
    return image(article.get_absolute_url(), of_article(article, names))


def of_text(kicker: str, title: str, *, foot="", deck="", number=1, colours: Palette | None = None, picture=None):
    """The card of a page that is no article: of a list, of an author, of the publication. No query."""
    drawn = covers.of_text(title, number, colours or palette(face.current().accent))
    marks = _letters(drawn)
    texts = {"kicker": kicker, "title": title, "foot": foot, "deck": deck}
    return _card(palette=drawn.palette, inks=drawn.inks, marks=marks, **texts, **_picture(picture))


def of_mark(kicker: str, title: str, mark: str, *, foot="", colours: Palette | None = None) -> ShareCard:
    """A card that shows a sign or a number in the middle, as large as it fits."""
    colours = colours or palette(face.current().accent)
    (width, height), (left, top, right, bottom) = share_cards.PICTURE, outline(mark).box
    scale = min(0.8 * width / (right - left), 0.72 * height / (bottom - top))
    x = (width - (right - left) * scale) / 2 - left * scale
    y = (height - (bottom - top) * scale) / 2 - top * scale
    marks = (Mark(mark, x, y, 1000 * scale, colours.deep),)
    return _card(palette=colours, inks=_even(colours), kicker=kicker, title=title, foot=foot, marks=marks)


def _even(colours: Palette) -> letters.Inks:
    return letters.Inks(colours.middle, colours.deep, colours.pale)


def of_publication() -> ShareCard:
    """Its tagline, or else its name; the mark, or with a logo of its own a letter."""
    publication, look = Publication.current(), face.current()
    title, kicker = publication.tagline or publication.name, publication.tagline and publication.name
    if look.logos:
        return of_text(kicker, title)
    colours, (width, height) = palette(look.accent), share_cards.PICTURE
    marks = share_cards.bars(0.14 * width, height / 2 - 0.306 * width, 0.036 * width, colours.deep, colours.pale)
    return _card(palette=colours, inks=_even(colours), kicker=kicker, title=title, marks=tuple(marks))


def of_list(listed, number: int) -> ShareCard:
    """The card of a category, tag, author or series with so many articles."""
    kind, foot = listed._meta.model_name, counted(number, "article")
    others = {"deck": listed.description} if kind in ("category", "series") else {}
    if kind == "category":
        others |= {"number": listed.pk, "colours": listed.palette}
    elif kind == "author":
        others |= {"deck": words.first_sentence(listed.biography_html), "picture": listed.picture}
    return of_text(str(listed.kind_name), str(listed), foot=foot, **others)


def _picture(row) -> dict:
    """Of a stored picture, the smallest file that is large enough."""
    if row is None:
        return {}
    return {"picture": row.file_for(*share_cards.PICTURE), "focus": (row.focus_x, row.focus_y)}


def _letters(drawn) -> tuple[Mark, ...]:
    """The letter and the sign of a cover, or rings."""
    inks, (width, height) = drawn.inks, share_cards.PICTURE
    if drawn.style != covers.GEOMETRY:
        placed = letters.place(width, height, drawn.letters, drawn.sign, drawn.seed, inks)
        return tuple(Mark(*mark) for mark in placed)
    rings = ((260, inks.tone), (190, inks.ground), (120, inks.ink), (50, inks.tone))
    return tuple(Mark("", width / 2, height / 2, radius, fill) for radius, fill in rings)
