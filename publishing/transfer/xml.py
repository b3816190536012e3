"""XML of other systems, read piece by piece: files of any size, in bounded memory, with the usual faults repaired.

No entity expands and nothing is loaded: a file that declares a document type is refused.
"""

import codecs
import re
from collections.abc import Iterator
from html.entities import html5
from typing import BinaryIO
from xml.etree.ElementTree import Element  # noqa: S405 - only its name; defusedxml reads

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from .notes import Refused

CHUNK = 64 * 1024
_START = 1024
# Characters of one piece. Of all before it nothing is kept.
MOST_IN_PIECE = 16 * 1024 * 1024
# Of a tag, or of what could become one.
_MOST_IN_TAG = 64 * 1024

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SECTION = re.compile(r"<!\[CDATA\[|<!--")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
_TAG = re.compile(r"""<[A-Za-z_](?:[^<>"']|"[^"<]*"|'[^'<]*')*+>""")
_UNQUOTED = re.compile(r"""(\s[A-Za-z_][\w:.-]*\s*=\s*)(?:("[^"<]*"|'[^'<]*')|([^\s"'<>=`&]+?)(?=\s|/?>))""")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,8});|#[xX]([0-9A-Fa-f]{1,8});|([A-Za-z][A-Za-z0-9]{1,31};))?")
_OWN = {"amp;", "lt;", "gt;", "quot;", "apos;"}
_NO_TAG = re.compile(r"<(?=[\s\d=<&])")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def _decoder_for(start: bytes) -> codecs.IncrementalDecoder:
    """By the mark at the start of the file, else as it declares. Raises Refused."""
    mark = next((mark for mark in _MARKS if start.startswith(mark)), None)
    declared = _DECLARED.match(start.lstrip())
    name = _MARKS[mark] if mark else declared[1].decode() if declared else "utf-8"
    if not mark and name.lower().startswith(("utf-16", "utf16", "utf-32", "utf32")):
        # It could not have been read so far.
        name = "utf-8"
    try:
        "".encode(name)
        return codecs.getincrementaldecoder(name)("replace" if name == "utf-16" else "surrogateescape")
    except (LookupError, ValueError) as error:
        raise Refused(gettext("its encoding “%(name)s” is unknown") % {"name": name}) from error


