"""What stands in a line: emphasis, links, code, pictures."""

import re
from functools import partial
from html import escape
from unicodedata import category

from . import escaping, pictures
from .tree import Node
from .writing import MARKS, Block, Writer, edges

_TAGS = {"**": "strong", "*": "em", "~~": "del"}
_BACKTICKS = re.compile(r"`+")
_SPACE = re.compile(r"[ \t\r\n\f]+")


def _emphasis(node: Node, writer: Writer, mark: str, tag: str) -> str:
    """With marks where CommonMark reads them as such, else as an element."""
    if mark in writer.marks:
        return writer.inline(node.children)
    before, after = writer.before, writer.after
    writer.marks.add(mark)
    text = writer.inline(node.children)
    writer.marks.discard(mark)
    start, core, end = edges(text)
    if not core.strip():
        return text
    before, after = start[-1:] or before, end[:1] or after
    if _opens(before, core[0]) and _opens(after, core[-1]) and mark[0] not in (before, after) and not _is_marked(core):
        return f"{start}{mark}{core}{mark}{end}"
    return f"{start}<{tag}>{core}</{tag}>{end}"


def _is_marked(text: str) -> bool:
    """It begins or ends with stars of emphasis, but for text that all is in one."""
    ends = text.startswith("*") or (text.endswith("*") and not text.endswith("\\*"))
    return ends and not re.fullmatch(r"(\*\*?)[^*]+\1", text)


def _opens(outer: str, inner: str) -> bool:
    return not inner.isspace() and (not _is_sign(inner) or not outer or outer.isspace() or _is_sign(outer))


def _is_sign(character: str) -> bool:
    return category(character)[0] in "PS"


def _element(node: Node, writer: Writer) -> str:
    """HTML that the renderer allows."""
    text = writer.inline(node.children)
    if not text.strip():
        return text
    title = f' title="{escape(node.get("title"))}"' if node.name == "abbr" and node.get("title") else ""
    return f"<{node.name}{title}>{text}</{node.name}>"


def _quotation(node: Node, writer: Writer) -> str:
    return f"“{writer.inline(node.children)}”"


def _link(node: Node, writer: Writer) -> str:
    address = node.get("href")
    before, writer.in_link = writer.in_link, bool(address) and not {"[", "]"}.isdisjoint(node.text())
    start, core, end = edges(writer.inline(node.children))
    writer.in_link = before
    if not address or not core:
        return start + core + end
    if escaping.unescaped(core) == address and escaping.is_address(address):
        return f"{start}<{address}>{end}"
    core = core.replace("\\\n", " ")
    return f"{start}[{core}]({escaping.target(address, node.get('title'))}){end}"


def code(text: str) -> str:
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    mark = "`" * (longest + 1) if longest != 1 else "``"
    padding = " " if text.startswith("`") or text.endswith("`") or (text[0] == text[-1] == " " and text.strip()) else ""
    return f"{mark}{padding}{text}{padding}{mark}"


def _code(node: Node, writer: Writer) -> str:
    links = node.elements()
    if len(links) == 1 and links[0].name == "a" and node.text() == links[0].text():
        return _link(Node("a", links[0].attributes, [Node("code", {}, links[0].children)]), writer)
    text = _SPACE.sub(" ", node.text())
    core = text.strip(" ")
    if not core:
        return text
    start, end = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    return f"{start}{code(core)}{end}"


def _break(node: Node, writer: Writer) -> str:
    return "<br>" if writer.in_cell else "\\\n"


def _note(node: Node, writer: Writer) -> str:
    return f"[^{node.get('number')}]"


def _reading(node: Node, writer: Writer) -> str:
    return f"({writer.inline(node.children)})"


def _nothing(node: Node, writer: Writer) -> str:
    return ""


INLINE: dict[str, Block] = {
    **{name: partial(_emphasis, mark=mark, tag=_TAGS[mark]) for name, mark in MARKS.items()},
    **dict.fromkeys("u ins mark small sub sup abbr cite kbd samp var".split(), _element),  # noqa: SIM905
    "a": _link,
    "q": _quotation,
    "code": _code,
    "tt": _code,
    "br": _break,
    "img": pictures.in_line,
    "note": _note,
    "rt": _reading,
    **dict.fromkeys(("wbr", "input", "param", "source", "rp", "select", "textarea", "svg"), _nothing),
}
