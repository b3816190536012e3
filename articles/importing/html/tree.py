"""A tree of elements that can be changed in linear time."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905
BLOCKS = frozenset(
    "address address-line article aside audio blockquote caption center col colgroup dd details div dl dt embed "  # noqa: SIM905
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr iframe legend li main menu nav object "
    "ol p pre section summary table tbody td tfoot th thead tr ul video".split()
)
# What has neither a meaning nor a place of its own in Markdown.
PLAIN = frozenset("big center dfn font label span".split())  # noqa: SIM905


_REFERENCE = re.compile(r"&(?:#\w{1,8}|[a-zA-Z]\w{1,31});")


class Node:
    """An element. Its children are nodes and strings."""

    __slots__ = ("attributes", "children", "has_block", "name", "parent")

    def __init__(self, name: str, attributes: dict[str, str] | None = None, children: list | None = None):
        self.name, self.attributes = name, attributes or {}
        self.parent: Node | None = None
        # An element of `BLOCKS` is anywhere in it.
        self.has_block = False
        self.children: list[Node | str] = []
        self.fill(children or [])

    def fill(self, children: list) -> None:
        self.children = children
        for child in children:
            if isinstance(child, Node):
                child.parent = self
                self.has_block = self.has_block or child.has_block or child.name in BLOCKS

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def is_block(self) -> bool:
        return self.name in BLOCKS

    @property
    def classes(self) -> list[str]:
        return self.get("class").lower().split()

    def has_class(self, *names: str) -> bool:
        return not set(names).isdisjoint(self.classes)

    def walk(self) -> Iterator["Node"]:
        """All elements in it, in order. Changes of the tree meanwhile count for elements that have not come yet."""
        waiting = [child for child in reversed(self.children) if isinstance(child, Node)]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for child in reversed(node.children) if isinstance(child, Node)]

    def all(self, *names: str) -> list["Node"]:
        return [node for node in self.walk() if node.name in names]

    def first(self, *names: str) -> "Node | None":
        return next((node for node in self.walk() if node.name in names), None)

    def first_of_class(self, *names: str) -> "Node | None":
        return next((node for node in self.walk() if node.has_class(*names)), None)

    def text(self) -> str:
        parts, waiting = [], list(reversed(self.children))
        while waiting:
            child = waiting.pop()
            if isinstance(child, str):
                parts.append(child)
            elif child.name == "br":
                parts.append("\n")
            else:
                waiting += reversed(child.children)
        return "".join(parts)

    def ancestors(self) -> Iterator["Node"]:
        node = self.parent
        while node:
            yield node
            node = node.parent

    def elements(self) -> list["Node"]:
        return [child for child in self.children if isinstance(child, Node)]

    def remove(self) -> None:
        """Turn it into nothing, in constant time."""
        self.name, self.attributes, self.children, self.has_block = "wbr", {}, [], False

    def become(self, name: str, children: list, attributes: dict[str, str] | None = None) -> None:
        self.name, self.attributes, self.has_block = name, attributes or {}, False
        self.fill(children)

    def keep(self, is_kept: Callable[["Node"], bool]) -> None:
        self.children = [child for child in self.children if isinstance(child, str) or is_kept(child)]

    def is_empty(self) -> bool:
        """Neither words nor anything that is seen."""
        return not self.text().strip() and not self.all("img", "iframe", "video", "audio", "embed", "object", "hr",
                                                        "input", "note")  # fmt: skip


class TreeBuilder(HTMLParser):
    """The tree of HTML in which every element is closed."""

    def __init__(self, signs: dict[str, str]):
        """`signs` are replaced in text and attributes, before references to characters are."""
        super().__init__()
        self._signs = list(signs.items())
        self.root = Node("div")
        self._open = [self.root]

    def handle_starttag(self, tag, attrs):
        node = Node(tag, {name: self._attribute(value or "") for name, value in attrs})
        parent = self._open[-1]
        node.parent = parent
        parent.children.append(node)
        if tag not in VOID:
            self._open.append(node)
        elif node.is_block:
            parent.has_block = True

    def handle_endtag(self, tag):
        if len(self._open) > 1 and self._open[-1].name == tag:
            node = self._open.pop()
            parent = self._open[-1]
            parent.has_block = parent.has_block or node.has_block or node.is_block

    def handle_data(self, data):
        self._open[-1].children.append(unescape(self._usual(data)))

    def _attribute(self, value: str) -> str:
        """With references as in attributes: "?a=1&copy=2" has none."""
        return _REFERENCE.sub(lambda found: unescape(found[0]), self._usual(value))

    def _usual(self, text: str) -> str:
        for sign, usual in self._signs:
            text = text.replace(sign, usual)
        return text
