"""Shortcodes in a text: where they are, which belong together, and what they say of themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from .names import KNOWN, OWN

_VALUE = r"(?:[^\[\]\"'<>]|\"[^\"]{0,2000}\"|'[^']{0,2000}'|<[^<>]{0,500}>)"
TOKEN = re.compile(rf"\[(\[?)(/?)([A-Za-z][\w-]*)((?:[\s=/:]{_VALUE}{{0,3000}}?)?)(/?)\](\]?)")
_RAW = re.compile(r"<(!--|pre\b|code\b|script\b|style\b|textarea\b)|<[A-Za-z/][^<>]*>", re.IGNORECASE)
_PAIR = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s'\"]+))|\"([^\"]*)\"|(\S+)")
_TYPED = re.compile(r"\s+(?:[\w-]+\s*=\s*[\"'\w#/]|https?://)")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "″": '"', "’": "'", "′": "'", "«": '"', "»": '"'})


@dataclass
class Token:
    """A shortcode's start or end; without a name, `text` stands for what is between `start` and `end`."""

    start: int
    end: int
    name: str
    text: str
    is_end: bool = False
    # "[name /]"
    is_closed: bool = False
    # Nothing else is on its line.
    is_alone: bool = False
    has_end: bool = False
    # Of an end, its start.
    partner: "Token | None" = None


def tokens(text: str) -> list[Token]:
    """The shortcodes of a text in order. Those in tags, comments and code are text."""
    found = list(_found(text))
    opened: dict[str, list[Token]] = {}
    for token in found:
        if token.is_end and opened.get(token.name):
            token.partner = opened[token.name].pop()
            token.partner.has_end = True
        elif not token.is_end and not token.is_closed and token.name:
            opened.setdefault(token.name, []).append(token)
    return [token for token in found if _is_shortcode(token)]


def _found(text: str) -> Iterator[Token]:
    position, lower, no_end = 0, text.lower(), set()
    raw, token = _RAW.search(text), TOKEN.search(text)
    while token:
        if raw and raw.start() < token.start():
            position = raw.end()
            name = (raw[1] or "").lower()
            if name and name not in no_end:
                end = lower.find("-->" if name == "!--" else f"</{name}", position)
                if end < 0:
                    no_end.add(name)
                elif name in ("pre", "code"):
                    yield from _escaped(text, position, end)
                position = max(position, end)
        else:
            position = token.end()
            if token[1] and token[6]:
                yield _text_of(token)
            elif token[1]:
                # "[[1]" and the like: look again behind the first bracket.
                position = token.start() + 1
            else:
                position -= len(token[6])
                yield _token(text, token, position)
        if raw and raw.start() < position:
            raw = _RAW.search(text, position)
        if token.start() < position:
            token = TOKEN.search(text, position)


def _token(text: str, found: re.Match, end: int) -> Token:
    is_alone = _is_edge(text, found.start() - 1, -1, "\n>") and _is_edge(text, end, 1, "\n\r<")
    return Token(found.start(), end, found[3], found[4], bool(found[2]), bool(found[5]), is_alone)


def _is_edge(text: str, place: int, step: int, edges: str) -> bool:
    """Whether nothing but a few spaces lies between a place and the edge of a line."""
    for _ in range(20):
        if not 0 <= place < len(text) or text[place] in edges:
            return True
        if text[place] not in " \t":
            return False
        place += step
    return False


def _escaped(text: str, start: int, end: int) -> Iterator[Token]:
    """In code, "[[name]]" stands for "[name]"."""
    for found in TOKEN.finditer(text, start, end):
        if found[1] and found[6]:
            yield _text_of(found)


def _text_of(found: re.Match) -> Token:
    return Token(found.start(), found.end(), "", f"&#91;{found[0][2:-2]}&#93;")


def _is_shortcode(token: Token) -> bool:
    """Not "[sic]", "[1]", "[see below]" or "[well-known]"."""
    name = token.name
    if not name or token.has_end or token.partner or name.lower() in OWN:
        return True
    if token.is_end:
        return name.lower() in KNOWN
    is_typed = token.is_closed or bool(_TYPED.match(token.text.translate(_QUOTES)))
    if is_typed or (name.lower() in KNOWN and token.text) or ("_" in name and name.islower()):
        return True
    return token.is_alone and (name.lower() in KNOWN or ("-" in name and name.islower()))


def attributes(text: str) -> dict[str, str]:
    """By lower-case names; those without a name by their numbers."""
    found: dict[str, str] = {}
    number = 0
    # "[youtube=https://…]"
    text = re.sub(r"^[=:]", " ", text.translate(_QUOTES))
    for name, *quoted, alone, word in _PAIR.findall(text):
        if name:
            found.setdefault(name.lower(), unescape(next(filter(None, quoted), "")))
        else:
            found[str(number)] = unescape(alone or word).strip("\"'")
            number += 1
    return found
