"""The text of a post as Markdown: blocks or classic text, shortcodes, full pictures, then plain HTML is converted."""

import re
from collections import Counter
from dataclasses import dataclass
from html import escape

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from publishing.transfer.notes import Kind, Notes

from ....html import to_markdown as html_to_markdown
from ....records import Post
from ..items import Element
from ..site import Site, plain
from . import pictures
from .blocks import Blocks
from .markup import without_comments
from .paragraphs import paragraphs
from .shortcodes import Shortcodes, without

_BLOCKS = re.compile(r"<!--\s*/?wp:")
_REFERENCE = re.compile(r"<!--\s*wp:(?:core/)?block\s+\{[^}]*\"ref\":\s*(\d+)")
_MORE = re.compile(r"<!--\s*more(?:\s[^<>]*)?-->")
_NEXT_PAGE = re.compile(r"<!--\s*nextpage\s*-->")
# As many characters as a summary has.
_SUMMARY = 300


@dataclass(frozen=True)
class Source:
    """What a post's text needs besides itself. Small: one is kept for each post of a first pass."""

    site: Site
    post_id: str
    footnotes: str
    enclosures: tuple[str, ...]

    @classmethod
    def of(cls, element: Element, site: Site) -> "Source":
        enclosures = tuple(lines.split()[0] for lines in element.meta.get("enclosure", []) if lines.split())
        return cls(site, element["post_id"], element.value("footnotes"), enclosures)


def summary(element: Element) -> str:
    """The excerpt, else what stands before "more" if that is short, else nothing."""
    if excerpt := plain(without(without_comments(element["excerpt"]))):
        return excerpt
    more = _MORE.search(element["content"])
    before = plain(without(without_comments(element["content"][: more.start()] if more else "")))
    return before if len(before) <= _SUMMARY else ""


def first_words(element: Element) -> str:
    """Of the text, for a post without a title and a name."""
    return Truncator(plain(without(without_comments(element["content"][:5000])))).words(9, truncate="…")


def references(text: str) -> list[str]:
    """Ids of the reusable blocks that a text shows."""
    return _REFERENCE.findall(text)


def to_markdown(post: Post, source: Source) -> str:
    html = to_html(post.text, source, post.notes)
    return html_to_markdown(html, post.notes)


def to_html(text: str, source: Source, notes: Notes) -> str:
    """Plain HTML, as any converter reads it. What it cannot show is told."""
    shortcodes = Shortcodes(source.site, source.post_id)
    blocks = Blocks(source.site, source.footnotes)
    # Of XML in a text; as HTML it would be a comment.
    text = text.replace("<![CDATA[", "&lt;![CDATA[")
    text = _NEXT_PAGE.sub("\n\n<hr>\n\n", _MORE.sub("\n\n", text))
    if _BLOCKS.search(text):
        html = shortcodes.html(without_comments(blocks.html(text)))
    else:
        html = paragraphs(shortcodes.html(without_comments(text)))
    html = pictures.with_full_files(html + shortcodes.notes(), source.site)
    for address in source.enclosures:
        if escape(address) not in html and address not in html:
            html += f'\n<figure><audio src="{escape(address)}"></audio></figure>'
    _tell(blocks, shortcodes, notes)
    return html


def _tell(blocks: Blocks, shortcodes: Shortcodes, notes: Notes) -> None:
    if blocks.lost:
        notes.lose(
            Kind.SYNTAX,
            _("blocks that are made anew for each page are left out: %(lost)s") % {"lost": _listed(blocks.lost)},
        )
    if blocks.dropped:
        notes.add(
            Kind.SYNTAX,
            _("blocks of the site's design are left out: %(dropped)s") % {"dropped": _listed(blocks.dropped)},
        )
    if shortcodes.lost:
        notes.lose(
            Kind.SYNTAX,
            _("shortcodes without a text of their own are left out: %(lost)s") % {"lost": _listed(shortcodes.lost)},
        )
    if shortcodes.opened:
        notes.add(
            Kind.SYNTAX,
            _("of shortcodes only the content was taken: %(opened)s") % {"opened": _listed(shortcodes.opened)},
        )
    if shortcodes.missing:
        ids = ", ".join(shortcodes.missing[:20])
        notes.lose(Kind.PICTURE, _("files of galleries that are not in the export: %(ids)s") % {"ids": ids})


def _listed(counts: Counter) -> str:
    return ", ".join(f"{name} ({number})" for name, number in sorted(counts.items()))
