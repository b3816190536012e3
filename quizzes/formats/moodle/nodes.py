"""XML from elsewhere as small trees with line numbers, one by one; nothing in it can expand or reach out."""

import re
from collections.abc import Callable, Iterator
from xml.sax import SAXParseException  # noqa: S406 - only its name; defusedxml reads
from xml.sax.handler import ContentHandler  # noqa: S406
from xml.sax.xmlreader import Locator  # noqa: S406

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from ..items import MAX_BYTES, UnreadableFile

# Far beyond what a question needs: 10,000 answers with a text and a feedback each have 50,000.
MAX_NODES = 100_000
MAX_DEPTH = 30

_ENCODING = re.compile(r"""<\?xml[^>]{0,100}?\sencoding\s{0,9}=\s{0,9}["']([^"'>]{1,40})""")
_READ = ("utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii")
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}


class Node:
    """An element: its name, its attributes, the line it starts on, its child elements and its text without theirs."""

    __slots__ = ("name", "attributes", "line", "children", "pieces")

    def __init__(self, name: str, attributes: dict[str, str], line: int):
        self.name, self.attributes, self.line = name, attributes, line
        self.children: list[Node] = []
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def all(self, name: str) -> list["Node"]:
        return [child for child in self.children if child.name == name]

    def child(self, name: str) -> "Node | None":
        return next((child for child in self.children if child.name == name), None)

    def below(self, name: str) -> Iterator["Node"]:
        """All elements of this name inside, in the order of the file."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.below(name)

    def text_of(self, *path: str) -> str:
        """The text of a child, or of a child's child, without white space around it; "" if there is none."""
        node: Node | None = self
        for name in path:
            node = node and node.child(name)
        return node.text.strip() if node else ""


def decode(data: bytes) -> str:
    """The text of an XML file. Raises UnreadableFile when it is larger than 10 MB, or neither UTF-8 nor UTF-16."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile("The file is larger than 10 MB, which is the most.")
    encoding = _UTF_16.get(data[:2], "utf-8-sig")
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UnreadableFile("The file is neither UTF-8 nor UTF-16. Save it again as UTF-8.") from error
    declared = _ENCODING.match(text.lstrip()[:200])
    if declared and declared[1].lower() not in _READ:
        raise UnreadableFile(f"The file says that its encoding is {declared[1]}. Only UTF-8 and UTF-16 are read.")
    return text


def read_children(data: bytes, root: str, take: Callable[[Node], None]) -> None:
    """Give each element right below the root to `take`, in order, and forget it after that.

    Raises UnreadableFile for what is not well-formed, declares a document type or entities, has another root, or
    nests or holds more than a question can.
    """
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(_Builder(root, take, parser))
    try:
        # At once, not in chunks: old versions of expat read a long token again from its start with every chunk.
        parser.feed(decode(data))
        parser.close()
    except DefusedXmlException as error:
        raise UnreadableFile(
            "The file declares a document type or entities, which no export needs and which can be made to do harm."
        ) from error
    except SAXParseException as error:
        raise UnreadableFile(
            f"The file is not well-formed XML: {error.getMessage()} on line {error.getLineNumber()}."
        ) from error


class _Builder(ContentHandler):
    def __init__(self, root: str, take: Callable[[Node], None], locator: Locator):
        super().__init__()
        self.root, self.take, self.locator = root, take, locator
        self.open: list[Node] = []
        self.count = 0

    def startElement(self, name, attributes):
        line = self.locator.getLineNumber()
        if not self.open and name != self.root:
            raise UnreadableFile(f"The file starts with <{name[:40]}> and not with <{self.root}>.")
        self.count += 1
        if len(self.open) >= MAX_DEPTH or self.count > MAX_NODES:
            raise UnreadableFile(f"The question on line {self.open[1].line} holds more than any question needs.")
        node = Node(name, dict(attributes), line)
        if len(self.open) > 1:
            self.open[-1].children.append(node)
        self.open.append(node)

    def endElement(self, name):
        node = self.open.pop()
        if len(self.open) == 1:
            self.count = 0
            self.take(node)

    def characters(self, content):
        if len(self.open) > 1:
            self.open[-1].pieces.append(content)
