"""What an article's page adds to the stored HTML of its text, which feeds show as it is: side notes, large pictures,
links to headings, an opening.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import chain

from django.utils.translation import gettext as _

from .finishing import VOID_TAGS

# Longer notes would hang far below what they are about.
LONGEST_SIDE_NOTE = 700

_FOOTNOTES = re.compile(r'<section class="footnotes"')
_NOTE = re.compile(r'<li id="fn(\d+)"[^>]*>(.*?)</li>', re.DOTALL)
_BACK = re.compile(r'\s*<a href="#fnref[^"]*" class="footnote-backref">.*?</a>')
# In these a note needs more than a margin.
_TOO_MUCH = re.compile(r'<(?:li|pre|table|img|figure|h\d)\b|id="')
_REFERENCE = re.compile(r'id="fnref(\d+)"')
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*>')
_TAGS = re.compile(r"<[^>]*>")
_HEADING = re.compile(r'<(h[2-6]) id="([^"]+)"[^>]*>(.*?)</\1>', re.DOTALL)
# Of 20 to 40 letters, up to the end of a word, if the paragraph goes on.
_FIRST_WORDS = re.compile(r"<p>([^<&\s][^<&]{19,39}?)(?=\s[^<]{40})")
_FIGURE = re.compile(r'<figure>(<img src="([^"]+)" alt="[^"][^>]*>)')
# What static/css/site/blocks.css is for.
_BLOCKS = (
    'class="box', 'class="pull', 'class="gallery', 'class="wide', 'class="contains-task-list', "<details", "<math",
    "<audio", "<video", "<dt", "<mark", "<ins", "<del", "<kbd",
)  # fmt: skip


def parts(html: str) -> Iterator[tuple[int, str]]:
    """Pairs of an offset in rendered HTML and what is inserted there. Milliseconds; little for a text without notes."""
    return chain(_opening(html), _side_notes(html), _links_to_pictures(html), _links_to_headings(html))


def has_blocks(html: str) -> bool:
    """Whether a text has more than site.css has a style for, so that its page needs blocks.css. Some microseconds."""
    return any(block in html for block in _BLOCKS)


def _opening(html: str) -> Iterator[tuple[int, str]]:
    """Marks the first words of the text, if it begins with a paragraph of words."""
    if words := _FIRST_WORDS.match(html):
        yield words.start(1), '<span class="lead-in">'
        yield words.end(1), "</span>"


def _links_to_headings(html: str) -> Iterator[tuple[int, str]]:
    """A sign behind each heading that has an id: a link to it, hidden until the pointer or the focus is there."""
    label = _("Link to “%(heading)s”")
    for heading in _HEADING.finditer(html):
        name = label % {"heading": escape(" ".join(unescape(_TAGS.sub("", heading[3])).split()))}
        yield heading.end(3), f'<a class="away anchor" href="#{heading[2]}" aria-label="{name}">#</a>'


def _side_notes(html: str) -> list[tuple[int, str]]:
    """Copies of the footnotes, each before the block that refers to it; none unless all of them fit a margin.

    A style sheet shows either the copies, in a wide window, or the footnotes below the text.
    """
    section = _FOOTNOTES.search(html)
    if not section:
        return []
    notes = {number: _BACK.sub("", text) for number, text in _NOTE.findall(html, section.start())}
    if any(len(text) > LONGEST_SIDE_NOTE or _TOO_MUCH.search(text) for text in notes.values()):
        return []
    found, starts = [], _starts_of_blocks(html)
    begin = 0
    for end in [*starts[1:], len(html)]:
        if begin >= section.start():
            break
        for number in dict.fromkeys(_REFERENCE.findall(html, begin, end)):
            if number in notes:
                note = notes.pop(number).replace("<p>", f"<p><b>{number}</b> ", 1)
                found.append((begin, f'<aside class="side" role="note">{note}</aside>'))
        begin = end
    return found if not notes else []


def _starts_of_blocks(html: str) -> list[int]:
    starts, depth = [], 0
    for tag in _TAG.finditer(html):
        is_end, name = tag.groups()
        if not is_end and not depth:
            starts.append(tag.start())
        if name not in VOID_TAGS:
            depth += -1 if is_end else 1
    return starts


def _links_to_pictures(html: str) -> Iterator[tuple[int, str]]:
    """A link to the file around each picture in a figure that has words for it and leads nowhere yet."""
    for figure in _FIGURE.finditer(html):
        yield figure.start(1), f'<a class="zoom" href="{figure[2]}">'
        yield figure.end(1), "</a>"
