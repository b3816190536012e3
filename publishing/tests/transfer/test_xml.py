"""XML of other systems: its usual faults are repaired and counted, and its size and its entities do no harm."""

import tracemalloc
from io import BytesIO

import pytest

from publishing.transfer import xml
from publishing.transfer.notes import Refused


def texts(content, chunk, monkeypatch, depth=1):
    monkeypatch.setattr(xml, "CHUNK", chunk)
    source = xml.Xml(BytesIO(content))
    return [element.text or "" for element, _ in xml.pieces(source, depth)], source


# The smallest part splits every tag, reference and section.
@pytest.fixture(params=[7, 64 * 1024])
def chunk(request):
    return request.param


@pytest.mark.parametrize(
    ("content", "text", "removed", "repaired"),
    [
        (b"<r><a>plain</a></r>", "plain", 0, 0),
        (b"<r><a>&lt;b&gt; &amp; &#233; &#xE9;</a></r>", "<b> & é é", 0, 0),
        (b"<r><a><![CDATA[one \x08 two]]></a></r>", "one  two", 1, 0),
        (b"<r><a>\x00\x1fx&#8;y&#x1F;</a></r>", "xy", 4, 0),
        (b"<r><a>\xef\xbf\xbe\xed\xa0\x80</a></r>".replace(b"\xed\xa0\x80", b""), "", 1, 0),
        (b"<r><a>this & that &nbsp; &hellip; &nonsense; &</a></r>", "this & that \xa0 … &nonsense; &", 0, 5),
        (b"<r><a>1 < 2, 2 <3</a></r>", "1 < 2, 2 <3", 0, 2),
        (b"<r><a b=c d = e f=\"g=h i=j\" k='l m=n'>x</a></r>", "x", 0, 2),
        (b"<r><a b=1/></r>", "", 0, 1),
        (b"<r><a>caf\xe9 \x93so\x94</a></r>", "café “so”", 0, 3),
        (b"<r><a><![CDATA[a & b <c d=e> &nbsp;]]></a></r>", "a & b <c d=e> &nbsp;", 0, 0),
        (b"<r><a><![CDATA[a]]]]><![CDATA[>b]]></a></r>", "a]]>b", 0, 0),
        (b"<r><!-- & <![CDATA[ <b c=d> --><a>x</a></r>", "x", 0, 0),
        (b'\n\n<?xml version="1.0"?><r><a>x</a></r>', "x", 0, 0),
        (b'\xef\xbb\xbf<?xml version="1.0" encoding="latin-1"?><r><a>\xc3\xa9</a></r>', "é", 0, 0),
        (b'<?xml version="1.0" encoding="iso-8859-1"?><r><a>\xe9</a></r>', "é", 0, 0),
        ('<?xml version="1.0" encoding="UTF-16"?><r><a>é 東</a></r>'.encode("utf-16"), "é 東", 0, 0),
    ],
)
def test_faults_are_repaired_outside_of_sections_and_counted(content, text, removed, repaired, chunk, monkeypatch):
    found, source = texts(content, chunk, monkeypatch)

    assert found == [text]
    assert (source.removed, source.repaired) == (removed, repaired)
    assert bool(source.faults) == bool(removed or repaired)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not well-formed"),
        (b"<r><a>one</a><a>two</r>", "mismatched tag"),
        (b"<r><a>one</a><a b=it's>two</a></r>", "not well-formed"),
        (b"<r><a>one</a><a>", "no element found"),
        (b"<r><a>one</a><a><![CDATA[two", "unclosed CDATA"),
        (b'<!DOCTYPE r [<!ENTITY a "ha">]><r><a>&a;</a></r>', "document type"),
        (b'<?xml version="1.0" encoding="klingon"?><r/>', "encoding “klingon” is unknown"),
        (b'<?xml version="1.0" encoding="hex"?><r/>', "encoding “hex” is unknown"),
    ],
)
def test_what_cannot_be_repaired_is_refused_after_all_that_is_whole(content, why, chunk, monkeypatch):
    found = []

    def read():
        monkeypatch.setattr(xml, "CHUNK", chunk)
        for element, _ in xml.pieces(xml.Xml(BytesIO(content)), 1):
            found.append(element.text)

    with pytest.raises(Refused, match=why):
        read()
    assert found == (["one"] if b"one" in content else [])


def test_the_root_is_known_from_the_start_of_the_file():
    assert xml.root_name(BytesIO(b'<a:rss xmlns:a="x"><a:channel>' + b"<broken" * 100_000)) == "rss"


class Large(BytesIO):
    """One start, and the same piece again and again."""

    def __init__(self, start, piece, bytes_after=300_000_000):
        super().__init__(start)
        self.left, self.piece = bytes_after, piece

    def read(self, size=-1):
        if start := super().read(size):
            return start
        self.left -= len(self.piece)
        return self.piece if self.left > 0 else b""


@pytest.mark.parametrize("start", [b"<r><a>", b"<r><a><![CDATA[", b"<r>", b"<r>" + b"<a>" * 1000])
def test_one_entry_of_any_length_is_refused_before_it_fills_the_memory(start, monkeypatch):
    monkeypatch.setattr(xml, "MOST_IN_PIECE", 1024 * 1024)
    file = Large(start, b"word " * 20_000)

    with pytest.raises(Refused, match="one entry of it is longer than 1 million"):
        for _ in xml.pieces(xml.Xml(file), 1):
            pass
    assert file.left > 298_000_000


def test_memory_does_not_grow_with_the_file(monkeypatch):
    monkeypatch.setattr(xml, "MOST_IN_PIECE", 200_000)
    piece = b"<item><title>T</title><text><![CDATA[" + b"word " * 12_000 + b"]]></text></item>"
    file = Large(b"<r><channel>", piece, 6_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="no element found"):
            for _ in xml.pieces(xml.Xml(file), 2):
                pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1_500_000
