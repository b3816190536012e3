"""Texts of Ghost's editor before version 5, Mobiledoc, as HTML: https://github.com/bustle/mobiledoc-kit."""

import json
from html import escape

from django.utils.translation import gettext

from publishing.transfer.notes import Notes, Refused

from . import cards

_TEXT, _PICTURE, _LIST, _CARD = 1, 2, 3, 10
_TAGS = frozenset("p h1 h2 h3 h4 h5 h6 blockquote aside pull-quote ul ol".split())  # noqa: SIM905
_MARKUPS = frozenset("a b strong i em s del u code sub sup mark".split())  # noqa: SIM905


def to_html(source: str, notes: Notes) -> str:
    try:
        document = json.loads(source, strict=False)
        return "".join(_section(section, document, notes) for section in document["sections"])
    except RecursionError as error:
        raise Refused(gettext("its text is nested too deeply")) from error
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise Refused(gettext("its text (Mobiledoc) is damaged")) from error


def _section(section: list, document: dict, notes: Notes) -> str:
    kind = section[0]
    if kind == _CARD:
        name, *payload = document["cards"][section[1]]
        return cards.html_of(name, payload[0] if payload and isinstance(payload[0], dict) else {}, notes)
    if kind == _PICTURE:
        return f'<img src="{escape(str(section[1]))}" alt="">'
    tag = section[1] if section[1] in _TAGS else "p"
    if kind == _LIST:
        items = "".join(f"<li>{_line(markers, document)}</li>" for markers in section[2])
        return f"<{tag}>{items}</{tag}>"
    if kind == _TEXT:
        name = "blockquote" if tag == "pull-quote" else tag
        return f"<{name}>{_line(section[2], document)}</{name}>"
    return ""


def _line(markers: list, document: dict) -> str:
    parts, opened = [], []
    for kind, opens, closes, value in markers:
        for number in opens:
            name, *attributes = document["markups"][number]
            name = str(name).lower()
            opened.append(name if name in _MARKUPS else "span")
            parts.append(f"<{opened[-1]}{_link(attributes)}>")
        if kind:
            name, text, *_ = document["atoms"][value]
            parts.append("<br>" if name == "soft-return" else escape(str(text)))
        else:
            parts.append(escape(str(value), quote=False))
        parts += [f"</{opened.pop()}>" for _ in range(min(closes, len(opened)))]
    return "".join(parts)


def _link(attributes: list) -> str:
    pairs = attributes[0] if attributes and isinstance(attributes[0], list) else []
    named = dict(zip(pairs[::2], pairs[1::2], strict=False))
    return f' href="{escape(str(named["href"]))}"' if named.get("href") else ""
