"""A WordPress export cut into the elements of its channel, so that a broken one costs only itself.

Reads text in pieces, never the whole file. A document type is skipped and told: nothing that it declares is expanded.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from publishing.transfer.xml import Xml

_CHILD = r"(?:[\w.-]+:)?(?:item|author|wp_author|category|tag|term|base_blog_url|base_site_url|language|link|title)"
_OUTSIDE = re.compile(rf"<!\[CDATA\[|<!--|<!DOCTYPE|</?(?:rss|channel)\b[^<>]*>|<({_CHILD})(?=[\s>/])[^<>]*>")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}


class Start(NamedTuple):
    """An element begins; `tag` is its start tag."""

    name: str
    tag: str
    line: int


class Text(NamedTuple):
    """XML inside of the element."""

    xml: str


class End(NamedTuple):
    """The element ends. `is_whole` is False if another one began, or the file ended, before its end tag."""

    line: int
    is_whole: bool


Event = Start | Text | End


class Scanner:
    """Call `events` once; afterwards the other attributes say what was found."""

    def __init__(self, xml: Xml):
        self._xml = xml
        self.line = 1
        self.has_channel = False
        self.is_whole = False
        self.has_document_type = False
        # What ends the section or the element that it is in.
        self._end = ""
        self._is_cdata = False
        self._name = ""

    def events(self) -> Iterator[Event]:
        while text := self._xml.read():
            # Nothing of it is kept here.
            self._xml.in_piece = 0
            yield from self._read(text)
        if self._name:
            yield End(self.line, False)

    def _read(self, text: str) -> Iterator[Event]:
        position = 0
        while position < len(text):
            start = position
            read = self._section if self._end else self._element if self._name else self._channel
            events, position = read(text, position)
            self.line += text.count("\n", start, position)
            yield from events

    def _section(self, text: str, position: int) -> tuple[list[Event], int]:
        """In CDATA, a comment or a document type: up to its end."""
        found = text.find(self._end, position)
        stop = len(text) if found < 0 else found
        is_text = self._is_cdata and self._name and stop > position
        events: list[Event] = [Text(f"<![CDATA[{text[position:stop]}]]>")] if is_text else []
        if found < 0:
            return events, len(text)
        stop += len(self._end)
        self._end, self._is_cdata = "", False
        return events, stop

    def _element(self, text: str, position: int) -> tuple[list[Event], int]:
        """In an element of the channel: its next text, up to a mark."""
        found = self._mark.search(text, position)
        stop = found.start() if found else len(text)
        # The end of a section that has ended before is text.
        events: list[Event] = [Text(text[position:stop].replace("]]>", "]]&gt;"))] if stop > position else []
        if not found:
            return events, stop
        if found[0] in _ENDS:
            self._enter(found[0])
            return events, found.end()
        is_whole = found[0].startswith("</")
        events.append(End(self.line + text.count("\n", position, stop), is_whole))
        self._name = ""
        return events, found.end() if is_whole else stop

    def _channel(self, text: str, position: int) -> tuple[list[Event], int]:
        """Between the elements of the channel: up to the next."""
        found = _OUTSIDE.search(text, position)
        if not found:
            return [], len(text)
        mark = found[0]
        if mark == "<!DOCTYPE":
            self.has_document_type = True
            head = text[found.end() :].partition(">")[0]
            self._end = "]>" if "[" in head else ">"
        elif mark in _ENDS:
            self._enter(mark)
        elif not found[1]:
            self.has_channel |= mark.startswith("<channel")
            self.is_whole |= mark.startswith("</")
        elif not mark.endswith("/>"):
            self._name = found[1]
            # A second item before the end of the first: its end tag is missing.
            again = "|<item[\\s>]" if self._name == "item" else ""
            self._mark = re.compile(rf"<!\[CDATA\[|<!--|</{re.escape(self._name)}\s*>{again}")
            return [Start(self._name, mark, self.line + text.count("\n", position, found.start()))], found.end()
        return [], found.end()

    def _enter(self, mark: str) -> None:
        self._end, self._is_cdata = _ENDS[mark], mark != "<!--"
