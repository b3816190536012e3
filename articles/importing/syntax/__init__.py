"""Markdown of other generators as this project's Markdown."""

import re
from collections.abc import Callable, Mapping

from publishing.transfer.notes import Notes

from .boxes import Boxes
from .code import hide_code
from .headings import with_fragments, with_ids
from .hidden import Found, Hidden, separated, without_marks
from .inline import Inline, hide_maths
from .markup import IS_MDX, Markup
from .shortcodes import Shortcodes

MDX = frozenset({"mdx", "docusaurus"})
_CONTENTS = re.compile(r"\s*(?:toc|tocstop|table of contents)\s*", re.IGNORECASE)


def to_ours(
    text: str,
    notes: Notes,
    dialect: str = "",
    variables: Mapping[str, str] | None = None,
    is_page: Callable[[str], bool] | None = None,
) -> str:
    """`text` with the syntax of other generators rewritten or taken out; code stays as it is.

    `dialect` is the generator, if it is known: "docusaurus" and the others of `MDX` have JavaScript in braces.
    `variables` are what templates may say of the post: {"page.title": "…"}. `is_page` tells whether there is a page of
    a name, for `[[name]]`. Targets of links and addresses of pictures stay as they are written. What could not be read
    is noted, each kind once with its number. In linear time.
    """
    hidden, found = Hidden(), Found()
    text = hide_code(without_marks(text), hidden, found)
    text = hide_maths(_without_comments(text, found), hidden, found)
    is_mdx = dialect in MDX or bool(IS_MDX.search(text))
    shortcodes = Shortcodes(hidden, found, dict(variables or {}))
    text = separated(shortcodes.replace(text))
    text = with_ids(text, hidden)
    text = separated(Markup(hidden, found, shortcodes, is_mdx=is_mdx).replace(text))
    boxes = Boxes(hidden, found)
    text = separated(boxes.replace(text))
    text = with_ids(text, hidden)
    text = with_fragments(text, hidden)
    text = Inline(hidden, found, is_page).replace(text, boxes.abbreviations)
    found.tell(notes)
    return hidden.restore(text)


def _without_comments(text: str, found: Found) -> str:
    """Comments are not shown; they end a paragraph as before."""
    if "<!--" not in text:
        return text
    out, start = [], 0
    while (begin := text.find("<!--", start)) >= 0:
        end = text.find("-->", begin)
        if end < 0:
            break
        if _CONTENTS.fullmatch(text[begin + 4 : end]):
            found.changed["the place of a list of contents: left out, pages have one"] += 1
        out.append(text[start:begin])
        start = end + 3
    return "".join([*out, text[start:]])
