"""Lists of Python-Markdown: what belongs to an item is indented by four, whatever the width of its marker."""

import re

# The generators that use it.
PYTHON_MARKDOWN = frozenset({"mkdocs", "pelican"})
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+(?=\S)")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


def at_four(text: str) -> str:
    """Items whose text begins after the fourth column without their leading spaces, so that it begins there at most.

    In CommonMark, what is indented by four would not belong to them.
    """
    lines, fence, is_list, is_blank = [], "", False, True
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        mark = _FENCE.match(line)
        if fence:
            fence = "" if line.strip().startswith(fence) else fence
        elif mark:
            fence = mark[1]
        elif (item := _ITEM.match(line, indent)) and (is_list or indent < 4):
            is_list = True
            if indent % 4 + len(item[0]) > 4:
                line = line[indent % 4 :]
        elif line.strip() and is_blank and not indent:
            is_list = False
        is_blank = not line.strip()
        lines.append(line)
    return "\n".join(lines)
