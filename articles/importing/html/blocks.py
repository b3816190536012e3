"""Headings, lists, code, quotations and the rest of what stands in blocks."""

import re

from . import boxes, escaping, pictures, tables
from .tree import Node
from .writing import Block, Writer

_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language-|lang-|lang:|brush:\s*|highlight-source-|highlight-(?:text-)?|sourcecode\s+)([\w+#.-]+)",
    re.IGNORECASE,
)
_NO_LANGUAGE = frozenset(
    "plaintext plain text none nohighlight txt auto source default hljs sourcecode prettyprint highlight linenums "  # noqa: SIM905
    "copy".split()
)
_ONE_WORD = re.compile(r"[a-z+#]{1,12}")
_LANGUAGE_ATTRIBUTES = (
    "data-language data-lang data-code-block-lang data-enlighter-language data-code-language".split()  # noqa: SIM905
)
_FENCES = re.compile(r"^\s*(`{3,})", re.MULTILINE)
_UNDERLINE = re.compile(r"^\s*(?:=+|-+)\s*$", re.MULTILINE)
_LINE = re.compile(r"^(?=[^\n])", re.MULTILINE)


def indented(text: str, by: str) -> str:
    return _LINE.sub(by, text)


def _paragraph(node: Node, writer: Writer) -> str:
    return writer.blocks(node.children)


def _heading(node: Node, writer: Writer) -> str:
    if node.has_block:
        return writer.blocks(node.children)
    text = writer.title(node.children)
    if not text:
        return ""
    text = re.sub(r"\\?(#+)$", r"\\\1", text) if text.endswith("#") else text
    if text.endswith("}"):
        start = text.rfind("{")
        text = f"{text[:start]}\\{text[start:]}" if start >= 0 else text
    identifier = next((name for name in _identifiers(node) if name in writer.targets), "")
    return f"{'#' * int(node.name[1])} {text}" + (f" {{#{identifier}}}" if identifier else "")


def _identifiers(node: Node) -> list[str]:
    found = [node.get("id")]
    for child in node.walk():
        found += [child.get("id"), child.get("name")]
    return [name for name in found if re.fullmatch(r"[\w.:-]{1,80}", name)]


def _quote(node: Node, writer: Writer) -> str:
    if boxes.is_pull(node):
        return boxes.pull(node, writer)
    text = writer.blocks(node.children)
    return re.sub(r"^(?=(\n)?)", lambda line: ">" if line[1] else "> ", text, flags=re.MULTILINE) if text else ""


def _list(node: Node, writer: Writer) -> str:
    items = _items(node)
    is_ordered = node.name == "ol"
    start = node.get("start").strip()
    number = int(start) if re.fullmatch(r"\d{1,9}", start) else 1
    other = bool(node.get("data-other"))
    written = []
    for item in items:
        mark = f"{number}{')' if other else '.'}" if is_ordered else "*" if other else "-"
        number += 1
        text = _item(item, writer)
        if text or is_ordered:
            written.append(
                (
                    (mark + " " + indented(text, " " * (len(mark) + 1)).lstrip(" ")).strip(),
                    "\n\n" in text,
                )
            )
    is_loose = any(has_gap for _, has_gap in written)
    return ("\n\n" if is_loose else "\n").join(text for text, _ in written)


def _item(item: Node, writer: Writer) -> str:
    numbered = next((child for child in item.elements() if child.name == "ol"), None)
    gap = "\n\n" if numbered is not None and numbered.get("start") not in ("", "1") else "\n"
    text = writer.blocks(item.children, gap)
    box = item.first("input")
    if (
        box is not None
        and box.get("type") == "checkbox"
        and not any(p is not item and p.name == "li" for p in _up(box, item))
    ):
        return f"[{'x' if 'checked' in box.attributes else ' '}] {text}"
    return text


def _up(node: Node, top: Node):
    for parent in node.ancestors():
        if parent is top:
            return
        yield parent


def _items(node: Node) -> list[Node]:
    """The items of a list; other things in it belong to the item before them."""
    items: list[Node] = []
    for child in node.children:
        if isinstance(child, Node) and child.name == "li":
            items.append(child)
        elif isinstance(child, Node) and not child.is_empty() or isinstance(child, str) and child.strip():
            if items and isinstance(child, Node) and child.name in ("ul", "ol"):
                items[-1].fill([*items[-1].children, child])
            else:
                items.append(Node("li", {}, [child]))
    return items


def _code(node: Node, writer: Writer) -> str:
    for extra in node.walk():
        if extra.has_class("lineno", "linenos", "line-numbers-rows", "gutter"):
            extra.remove()
    text = node.text().replace("\r\n", "\n").replace("\r", "\n")
    return fence(text, language(node))


def fence(text: str, name: str = "") -> str:
    text = text.removeprefix("\n").rstrip("\n").rstrip()
    if not text.strip():
        return ""
    longest = max((len(mark) for mark in _FENCES.findall(text)), default=2)
    mark = "`" * (longest + 1)
    return f"{mark}{name}\n{text}\n{mark}"


def language(node: Node) -> str:
    around = [node, *node.all("code"), *[parent for _, parent in zip(range(6), node.ancestors(), strict=False)]]
    for element in around:
        for name in _LANGUAGE_ATTRIBUTES:
            if re.fullmatch(r"[\w+#.-]+", element.get(name)):
                return _known(element.get(name))
        if found := _LANGUAGE.search(element.get("class")):
            return _known(found[1])
        if element.has_class("hljs", "sourcecode", "prettyprint", "highlight"):
            others = [name for name in element.classes if _ONE_WORD.fullmatch(name) and name not in _NO_LANGUAGE]
            if len(others) == 1 and element.name in ("pre", "code", "figure"):
                return _known(others[0])
    return ""


def _known(name: str) -> str:
    return "" if name.lower() in _NO_LANGUAGE else name.lower()


def _rule(node: Node, writer: Writer) -> str:
    return "***" if any(parent.name == "li" for parent in node.ancestors()) else "---"


def _definitions(node: Node, writer: Writer) -> str:
    terms = [child for child in node.walk() if child.name in ("dt", "dd") and _list_of(child) is node]
    if (
        not terms
        or terms[0].name != "dt"
        or len("".join(node.text().split())) != sum(len("".join(term.text().split())) for term in terms)
    ):
        return writer.blocks(node.children)
    text, names = "", []
    for term in terms:
        if term.name == "dt":
            # Markdown has one line for what is defined.
            names += filter(None, [writer.title(term.children)])
            continue
        definition = writer.blocks(term.children)
        if definition and not names and not text:
            return writer.blocks(node.children)
        if names:
            text += "\n\n" * bool(text) + escaping.block(", ".join(names))
            names = []
        if definition:
            # A line of these signs would make a heading of what is above it, up to an empty line.
            text += ("\n\n: " if _UNDERLINE.search(definition) else "\n: ") + indented(definition, "  ").lstrip(" ")
    return text + "\n\n" * bool(names) + escaping.block(", ".join(names))


def _list_of(node: Node) -> Node | None:
    return next((parent for parent in node.ancestors() if parent.name == "dl"), None)


def _division(node: Node, writer: Writer) -> str:
    if pictures.is_gallery(node):
        return pictures.gallery(node, writer)
    if name := boxes.name_of(node):
        return boxes.box(node, name, writer)
    if boxes.is_pull(node):
        return boxes.pull(node, writer)
    return writer.blocks(node.children)


def _figure(node: Node, writer: Writer) -> str:
    return boxes.pull(node, writer) if boxes.is_pull(node) else pictures.figure(node, writer)


def _address(node: Node, writer: Writer) -> str:
    address, name = node.get("href"), node.get("title")
    if escaping.is_address(address) and not name:
        return address
    name = name or address.rstrip("/").rpartition("/")[2].partition("?")[0] or address
    return f"[{escaping.in_brackets(name)}]({escaping.target(address)})"


def _nothing(node: Node, writer: Writer) -> str:
    return ""


BLOCK: dict[str, Block] = {
    "p": _paragraph,
    **{f"h{level}": _heading for level in range(1, 7)},
    "blockquote": _quote,
    **dict.fromkeys(("ul", "ol", "menu"), _list),
    "pre": _code,
    "hr": _rule,
    "dl": _definitions,
    "figure": _figure,
    "details": boxes.details,
    "table": tables.table,
    **dict.fromkeys(("div", "section", "aside", "article", "header", "footer"), _division),
    "address-line": _address,
    **dict.fromkeys(("iframe", "video", "audio", "object", "embed"), _nothing),
}
