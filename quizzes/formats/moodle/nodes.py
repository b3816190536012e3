"""Untrusted XML as small trees with line numbers, one at a time, without entities and external files."""

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element  # noqa: S405 - a tree; defusedxml reads
from xml.sax import SAXParseException  # noqa: S406 - only its name
from xml.sax.handler import ContentHandler  # noqa: S406
from xml.sax.xmlreader import Locator  # noqa: S406

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from ...kinds.messages import gettext_noop as _
from .. import decoding
from ..items import UnreadableFile

# Far beyond what a question needs: 10,000 answers with a text and a feedback each have 50,000.
MAX_NODES = 100_000
MAX_DEPTH = 30

_ENCODING = re.compile(r"""<\?xml[^>]{0,100}?\sencoding\s{0,9}=\s{0,9}["']([^"'>]{1,40})""")
_READ = ("utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii")
# XML in UTF-16 is recognised without a mark by its first <.
_MISSING_MARKS = {b"<\x00": b"\xff\xfe", b"\x00<": b"\xfe\xff"}


class Node(Element):
    """An element with the line that it starts on. Its `text` is its own without that of its children."""

    def __init__(self, name: str, attributes: dict[str, str], line: int):
        super().__init__(name, attributes)
        self.line = line

    def text_of(self, path: str) -> str:
        """The text of the first child or descendant at this path, stripped; "" if there is none."""
        return self.findtext(path, "").strip()


def decode(data: bytes) -> str:
    """The text of an XML file. Raises UnreadableFile as `decoding.decode`, and when it names another encoding."""
    text = decoding.decode(_MISSING_MARKS.get(data[:2], b"") + data)
    declared = _ENCODING.match(text.lstrip()[:200])
    if declared and declared[1].lower() not in _READ:
        raise UnreadableFile(
            _("The file declares the encoding %(encoding)s. Only UTF-8 and UTF-16 are supported.", encoding=declared[1])
        )
    return text


def read_children(data: bytes, take: Callable[[Node], None]) -> None:
    """Call `take` with each child of the root, in order, and free it afterwards.

    Raises UnreadableFile for XML that is not well-formed, declares a document type or entities, has another root than
    <quiz>, or a question that is too deep or too large.
    """
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(_Builder(take, parser))
    try:
        # At once, not in chunks: old versions of expat read a long token again from its start with every chunk.
        parser.feed(decode(data))
        parser.close()
    except DefusedXmlException as error:
        raise UnreadableFile(_("The file declares a document type or entities, which is not allowed.")) from error
    except SAXParseException as error:
        raise UnreadableFile(
            _(
                "The file is not well-formed XML: %(problem)s on line %(line)s.",
                problem=error.getMessage(),
                line=error.getLineNumber(),
            )
        ) from error


class _Builder(ContentHandler):
    def __init__(self, take: Callable[[Node], None], locator: Locator):
        super().__init__()
        self.take, self.locator = take, locator
        # Elements that have not ended, each with the pieces of its text.
        self.open, self.count = [], 0

    def startElement(self, name, attributes):
        if not self.open and name != "quiz":
            raise UnreadableFile(_("The file starts with <%(name)s>, not with <quiz>.", name=name[:40]))
        self.count += 1
        if len(self.open) >= MAX_DEPTH or self.count > MAX_NODES:
            raise UnreadableFile(_("The question on line %(line)s has too many elements.", line=self.open[1][0].line))
        node = Node(name, dict(attributes), self.locator.getLineNumber())
        if len(self.open) > 1:
            self.open[-1][0].append(node)
        self.open.append((node, []))

    def endElement(self, name):
        node, pieces = self.open.pop()
        node.text = "".join(pieces)
        if len(self.open) == 1:
            self.count = 0
            self.take(node)

    def characters(self, content):
        if len(self.open) > 1:
            self.open[-1][1].append(content)
