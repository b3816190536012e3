"""Blocks that Markdown writes with `:::name` … `:::`, and GitHub's alerts (`> [!NOTE]`), which become the same boxes.

`:::note`, `:::tip`, `:::important`, `:::warning` and `:::caution` are boxes, `:::details` can be folded out, `:::pull`
is a pull quote, `:::gallery` and `:::wide` are places of pictures. What stands behind the name is the heading of a box.
"""

import re
from itertools import takewhile

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from ..pictures import PLACES

BOXES = {
    "note": _("Note"),
    "tip": _("Tip"),
    "important": _("Important"),
    "warning": _("Warning"),
    "caution": _("Caution"),
}
NAMES = (*BOXES, "details", "pull", *PLACES)
# https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts
_ALERT = re.compile(rf"\[!({'|'.join(BOXES)})\][ \t]*(?:\n|\Z)", re.IGNORECASE)
_CLOSING = re.compile(r"[\s>]*:{3,}\s*")


def use_containers(markdown: MarkdownIt) -> MarkdownIt:
    markdown.use(container_plugin, "block", validate=lambda info, _: _name(info) in NAMES)
    markdown.core.ruler.after("block", "containers", _finish)
    markdown.add_render_rule("label_open", lambda *args: '<p class="label"><strong>')
    markdown.add_render_rule("label_close", lambda *args: "</strong></p>\n")
    return markdown


def _name(info: str) -> str:
    return "".join(takewhile(lambda character: not character.isspace(), info.strip()))


def _finish(state: StateCore) -> None:
    """Give containers their elements, and make them of alerts. In one pass."""
    out, opened, skip, lines = [], [], 0, None
    for place, token in enumerate(state.tokens):
        if skip:
            skip -= 1
            continue
        out.append(token)
        if token.type == "container_block_open":
            lines = lines or state.src.split("\n")
            name = _name(token.info)
            # For those who check the text.
            token.meta["is_closed"] = token.map[1] < len(lines) and bool(_CLOSING.fullmatch(lines[token.map[1]]))
            opened.append((token, name))
            out += _open(token, name, token.info.strip()[len(name) :].strip())
        elif token.type == "blockquote_open":
            name = _alert(state.tokens[place + 1 : place + 5])
            opened.append((token, name))
            if name:
                out += _open(token, name, "")
                skip = 0 if state.tokens[place + 2].content else 3
        elif token.type in ("container_block_close", "blockquote_close"):
            start, name = opened.pop()
            if name:
                token.type, token.tag = f"container_{name}_close", start.tag
    state.tokens = out


def _alert(tokens: list[Token]) -> str:
    """The name of the box that a quote is, whose first tokens these are; its first line is taken away."""
    if len(tokens) < 4 or tokens[0].type != "paragraph_open" or not (alert := _ALERT.match(tokens[1].content)):
        return ""
    inline, rest = tokens[1], tokens[1].content[alert.end() :]
    if not rest and tokens[3].type == "blockquote_close":
        return ""
    inline.content = rest
    if inline.map:
        inline.map = [inline.map[0] + 1, inline.map[1]]
    return alert[1].lower()


def _open(token: Token, name: str, title: str) -> list[Token]:
    """Make `token` open an element; returns the tokens of its heading."""
    token.type, token.tag, token.attrs = f"container_{name}_open", "div", {"class": name}
    if name in PLACES:
        return []
    if name == "pull":
        token.tag = "blockquote"
        return _line(token, "paragraph", "p", title) if title else []
    if name == "details":
        token.tag, token.attrs = "details", {}
        return _line(token, "summary", "summary", title or gettext("Details"))
    token.tag, token.attrs = "aside", {"class": f"box {name}", "role": "note"}
    return _line(token, "label", "p", title or str(BOXES[name]))


def _line(token: Token, kind: str, tag: str, content: str) -> list[Token]:
    """An element with a line of Markdown."""
    level = token.level + 1
    line = [token.map[0], token.map[0] + 1] if token.map else None
    return [
        Token(f"{kind}_open", tag, 1, block=True, level=level, map=line),
        Token("inline", "", 0, block=True, level=level + 1, map=line, content=content, children=[]),
        Token(f"{kind}_close", tag, -1, block=True, level=level),
    ]
