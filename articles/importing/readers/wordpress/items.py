"""The elements of an export's channel as their fields: items, authors, terms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from xml.parsers import expat  # noqa: S407 - elements without a document type: there is nothing to expand

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from publishing.transfer.xml import Xml

from .scanning import End, Scanner, Start

# Of one field: a text that is longer cannot be stored anyway.
MOST_CHARACTERS = 8_000_000
# Of RSS; the same names with a prefix are others' ("itunes:title").
_RSS = {"title", "link", "guid", "pubDate", "description"}
_LEFT_OUT = {"comment", "description"}
# Of the many that plugins write, those that are read.
_META = re.compile(
    r"_thumbnail_id|_wp_attachment_image_alt|_wp_old_slug|footnotes|enclosure|_series_part|cap-[\w-]+"
    r"|_yoast_wpseo_(?:title|metadesc|canonical|primary_category)"
    r"|rank_math_(?:title|description|canonical_url|primary_category)"
    r"|_aioseop?_(?:title|description)|_seopress_titles_(?:title|desc)|_jetpack_newsletter_access|_members_access_role|_?rcp_\w+"
)


@dataclass
class Element:
    """An item, an author or a term: its fields by their local names, the first that is filled of each."""

    name: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    # Of an item: its terms as (taxonomy, slug, name), and its custom fields that are read.
    terms: list[tuple[str, str, str]] = field(default_factory=list)
    meta: dict[str, list[str]] = field(default_factory=dict)
    # Of an author or a term without fields, such as <link>.
    text: str = ""

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def value(self, key: str) -> str:
        """The last value of a custom field."""
        return self.meta.get(key, [""])[-1].strip()


@dataclass
class Broken:
    """An element that cannot be read, and what lies between `line` and the break."""

    name: str
    line: int
    reason: str
    title: str = ""


class _Parser:
    """Reads one element, fed piece by piece."""

    def __init__(self, start: Start):
        self.tag, self.element = start.name, Element(_local(start.name), start.line)
        self._path: list[str] = []
        self._text: list[str] = []
        self._size = 0
        self._row: dict[str, str] = {}
        self.error = ""
        self._expat = expat.ParserCreate("utf-8")
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._characters
        self.feed(start.tag)

    def feed(self, xml: str, *, is_last: bool = False) -> None:
        if self.error:
            return
        try:
            self._expat.Parse(xml, is_last)
        except expat.ExpatError as error:
            line = self.element.line + error.lineno - 1
            self.error = _("it is not well-formed XML (line %(line)s: %(problem)s)") % {
                "line": line,
                "problem": expat.errors.messages.get(error.code, "broken"),
            }

    def finish(self, end: End) -> Element | Broken:
        if end.is_whole:
            self.feed(f"</{self.tag}>", is_last=True)
        elif not self.error:
            self.error = _("it ends in the middle (line %(line)s)") % {"line": end.line}
        # The parser and its functions hold each other, and what was read, in memory.
        self._expat = None
        if self.error:
            return Broken(self.element.name, self.element.line, self.error, self.element["title"])
        return self.element

    def _start(self, name, attributes):
        self._path.append(name)
        if len(self._path) > 2 and self._path[1].endswith(":encoded"):
            # Text that was not protected: its tags belong to it.
            written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
            self._characters(f"<{name}{written}>")
        elif len(self._path) == 2:
            self._attributes, self._text, self._size, self._row = attributes, [], 0, {}
        elif len(self._path) == 3:
            self._text, self._size = [], 0

    def _characters(self, text):
        is_wanted = len(self._path) <= 3 or self._path[1].endswith(":encoded")
        if is_wanted and not (len(self._path) > 1 and _local(self._path[1]) in _LEFT_OUT):
            self._size += len(text)
            if self._size > MOST_CHARACTERS:
                self.error = _("a field is longer than %(most)s characters") % {
                    "most": number_format(MOST_CHARACTERS, force_grouping=True)
                }
            else:
                self._text.append(text)

    def _end(self, name):
        depth = len(self._path)
        outer = self._path[1] if depth > 1 else ""
        self._path.pop()
        if depth > 2 and outer.endswith(":encoded"):
            self._characters(f"</{name}>")
        elif depth == 3:
            self._row.setdefault(_local(name), "".join(self._text))
        elif depth == 2:
            self._field(name, "".join(self._text))
        elif depth == 1:
            self.element.text = "".join(self._text)

    def _field(self, name: str, text: str) -> None:
        local, element = _local(name), self.element
        if local == "postmeta":
            key = self._row.get("meta_key", "").strip()
            if _META.fullmatch(key):
                element.meta.setdefault(key, []).append(self._row.get("meta_value", ""))
        elif name == "category" and element.name == "item":
            attributes = self._attributes
            term = attributes.get("domain", "category"), attributes.get("nicename", ""), text.strip()
            element.terms.append(term)
        elif local not in _RSS or ":" not in name:
            if local == "encoded":
                # Of the content and of the excerpt.
                local = "excerpt" if "excerpt" in name else "content"
            text = text if local == "content" else text.strip()
            if text and not element[local]:
                element.fields[local] = text


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def read(xml: Xml) -> Iterator[Element | Broken]:
    """The elements of an export in order; one is in memory at a time. At the end, what is wrong with the file."""
    scanner = Scanner(xml)
    parser, is_cut = None, False
    for event in scanner.events():
        if isinstance(event, Start):
            parser = _Parser(event)
        elif isinstance(event, End):
            is_cut = not event.is_whole
            yield parser.finish(event)
        else:
            parser.feed(event.xml)
    if not scanner.has_channel:
        yield Broken("rss", 1, "it is not well-formed XML: there is no <channel>")
    elif not scanner.is_whole and not is_cut:
        yield Broken("rss", scanner.line, _("the file ends in the middle (line %(line)s)") % {"line": scanner.line})
    if scanner.has_document_type:
        yield Broken("doctype", 1, _("it declares a document type; nothing that it declares was read"))
