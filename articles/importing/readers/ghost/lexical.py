"""Texts of Ghost's editor since version 5, Lexical, as HTML: https://lexical.dev/docs/concepts/nodes."""

import json
from html import escape

from django.utils.translation import gettext as _

from publishing.transfer.notes import Notes, Refused

from . import cards

# Bits of the format of a text, and elements; the innermost last.
_FORMATS = ((1, "strong"), (2, "em"), (4, "s"), (8, "u"), (128, "mark"), (32, "sub"), (64, "sup"), (16, "code"))
_BLOCKS = {"paragraph": "p", "quote": "blockquote", "extended-quote": "blockquote", "aside": "aside"}
_DEPTH = 100


def to_html(source: str, notes: Notes) -> str:
    try:
        root = json.loads(source, strict=False)["root"]
    except RecursionError as error:
        raise Refused(_("its text is nested too deeply")) from error
    except (ValueError, TypeError, KeyError) as error:
        raise Refused(_("its text (Lexical) is damaged")) from error
    return _children(root, notes, 0)


def _children(node: object, notes: Notes, depth: int) -> str:
    children = node.get("children") if isinstance(node, dict) else None
    if depth > _DEPTH:
        raise Refused(_("its text is nested too deeply"))
    return "".join(_html(child, notes, depth + 1) for child in children or () if isinstance(child, dict))


def _html(node: dict, notes: Notes, depth: int) -> str:
    kind = str(node.get("type") or "")
    if kind in ("text", "extended-text", "tab"):
        return _text(node)
    if kind == "linebreak":
        return "<br>"
    if "children" not in node:
        return cards.html_of(kind, node, notes)
    inner = _children(node, notes, depth)
    if kind in ("link", "autolink", "at-link"):
        return f'<a href="{escape(str(node.get("url") or ""))}">{inner}</a>'
    if kind in ("heading", "extended-heading"):
        tag = node.get("tag") if node.get("tag") in ("h1", "h2", "h3", "h4", "h5", "h6") else "h2"
        return f"<{tag}>{inner}</{tag}>"
    if kind == "list":
        tag = "ol" if node.get("listType") == "number" else "ul"
        start = node.get("start")
        return f'<{tag} start="{start if isinstance(start, int) else 1}">{inner}</{tag}>'
    if kind == "listitem":
        return _item(node, inner)
    tag = _BLOCKS.get(kind)
    return f"<{tag}>{inner}</{tag}>" if tag else inner


def _item(node: dict, inner: str) -> str:
    children = [child.get("type") for child in node["children"] if isinstance(child, dict)]
    if children == ["list"]:
        # A list within the item before it.
        return inner
    box = ""
    if "checked" in node:
        box = f'<input type="checkbox"{" checked" if node["checked"] else ""}>'
    return f"<li>{box}{inner}</li>"


def _text(node: dict) -> str:
    text = escape(str(node.get("text") or ""), quote=False)
    bits = node.get("format")
    for bit, tag in reversed(_FORMATS if isinstance(bits, int) else ()):
        if bits & bit:
            text = f"<{tag}>{text}</{tag}>"
    return text
