"""Containers: boxes, what is folded, pull quotes."""

import re

from .tree import Node
from .writing import Writer

_COLONS = re.compile(r"^[ >]*(:{3,})", re.MULTILINE)
_PULL = frozenset("pullquote pull-quote wp-block-pullquote kg-blockquote-alt graf--pullquote".split())  # noqa: SIM905
_BOX = frozenset(
    "callout kg-callout-card markdown-alert admonition alert notice infobox info-box tip-box "  # noqa: SIM905
    "callout-block message-box".split()
)
_KINDS = {
    "caution": ("danger", "error", "caution", "attention"),
    "warning": ("warning", "warn"),
    "important": ("important",),
    "tip": ("tip", "hint", "success"),
}
_TITLE = ("admonition-title", "markdown-alert-title", "callout-title", "alert-heading", "kg-callout-title", "title")


def container(name: str, text: str) -> str:
    """A container around blocks, with more colons than those in it have."""
    if not text.strip():
        return ""
    longest = max((len(colons) for colons in _COLONS.findall(text)), default=2)
    colons = ":" * (longest + 1)
    return f"{colons}{name}\n{text}\n{colons}"


def name_of(node: Node) -> str:
    """Of the box that an element is; "" if it is none."""
    if not node.has_class(*_BOX) and node.name != "aside" or is_pull(node):
        return ""
    for name, words in _KINDS.items():
        if any(word in re.split(r"[-_]", part) for word in words for part in node.classes):
            return name
    return "note"


def box(node: Node, name: str, writer: Writer) -> str:
    heading = node.first_of_class(*_TITLE)
    title = ""
    if heading is not None and not heading.has_block:
        title = writer.title(heading.children)
        heading.remove()
    return container(f"{name} {title}".rstrip(), writer.blocks(node.children))


def is_pull(node: Node) -> bool:
    return node.has_class(*_PULL)


def pull(node: Node, writer: Writer) -> str:
    inner = node.first("blockquote") if node.name != "blockquote" else None
    children = node.children
    if inner is not None:
        children = [child for part in node.children for child in (part.children if part is inner else [part])]
    return container("pull", writer.blocks(children))


def details(node: Node, writer: Writer) -> str:
    summary = next((child for child in node.elements() if child.name == "summary"), None)
    title = writer.title(summary.children) if summary is not None and not summary.has_block else ""
    if summary is not None and summary.has_block:
        title = writer.title([summary.text()])
    rest = [child for child in node.children if child is not summary]
    text = writer.blocks(rest)
    return container(f"details {title}".rstrip(), text) or title
