"""Moodle XML, read into plain data and written from it.

The rules are those of Moodle's own reader (question/format/xml/format.php) and of the ordering plug-in. HTML is kept
as the source that it is; it is cleaned where it is rendered. What Moodle has not got stands in <publishing> elements
and in attributes that Moodle passes over.
"""

from ..items import (
    HEADER_KEYS,
    MAX_IMAGE_BYTES_TOGETHER,
    ItemFile,
    Problem,
    Skipped,
    WrongItem,
    category_path,
    one_line,
)
from .nodes import Node, read_children
from .questions import KINDS_READ, item_from
from .writer import write

__all__ = ["read", "write"]

ROOT = "quiz"


def read(data: bytes) -> ItemFile:
    """Read a whole file. Raises UnreadableFile; what is wrong with one question is in `problems`."""
    reader = _Reader()
    read_children(data, ROOT, reader.take)
    return reader.result


class _Reader:
    def __init__(self):
        self.result = ItemFile()
        self.category = ""
        self.image_bytes = 0

    def take(self, node: Node) -> None:
        if node.name == "publishing":
            said = {child.name: one_line(child.text) for child in node.children}
            self.result.header |= {key: said[key] for key in HEADER_KEYS if said.get(key)}
        elif node.name == "question":
            kind = node.attributes.get("type", "").strip()
            if kind == "category":
                self.category = category_path(node.text_of("category", "text"))
            elif kind not in KINDS_READ:
                self.result.skipped.append(Skipped(node.line, kind[:40] or "unknown"))
            else:
                self._take_question(node, kind)

    def _take_question(self, node: Node, kind: str) -> None:
        notes: list[str] = []
        try:
            item = item_from(node, kind, self.category, notes)
            images = sum(len(data) for _, data in item.images)
            if self.image_bytes + images > MAX_IMAGE_BYTES_TOGETHER:
                raise WrongItem(node.line, "With its images, those of the file are larger than 5 MB together.")
        except WrongItem as error:
            self.result.problems.append(Problem(error.line, error.message))
        else:
            self.image_bytes += images
            self.result.items.append(item)
            self.result.notes += [Problem(node.line, note) for note in notes]
