"""Markdown of other generators as this project's Markdown."""

import re
from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from publishing.transfer.notes import Notes

from .boxes import Boxes
from .code import hide_code
from .headings import with_fragments, with_ids, with_old_ids
from .hidden import Found, Hidden, block, separated, without_marks, without_unknown
from .inline import Inline, hide_maths
from .lists import PYTHON_MARKDOWN, at_four
from .markup import IS_MDX, Markup
from .shortcodes import Shortcodes

# They make ids of headings as GitHub does.
GITHUB_IDS = frozenset({"hugo", "docusaurus", "jekyll", "gatsby", "astro", "mdx"})
MDX = frozenset({"mdx", "docusaurus"})
# Of Hexo's NexT, in its tag `tabs`.
_TAB = re.compile(r"\s*tab\s+([^@\n]*[^@\s])(?:@.*)?\s*")
_KRAMDOWN_COMMENT = re.compile(r"\{::comment\}(?:(?!\{:/|\{::).){0,5000}\{:/(?:comment)?\}", re.DOTALL)
_TEMPLATE = re.compile(r"\{(?=[{%])|(?<=[}%])\}")
_COLONS = re.compile(r"^[ \t>]*(?:[-*+][ \t]+)?:{3,}", re.MULTILINE)
_SEPARATOR = re.compile(r"\s*(?:(?:end )?(?:of )?list|separator)?\s*", re.IGNORECASE)
_CONTENTS = re.compile(r"\s*(?:toc|tocstop|table of contents)\s*", re.IGNORECASE)


def to_ours(
    text: str,
    notes: Notes,
    dialect: str = "",
    variables: Mapping[str, str] | None = None,
    is_page: Callable[[str], bool] | None = None,
    *,
    is_template: bool = True,
) -> str:
    """`text` with the syntax of other generators rewritten or taken out; code stays as it is.

    `dialect` is the generator, if it is known: "docusaurus" and the others of `MDX` have JavaScript in braces.
    `variables` are what templates may say of the post: {"page.title": "…"}. `is_page` tells whether there is a page
    of a name, for `[[name]]`. Tags of templates are text if it is no template. Targets of links and addresses of
    pictures stay as they are written. What could not be read is noted, each kind once with its number. In linear
    time.
    """
    hidden, found = Hidden(), Found()
    text = without_marks(text)
    if dialect in PYTHON_MARKDOWN:
        text = at_four(text)
    if not is_template:
        text = _TEMPLATE.sub(lambda sign: hidden.hide(sign[0]), text)
    text = hide_code(text, hidden, found)
    text = hide_maths(_without_comments(text, hidden, found), hidden, found)
    is_mdx = dialect in MDX or bool(IS_MDX.search(text))
    shortcodes = Shortcodes(hidden, found, dict(variables or {}))
    text = without_unknown(separated(shortcodes.replace(text)))
    text = with_ids(text, hidden)
    text = without_unknown(separated(Markup(hidden, found, shortcodes, is_mdx=is_mdx).replace(text)))
    boxes = Boxes(hidden, found)
    text = separated(boxes.replace(text))
    text = with_ids(text, hidden)
    if dialect in GITHUB_IDS:
        text = with_old_ids(text, hidden)
    text = with_fragments(text, hidden)
    text = Inline(hidden, found, is_page).replace(text, boxes.abbreviations)
    found.tell(notes)
    if hidden.colons:
        text = _COLONS.sub(rf"\g<0>{':' * (hidden.colons - 2)}", text)
    return hidden.restore(text)


def _without_comments(text: str, hidden: Hidden, found: Found) -> str:
    """Comments are not shown; they end a paragraph as before."""
    if "{::comment}" in text:
        text = _KRAMDOWN_COMMENT.sub("", text)
    if "<!--" not in text:
        return text
    out, start, has_tabs = [], 0, "{% tabs" in text
    while (begin := text.find("<!--", start)) >= 0:
        end = text.find("-->", begin)
        if end < 0:
            break
        if _CONTENTS.fullmatch(text[begin + 4 : end]):
            found.changed[_("the place of a list of contents: left out, pages have one")] += 1
        out.append(text[start:begin])
        if _SEPARATOR.fullmatch(text, begin + 4, end):
            # Between two lists.
            out.append(hidden.hide("<!-- -->"))
        if has_tabs and (tab := _TAB.fullmatch(text, begin + 4, end)):
            out.append(block(f"**{tab[1]}**"))
        start = end + 3
    return "".join([*out, text[start:]])
