"""Tables: in Markdown if it can hold them, else in HTML."""

import re
from html import escape

from . import pictures
from .tree import Node
from .writing import Writer

_ALIGN = re.compile(r"text-align:\s*(left|center|right)", re.IGNORECASE)
_ALIGN_CLASS = re.compile(r"(?:^|[-_\s])(?:align|text)-?(left|center|right)(?:$|\s)", re.IGNORECASE)
_MARKS = {"left": ":---", "center": ":---:", "right": "---:", "": "---"}
_KEPT = ("href", "colspan", "rowspan", "start", "title", "scope")
_BAR = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_IN_CELL = frozenset(
    "p ul ol li dl dt dd pre code blockquote h2 h3 h4 h5 h6 hr figure figcaption img div table thead tbody tfoot tr "  # noqa: SIM905
    "th td caption details summary".split()
)


def table(node: Node, writer: Writer) -> str:
    rows = _rows(node)
    cells = [_cells(row) for row in rows]
    cells = [row for row in cells if row]
    if not cells:
        return writer.blocks(node.children)
    code = node.first_of_class("code", "rouge-code")
    if code is not None and (pre := code.first("pre")) is not None:
        return writer.block(pre)
    if (max(map(len, cells)) == 1 or node.get("role") == "presentation") and not node.first("th"):
        return "\n\n".join(filter(None, (writer.blocks(cell.children) for row in cells for cell in row)))
    caption = next((child for child in node.elements() if child.name == "caption"), None)
    text = _markdown(cells, writer) if _is_simple(cells) else _html(node)
    above = writer.paragraph(caption.children) if caption is not None and _is_simple(cells) else ""
    return f"{above}\n\n{text}" if above else text


def _rows(node: Node) -> list[Node]:
    rows = []
    for child in node.elements():
        if child.name == "tr":
            rows.append(child)
        elif child.name in ("thead", "tbody", "tfoot"):
            rows += [row for row in child.elements() if row.name == "tr"]
    return rows


def _cells(row: Node) -> list[Node]:
    return [child for child in row.elements() if child.name in ("td", "th")]


def _is_simple(cells: list[list[Node]]) -> bool:
    if not all(cell.name == "th" for cell in cells[0]) and cells[0][0].parent.parent.name != "thead":
        return False
    if len({len(row) for row in cells}) > 1 or len(cells) < 2:
        return False
    for row in cells:
        for cell in row:
            if cell.get("colspan") not in ("", "1") or cell.get("rowspan") not in ("", "1"):
                return False
            if any(
                child.is_block and child.name not in ("p", "div") or child.name == "note-list" for child in cell.walk()
            ):
                return False
    return True


def _markdown(cells: list[list[Node]], writer: Writer) -> str:
    before, writer.in_cell = writer.in_cell, True
    lines = ["| " + " | ".join(_cell(cell, writer) for cell in row) + " |" for row in cells]
    writer.in_cell = before
    marks = [_MARKS[_alignment(cell) or _alignment(below)] for cell, below in zip(cells[0], cells[1], strict=True)]
    return "\n".join([lines[0], "| " + " | ".join(marks) + " |", *lines[1:]])


def _alignment(cell: Node) -> str:
    align = cell.get("align").lower()
    if align and align in _MARKS:
        return align
    found = _ALIGN.search(cell.get("style")) or _ALIGN_CLASS.search(cell.get("class"))
    return found[1].lower() if found else ""


def _cell(cell: Node, writer: Writer) -> str:
    parts = []
    for run in _runs(cell):
        text = " ".join(writer.inline(run).split("\n")).strip(" ")
        parts.append(re.sub(r"^(?:<br>\s*)+|(?:\s*<br>)+$", "", text))
    text = "<br><br>".join(filter(None, parts))
    if cell.name == "th" and cell.parent.parent.name != "thead" and text and _cells(cell.parent)[-1].name == "td":
        text = f"**{text}**" if "*" not in text else text
    return _BAR.sub(r"\1\\|", text)


def _runs(node: Node) -> list[list]:
    runs: list[list] = [[]]
    for child in node.children:
        if isinstance(child, Node) and (child.is_block or child.has_block):
            runs += [*_runs(child), []]
        else:
            runs[-1].append(child)
    return runs


def _html(node: Node) -> str:
    """In one block of HTML: without an empty line, which would end it."""
    return re.sub(r"\n{2,}", "\n", _element(node, in_code=False)).strip()


def _element(node: Node, in_code: bool) -> str:
    parts = []
    for child in node.children:
        if isinstance(child, str):
            text = escape(child, quote=False)
            parts.append(text.replace("\n", "&#10;") if in_code else re.sub(r"[ \t\r\n\f]+", " ", text))
        elif child.name in ("br", "hr"):
            parts.append(f"<{child.name}>")
        elif child.name == "img":
            parts.append(pictures.html_line([child]) if pictures.address(child) else "")
        elif child.name == "note":
            parts.append(f"<sup>{child.get('number')}</sup>")
        elif child.name == "address-line":
            parts.append(f'<a href="{escape(child.get("href"))}">{escape(child.get("href"))}</a>')
        elif child.name == "h1":
            parts.append(f"<h2>{_element(child, in_code)}</h2>")
        else:
            parts.append(_element(child, in_code or child.name == "pre"))
    inner = "".join(parts)
    if node.name not in _IN_CELL and node.name not in pictures.IN_HTML:
        return inner
    end = "\n" if node.name in ("table", "thead", "tbody", "tr", "td", "th", "caption", "tfoot") else ""
    if end and not in_code:
        inner = inner.strip(" ")
    start = "\n" if node.name in ("table", "thead", "tbody", "tr", "tfoot") else ""
    return f"<{node.name}{_attributes(node)}>{start}{inner}</{node.name}>{end}"


def _attributes(node: Node) -> str:
    kept = {name: node.get(name) for name in _KEPT if node.get(name) and (name == "href") <= (node.name == "a")}
    if node.name in ("td", "th") and (align := _alignment(node)):
        kept["align"] = align
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
