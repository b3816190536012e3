"""Moodle XML, read into plain data.

Source: Moodle, question/format/xml/format.php and the ordering plug-in. HTML is kept as source and cleaned when it is
rendered. What Moodle does not have is in <publishing> elements and in attributes, which Moodle ignores.
"""

from ..items import HEADER_KEYS, ItemFile, Skipped, WrongItem, category_path, one_line
from .nodes import Node, read_children
from .questions import KINDS_READ, item_from


def read(data: bytes) -> ItemFile:
    """Raises UnreadableFile; an error in one question is in `problems`."""
    result, category = ItemFile(), ""

    def take(node: Node) -> None:
        nonlocal category
        kind = node.get("type", "").strip()
        if node.tag == "publishing":
            values = {child.tag: one_line(child.text) for child in node}
            result.header |= {key: values[key] for key in HEADER_KEYS if values.get(key)}
        elif node.tag != "question":
            return
        elif kind == "category":
            category = category_path(node.text_of("category/text"))
        elif kind not in KINDS_READ:
            result.skipped.append(Skipped(node.line, kind[:40] or "unknown"))
        else:
            notes = []
            try:
                result.add(item_from(node, kind, category, notes), notes)
            except WrongItem as error:
                result.problems.append(error.problem)

    read_children(data, take)
    return result
