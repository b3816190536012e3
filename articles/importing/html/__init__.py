"""HTML of any system as Markdown of this project."""

from collections.abc import Callable

from publishing.transfer.notes import Notes

from . import footnotes, tidying
from .blocks import BLOCK, indented
from .lines import INLINE
from .parsing import parse
from .tree import Node
from .writing import Writer


def to_markdown(html: str, notes: Notes, prepare: Callable[[Node], None] = lambda root: None) -> str:
    """`html`, a part or all of a page, as Markdown that renders to the same words.

    Pictures, with captions and in galleries, and links keep their addresses. Frames and players become an address alone
    in a paragraph. What Markdown cannot hold stays HTML that the renderer allows, or is named in `notes`. Takes linear
    time: a second for 1 MB. `prepare` may first change what is special to a system.
    """
    root = parse(html, notes)
    prepare(root)
    notes_of_text = footnotes.take(root)
    tidying.tidy(root, notes)
    writer = Writer(notes, BLOCK, INLINE)
    writer.targets = tidying.link_targets(root)
    parts = [writer.blocks(root.children)]
    for number, children in notes_of_text:
        text = writer.blocks(children) or "…"
        parts.append(f"[^{number}]: " + indented(text, "    ").lstrip(" "))
    return "\n\n".join(filter(None, parts)).strip("\n") + "\n"