class Xml:
    """The text of a file, for a parser. `removed` and `repaired` count what was wrong with what has been read.

    Removed: characters that XML forbids, as themselves or as a reference.
    Repaired: `&` and `<` that begin nothing, names of HTML for characters, attributes without quotes, bytes of
    Windows-1252 among UTF-8. Raises Refused for an unknown encoding.
    """

    def __init__(self, file: BinaryIO):
        self.removed = self.repaired = 0
        # Characters since the last piece (`pieces`).
        self.in_piece = 0
        self._file, self._first = file, file.read(_START)
        self._decoder = _decoder_for(self._first)
        # What has not been given yet, and what ends the section that it is in.
        self._rest, self._end, self._is_over = "", "", False

    def read(self, size: int = -1) -> str:
        """The next part of the text, "" at its end. Raises Refused if one piece is too large to be kept."""
        while not self._is_over:
            data = self._first or self._file.read(CHUNK)
            self._is_over = not data
            text = self._rest + self._without_forbidden(self._decoder.decode(data, final=not data))
            if self._first:
                self._first, text = b"", text.lstrip("\ufeff \t\r\n")
            clean = self._cleaned(text)
            self.in_piece += len(clean)
            if self.in_piece > MOST_IN_PIECE:
                raise Refused(
                    gettext("one entry of it is longer than %(most)s million characters")
                    % {"most": MOST_IN_PIECE // 1024 // 1024}
                )
            if clean:
                return clean
        return ""

    @property
    def faults(self) -> list[str]:
        """Sentences about what was wrong, empty for sound XML."""
        removed = ngettext(
            "%(number)s character that XML forbids removed",
            "%(number)s characters that XML forbids removed",
            self.removed,
        )
        repaired = ngettext(
            "%(number)s fault of its XML repaired", "%(number)s faults of its XML repaired", self.repaired
        )
        counts = [(self.removed, removed), (self.repaired, repaired)]
        shown = [(number_format(number, force_grouping=True), words) for number, words in counts if number]
        return [words % {"number": number} for number, words in shown]

    def _without_forbidden(self, text):
        return _FORBIDDEN.sub(self._instead, text)

    def _instead(self, match):
        """A byte that was not UTF-8 comes as a surrogate."""
        byte = ord(match[0]) - 0xDC00
        if not 0x80 <= byte <= 0xFF:
            self.removed += 1
            return ""
        self.repaired += 1
        return bytes([byte]).decode("cp1252", "replace")

    def _cleaned(self, text):
        """What of `text` can be given to the parser; the beginning of something unfinished becomes `_rest`."""
        parts, position = [], 0
        while position < len(text):
            if self._end:
                end = text.find(self._end, position)
                stop = end + len(self._end) if end >= 0 else self._before_end(text, position)
                parts.append(text[position:stop])
                position = stop
                if end < 0:
                    break
                self._end = ""
            else:
                section = _SECTION.search(text, position)
                stop = section.start() if section else self._before_unfinished(text, position)
                parts.append(self._mended(text[position:stop]))
                position = stop
                if not section:
                    break
                parts.append(section[0])
                position, self._end = section.end(), _ENDS[section[0]]
        self._rest = text[position:]
        return "".join(parts)

    def _before_end(self, text, position):
        return len(text) if self._is_over else max(position, len(text) - len(self._end) + 1)

    def _before_unfinished(self, text, position):
        """Where a tag or a reference begins that may go on in the next part."""
        if self._is_over:
            return len(text)
        begun = text.rfind("<", position)
        if begun < 0 or ">" in text[begun:] or len(text) - begun > _MOST_IN_TAG:
            begun = text.rfind("&", max(position, len(text) - 40))
            return begun if begun >= 0 and ";" not in text[begun:] else len(text)
        return begun

    def _mended(self, text):
        """Text between sections, with what can be repaired without a doubt."""
        if "&" in text:
            text = _REFERENCE.sub(self._reference, text)
        text, repaired = _NO_TAG.subn("&lt;", text)
        self.repaired += repaired
        return _TAG.sub(lambda tag: self._tag(tag[0]), text) if "=" in text else text

    def _reference(self, match):
        decimal, hexadecimal, name = match.groups()
        if decimal or hexadecimal:
            number = int(decimal) if decimal else int(hexadecimal, 16)
            if number <= 0x10FFFF and not _FORBIDDEN.match(chr(number)):
                return match[0]
            self.removed += 1
            return ""
        if name in _OWN:
            return match[0]
        self.repaired += 1
        if name in html5:
            return html5[name].replace("&", "&amp;").replace("<", "&lt;")
        return "&amp;" + match[0][1:]

    def _tag(self, tag):
        def quoted(match):
            if match[3] is None:
                return match[0]
            self.repaired += 1
            return f'{match[1]}"{match[3]}"'

        return _UNQUOTED.sub(quoted, tag) if "=" in tag else tag


def pieces(xml: Xml, depth: int) -> Iterator[tuple[Element, Element]]:
    """The elements `depth` levels below the root, in order, each with its parent, and cleared after that.

    Raises Refused where the file is broken, after all that is whole before that place.
    """
    above = []
    for event, element in _events(xml, "start", "end"):
        if event == "start":
            above.append(element)
            continue
        above.pop()
        if len(above) == depth:
            yield element, above[-1]
        if 0 < len(above) <= depth:
            above[-1].clear()
            xml.in_piece = 0


def root_name(file: BinaryIO) -> str:
    """The local name of the root. Reads hardly further than that. Raises Refused for what is not XML."""
    return local(next(_events(Xml(file), "start"))[1])


def _events(xml, *names):
    try:
        yield from iterparse(xml, events=names, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Refused(gettext("it declares a document type or entities, which are not allowed")) from error
    except ParseError as error:
        raise Refused(gettext("it is not well-formed XML: %(error)s") % {"error": error}) from error
    except (OSError, ValueError) as error:
        raise Refused(str(error)) from error


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def child_text(element: Element, name: str) -> str:
    """The text of the first child called `name`, in whatever namespace; "" if there is none."""
    return element.findtext(f"{{*}}{name}", "").strip()
