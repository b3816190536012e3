"""Texts of a source as they can be stored."""

import re

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from publishing.text import markdown
from publishing.text.parsing import normal_line_ends
from publishing.text.validators import TURNING, UNSTORABLE, visible_length
from publishing.transfer.notes import Kind, Notes

_HEADING = re.compile(r"\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)|\s*(\S.*)\n=+[ \t]*(?:\n|\Z)")
_NO_PARAGRAPH = re.compile(r"\s*(#|```|~~~|:::|>|<|\||!\[|[-*+] |\d+\. |    |https?://\S+\s*\Z|\[\^[^\]\n]+\]:)")
# The number of a footnote, or code, which may look like one.
_FOOTNOTE = re.compile(r"(`+)[^`]*\1|\[\^[^\]\s]+\]")
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)([^\]\n]+)\]:.*$", re.MULTILINE)


def prose(text: str, notes: Notes) -> str:
    """The text of several lines without characters that cannot be stored, which are told with their number."""
    return _storable(normal_line_ends(text), _("the text"), notes)


def line(text: str, what: str, length: int, notes: Notes, *, is_told=True) -> str:
    """A text on one line, cut to `length` characters. Empty if it has no visible character."""
    text = " ".join(_storable(TURNING.sub("", text), what, notes).split())
    if len(text) > length and is_told:
        notes.add(
            Kind.TEXT,
            _("%(what)s shortened from %(number)s to %(length)s characters")
            % {"what": what, "number": len(text), "length": length},
        )
    return Truncator(text).chars(length) if visible_length(text) else ""


def _storable(text: str, what: str, notes: Notes) -> str:
    text, number = UNSTORABLE.subn("", text)
    if number:
        notes.add(
            Kind.TEXT,
            _("%(number)s characters taken out of %(what)s that cannot be stored") % {"number": number, "what": what},
        )
    return text


def title_and_body(title: str, body: str) -> tuple[str, str]:
    """Without a title, that of a heading of level one at the start of the body, and the body after it."""
    heading = None if title else _HEADING.match(body)
    if heading is None:
        return title, body
    return re.sub(r"[`*_]", "", heading[1] or heading[2]), body[heading.end() :]


def first_paragraph(body: str) -> str:
    """The words of the first paragraph, for a summary; "" without one."""
    for paragraph in re.split(r"\n\s*\n", body[:20_000]):
        if _NO_PARAGRAPH.match(paragraph):
            continue
        words = _FOOTNOTE.sub(lambda found: found[0] if found[1] else "", paragraph)
        # Links may have their addresses at the end of the text.
        defined = [found[0] for found in _DEFINITION.finditer(body) if found[1].casefold() in words.casefold()]
        if text := markdown.render_article("\n\n".join([words, *defined])).text:
            return " ".join(text.split())
    return ""
