"""The links of rendered HTML: what readers follow, whatever it was written as."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape, unescape

from publishing.text.markdown import RenderedArticle

# In sanitised HTML: `<` and `"` stand nowhere else.
_LINK = re.compile(r'(<a(?: [a-z-]+="[^"]*")*? href=")([^"]*)"')


def addresses(html: str) -> list[str]:
    """The addresses of its links, in order."""
    return [unescape(address) for _, address in _LINK.findall(html)]


def change_addresses(rendered: RenderedArticle, new: Mapping[str, str]) -> None:
    """Replace the addresses of links that `new` has. The ends of blocks move with the text."""
    parts, start, shift, shifts = [], 0, 0, []
    for link in _LINK.finditer(rendered.html):
        address = new.get(unescape(link[2]))
        if address is not None:
            written = escape(address)
            parts += [rendered.html[start : link.start(2)], written]
            start = link.end(2)
            shift += len(written) - len(link[2])
            shifts.append((start, shift))
    rendered.html = "".join([*parts, rendered.html[start:]])
    blocks, shift = [], 0
    for block in rendered.blocks:
        while shifts and shifts[0][0] <= block.end:
            shift = shifts.pop(0)[1]
        blocks.append(replace(block, end=block.end + shift))
    rendered.blocks = blocks
