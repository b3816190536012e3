"""Footnotes in the forms of many systems: two places that link to each other."""

import re
from collections.abc import Iterator

from .tree import Node

_NOTE_NAME = re.compile(
    r"(?:^|[-_:\s])(?:fn|footnote|ftn|_ftn|easy-footnote-bottom|endnote|note)s?(?:$|[-_:\d\s])", re.IGNORECASE
)
_NOTES = re.compile(r"footnotes|endnotes|\bnotes\b", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NUMBER = re.compile(r"\s*[\[(]?(?:\d{1,3}|[*†‡§])[\])]?[.:)]?\s*")
_BACK = re.compile(
    r"[\s\[\]()↩↑^⤴←︎⏎\ufe0e\ufe0f\u200d]*(?:back|return|jump up|zurück)?[\s\[\]()↩↑^⤴←⏎\ufe0e\ufe0f.\d]*", re.IGNORECASE
)
_FURNITURE = ("footnote-number", "footnote-back", "footnote-backref", "reversefootnote", "footnote-return")
_HOLDERS = ("li", "p", "div", "dd", "aside", "td", "section")


def take(root: Node) -> list[tuple[str, list]]:
    """Put a `note` in place of each reference; take out the notes, and return their numbers and contents."""
    notes: dict[int, tuple[str, Node, Node]] = {}
    found = _references(root)
    # What refers from within a note to the text is a way back.
    holders = {id(holder) for _, _, holder in found}
    for link, target, holder in found:
        if not any(id(parent) in holders for parent in link.ancestors()):
            number, _, _ = notes.setdefault(id(holder), (str(len(notes) + 1), target, holder))
            _refer(link, number)
    around = [parent for _, _, holder in notes.values() for parent in _sections(holder)]
    taken = [(number, _content(target, holder)) for number, target, holder in notes.values()]
    for section in dict.fromkeys(around):
        left = [node for node in section.walk() if node.name in _HEADINGS]
        if len("".join(section.text().split())) <= sum(len("".join(node.text().split())) for node in left):
            section.remove()
    return taken


def _references(root: Node) -> list[tuple[Node, Node, Node]]:
    """Links to notes, what they lead to, and the elements with all of these notes."""
    targets, links, found = {}, [], []
    for node in root.walk():
        for name in filter(None, (node.get("id"), node.get("name") if node.name == "a" else "")):
            targets.setdefault(name, node)
        _, sign, name = node.get("href").rpartition("#")
        # A note comes after what refers to it.
        if node.name == "a" and sign and name and name not in targets:
            links.append(node)
    for link in links:
        target = targets.get(link.get("href").rpartition("#")[2])
        if target is None or (link.get("href")[0] != "#" and not _is_named(link, target)):
            continue
        holder = _holder(target)
        if holder is not None and not _is_inside(link, holder) and _is_reference(link, target, holder):
            found.append((link, target, holder))
    return found


def _sections(holder: Node) -> Iterator[Node]:
    """What is around nothing but notes, with a rule and a heading of its own."""
    for parent in list(holder.ancestors())[:3]:
        if parent.name in ("div", "section", "footer", "aside", "ol", "ul") and _NOTES.search(
            f"{parent.get('class')} {parent.get('id')} {parent.get('role')}"
        ):
            yield parent


def _holder(target: Node) -> Node | None:
    """The element with all of a note."""
    around = [target, *target.ancestors()]
    for node in around[:5]:
        if node.has_class("footnote", "footnote-item", "footnote-definition") and node.name not in ("sup", "a", "span"):
            return node
    return next((node for node in around[:4] if node.name in _HOLDERS and node.parent is not None), None)


def _is_inside(node: Node, around: Node) -> bool:
    return any(parent is around for parent in node.ancestors())


def _names(link: Node) -> set[str]:
    around = [link, *[parent for _, parent in zip(range(2), link.ancestors(), strict=False)], *link.elements()]
    return {name for node in around for name in (node.get("id"), node.get("name")) if name and not node.is_block}


def _is_named(link: Node, target: Node) -> bool:
    words = (
        link.get("id"),
        link.get("class"),
        link.get("rel"),
        target.get("id"),
        target.get("class"),
        link.get("href").rpartition("#")[2],
    )
    return any(_NOTE_NAME.search(word) for word in words)


def _is_reference(link: Node, target: Node, holder: Node) -> bool:
    """`link` leads to a note: the note leads back, or is called one and the link looks like a number."""
    text = link.text().strip()
    if len(text) > 12 or not text:
        return False
    names = _names(link)
    if names and any(back.get("href").rpartition("#")[2] in names for back in holder.all("a")):
        return bool(_NUMBER.fullmatch(text)) or _is_named(link, target)
    return bool(_NUMBER.fullmatch(text)) and _is_named(link, target)


def _refer(link: Node, number: str) -> None:
    place = link
    for parent in link.ancestors():
        if parent.name not in ("sup", "span") or parent.text().strip(" []()") != link.text().strip(" []()"):
            break
        place = parent
    link.attributes = {}
    place.become("note", [], {"number": number})


def _content(target: Node, holder: Node) -> list:
    """What a note says, without its number and the ways back."""
    for node in holder.all("a", "sup", "span"):
        is_way_back = node.name == "a" and "#" in node.get("href") and _BACK.fullmatch(node.text())
        if is_way_back or (node is target and _NUMBER.fullmatch(node.text())) or node.has_class(*_FURNITURE):
            node.remove()
    _drop_number(holder)
    children = holder.children
    holder.remove()
    return children


def _drop_number(holder: Node) -> None:
    """ "1. " at the start of a note that is no item of a list."""
    node = holder
    while node.children:
        first = node.children[0]
        if isinstance(first, Node):
            if first.name == "wbr" or first.is_empty():
                node.children = node.children[1:]
                continue
            if first.name in ("sup", "strong", "b", "span") and _NUMBER.fullmatch(first.text()):
                node.children = node.children[1:]
                return
            node = first
            continue
        if not first.strip():
            node.children = node.children[1:]
            continue
        if holder.name != "li" and (number := re.match(r"\s*(?:\[\d{1,3}\]|\(?\d{1,3}[.):])\s*|\s*[.:)\]]\s+", first)):
            node.children[0] = first[number.end() :]
        return
