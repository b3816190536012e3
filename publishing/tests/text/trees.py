"""HTML as a browser's parser reads it, for comparing and for looking through."""

import re
from collections.abc import Iterator

from justhtml import JustHTML

BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd pre blockquote table thead tbody tr th td div section hr figure "  # noqa: SIM905
    "figcaption details summary aside br script style".split()
)
_SPACE = re.compile(r"[ \t\n\r]+")


def parsed(html: str, **options):
    """The root of a fragment, parsed by the algorithm of the HTML standard (justhtml)."""
    return JustHTML(html, fragment=True, sanitize=False, **options).root


def elements(node) -> Iterator:
    """All nodes below, in order; those in templates too."""
    for child in node.children or ():
        yield child
        yield from elements(child)
    if content := getattr(node, "template_content", None):
        yield from elements(content)


def tree(node, change, *, in_pre: bool = False) -> list:
    """Nested lists of what is below a node: texts, and (name, attributes, tree).

    `change(name, attributes, node)` returns a pair of its own, or None to leave an element out but not what is in it.
    White space counts as in a page: not between blocks, and one space elsewhere, but for code.
    """
    out = []
    for child in node.children or ():
        if child.name == "#text":
            text = child.data if in_pre else _SPACE.sub(" ", child.data)
            out = [*out[:-1], out[-1] + text] if out and isinstance(out[-1], str) else [*out, text]
        elif child.name.startswith(("#", "!")):
            out.append((child.name, {}, [str(child.data or "")]))
        else:
            below = tree(child, change, in_pre=in_pre or child.name == "pre")
            changed = change(child.name, dict(child.attrs or {}), child)
            if changed is None:
                for part in below:
                    is_text = out and isinstance(part, str) and isinstance(out[-1], str)
                    out = [*out[:-1], out[-1] + part] if is_text else [*out, part]
            else:
                out.append((*changed, below))
    return out if in_pre else _without_layout(out, node.name in BLOCKS or node.name.startswith("#"))


def _without_layout(parts: list, is_block: bool) -> list:
    """Without the spaces beside the tags of blocks."""
    kept = []
    for place, part in enumerate(parts):
        if isinstance(part, str):
            before, after = parts[place - 1 : place] if place else [], parts[place + 1 : place + 2]
            if (not before and is_block) or (before and before[0][0] in BLOCKS):
                part = part.lstrip(" ")
            if (not after and is_block) or (after and after[0][0] in BLOCKS):
                part = part.rstrip(" ")
        if part:
            kept.append(part)
    return kept
