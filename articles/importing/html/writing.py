"""Elements as Markdown: paragraphs of lines, and blocks of paragraphs."""

import re
from collections.abc import Callable

from publishing.transfer.notes import Notes

from . import escaping
from .tree import PLAIN, Node

_SPACE = re.compile(r"[ \t\r\n\f]+")
_SPACES = re.compile(r" {2,}")
_AROUND_BREAK = re.compile(r" *\\\n *")
_START, _END = re.compile(r"(?:[ \n]|\\\n|<br>)*"), re.compile(r"(?:[ \n]|\\\n|<br>)*\Z")
_EDGES = re.compile(r"\A(?:\s|\\\n)+|(?:[ \n]|\\\n)+\Z")
# Of emphasis; in an element of its kind there is no other one.
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~"}
# A block of Markdown, from the element that it is in.
Block = Callable[[Node, "Writer"], str]


class Writer:
    """Writes the children of elements. `block_of` and `inline_of` write those of a name."""

    def __init__(self, notes: Notes, block_of: dict[str, Block], inline_of: dict[str, Block]):
        self.notes, self._block_of, self._inline_of = notes, block_of, inline_of
        # Of headings that are linked to.
        self.targets: set[str] = set()
        # In a cell of a table, or a line of HTML: line breaks are elements.
        self.in_cell = False
        # In the text of a link that has brackets.
        self.in_link = False
        # Marks of emphasis that are open, and the signs before and after what is written now: they say whether it can
        # have marks.
        self.marks: set[str] = set()
        self.before = self.after = ""

    # --- blocks ---

    def blocks(self, children: list, gap: str = "\n\n") -> str:
        """`gap` comes between a paragraph and a list, as in a list item."""
        parts, run = [], []
        for child in _spread(children):
            if isinstance(child, str) or not child.is_block:
                run.append(child)
            else:
                parts.append((self._lines(run), "p"))
                parts.append((self.block(child), "p" if child.name == "p" and not child.has_block else child.name))
                run = []
        parts.append((self._lines(run), "p"))
        text, before = "", ""
        for part, name in parts:
            if part:
                is_near = before == "p" and name in ("ul", "ol", "menu")
                text += (gap if is_near else "\n\n") * bool(text) + part
                before = name
        return text

    def block(self, node: Node) -> str:
        write = self._block_of.get(node.name)
        if write and not (node.name == "p" and node.has_block):
            return write(node, self)
        return self.blocks(node.children)

    def _lines(self, run: list) -> str:
        """Paragraphs of a run without blocks; two breaks are the end of one."""
        paragraphs, start, has_pictures = [], 0, _has_pictures_only(run)
        breaks = [_is_break(run, place, is_any=has_pictures) for place in range(len(run))]
        for end, is_break in enumerate([*breaks, True]):
            if is_break and (text := self.paragraph(run[start:end])):
                paragraphs.append(text)
            if is_break:
                start = end
        return "\n\n".join(paragraphs)

    def paragraph(self, children: list) -> str:
        text = self.line(children)
        plain = escaping.unescaped(text)
        return plain if escaping.is_address(plain) else escaping.block(text)

    # --- lines ---

    def line(self, children: list) -> str:
        """Text of one paragraph, without spaces around it."""
        text = _SPACES.sub(" ", self.inline(children))
        return _EDGES.sub("", _AROUND_BREAK.sub("\\\\\n", text))

    def title(self, children: list) -> str:
        """Text of one line, as of a heading."""
        return " ".join(self.line(children).replace("\\\n", " ").split(" ")).strip()

    def inline(self, children: list) -> str:
        parts, around = [], (self.before, self.after)
        before = around[0]
        for place, child in enumerate(children):
            if isinstance(child, str):
                escape = escaping.in_brackets if self.in_link else escaping.in_line
                part = escape(_SPACE.sub(" ", child))
            else:
                self.before = before
                self.after = _first_sign(children[place + 1 : place + 3], around[1], self.marks)
                write = self._inline_of.get(child.name)
                part = write(child, self) if write else self.inline(child.children)
            if parts:
                parts[-1] = escaping.joint(parts[-1], part)
            parts.append(part)
            before = part[-1:] or before
        self.before, self.after = around
        return "".join(parts)


def edges(text: str) -> tuple[str, str, str]:
    """Spaces and breaks before a text, the text, and those after it."""
    start, end = _START.match(text)[0], _END.search(text)[0]
    core = text[len(start) : len(text) - len(end)]
    return (start, core, end) if core else (text, "", "")


def _first_sign(children: list, otherwise: str, opened: set[str]) -> str:
    for child in children:
        if isinstance(child, str):
            return child[:1]
        if child.name in MARKS and MARKS[child.name] not in opened:
            return "*"
        if child.name in ("br", "img"):
            return " "
        if text := child.text():
            return text[:1]
    return otherwise


def _has_pictures_only(run: list) -> bool:
    nodes = [child for child in run if isinstance(child, Node)]
    return len(nodes) == len(run) - sum(isinstance(child, str) and not child.strip() for child in run) and all(
        node.name in ("img", "br") or (node.name == "a" and node.first("img") and not node.text().strip())
        for node in nodes
    )


def _is_break(run: list, place: int, *, is_any: bool) -> bool:
    """The second of two line breaks with nothing between, or any one."""
    if not place or not isinstance(run[place], Node) or run[place].name != "br":
        return False
    if is_any:
        return True
    before = place - 1
    while before and isinstance(run[before], str) and not run[before].strip():
        before -= 1
    return isinstance(run[before], Node) and run[before].name == "br"


def _spread(children: list) -> list:
    """`children` without elements of lines that have blocks in them: these are in each block instead."""
    spread = []
    for child in children:
        if isinstance(child, str) or child.is_block or not child.has_block:
            spread.append(child)
        elif child.name in PLAIN or child.name not in ("a", "b", "strong", "em", "i", "s", "del", "u", "mark"):
            spread += _spread(child.children)
        else:
            spread += _spread(_within(child, child.children))
    return spread


def _within(around: Node, children: list) -> list:
    """`children` with a copy of `around` in each block and around each run of others."""
    found, run = [], []

    def finish():
        if any(not isinstance(child, str) or child.strip() for child in run):
            found.append(Node(around.name, around.attributes, list(run)))
        run.clear()

    for child in children:
        if isinstance(child, str) or not (child.is_block or child.has_block):
            run.append(child)
            continue
        finish()
        found.append(Node(child.name, child.attributes, _within(around, child.children)))
    finish()
    return found
