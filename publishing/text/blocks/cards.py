"""Addresses that stand alone in their paragraph: a card if something is known of the page, else a link."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ..pictures import ImageInfo

URL_LENGTH = 500
# Of one text; more addresses are links.
MOST_CARDS = 30
_ADDRESS = rf"https?://[^\s<>\"]{{1,{URL_LENGTH - 8}}}"
_ALONE = re.compile(rf"<({_ADDRESS})>|({_ADDRESS})", re.IGNORECASE)
_LINE = re.compile(rf"^ {{0,3}}(?:<({_ADDRESS})>|({_ADDRESS}))[ \t]*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class CardInfo:
    """What is known of the page at an address, in plain text; `picture` is one of this site, without a meaning."""

    url: str
    title: str
    site: str
    description: str = ""
    picture: ImageInfo | None = None


@dataclass(frozen=True)
class Address:
    """An address alone in a paragraph at the top of a text, and the line where it stands."""

    url: str
    line: int | None
    has_card: bool


# What is known of pages, by address.
LookUp = Callable[[list[str]], Mapping[str, CardInfo]]


def use_cards(markdown: MarkdownIt) -> MarkdownIt:
    markdown.add_render_rule("link_card", _render)
    return markdown


def lines_with_addresses(source: str) -> list[str]:
    """The first addresses that are a line of a source, in code too: those that may become cards. No parsing."""
    found = dict.fromkeys(one or other for one, other in _LINE.findall(source))
    return list(found)[: 2 * MOST_CARDS]


def make_cards(tokens: list[Token], look_up: LookUp | None) -> tuple[list[Token], list[Address]]:
    """The tokens with a card for each paragraph at the top that is an address which `look_up` knows, asked once.

    Other addresses alone in a paragraph become links. Also returns those that could have a card.
    """
    top, notes = {}, 0
    for place, token in enumerate(tokens):
        if token.type in ("footnote_block_open", "footnote_block_close"):
            notes += token.nesting
        if url := _address(tokens, place):
            _link(tokens[place + 1], url)
            if not token.level and not notes and len(top) < MOST_CARDS:
                top[place] = url
    cards = look_up(list(top.values())) if look_up and top else {}
    addresses = [
        Address(url, tokens[place].map and tokens[place].map[0] + 1, url in cards) for place, url in top.items()
    ]
    for place, url in reversed(top.items()):
        if card := cards.get(url):
            tokens[place : place + 3] = [_card(card, tokens[place])]
    return tokens, addresses


def _card(card: CardInfo, paragraph: Token) -> Token:
    text = " ".join(filter(None, (card.title, card.description, card.site)))
    return Token("link_card", "", 0, block=True, map=paragraph.map, content=text, meta={"card": card})


def _address(tokens: list[Token], place: int) -> str:
    """The address that is all of the paragraph at `place`."""
    if tokens[place].type != "paragraph_open" or tokens[place].hidden:
        return ""
    found = _ALONE.fullmatch(tokens[place + 1].content.strip())
    return (found[1] or found[2]) if found else ""


def _link(inline: Token, url: str) -> None:
    inline.children = [
        Token("link_open", "a", 1, attrs={"href": _normal.normalizeLink(url)}),
        Token("text", "", 0, content=url),
        Token("link_close", "a", -1),
    ]


_normal = MarkdownIt("zero")


def pictures_of(tokens: list[Token]) -> dict[str, ImageInfo]:
    """The pictures of the cards among the tokens, by address."""
    pictures = [token.meta["card"].picture for token in tokens if token.type == "link_card"]
    return {picture.url: picture for picture in pictures if picture}


def _render(renderer, tokens, index, options, env) -> str:
    card: CardInfo = tokens[index].meta["card"]
    description = f'<p dir="auto">{escape(card.description)}</p>\n' if card.description else ""
    picture = f'<img src="{escape(card.picture.url)}" alt="">\n' if card.picture else ""
    return (
        f'<div class="box bookmark">\n<p dir="auto"><a href="{escape(_normal.normalizeLink(card.url))}">'
        f"{escape(card.title)}</a></p>\n{description}<p><small>{escape(card.site)}</small></p>\n{picture}</div>\n"
    )
