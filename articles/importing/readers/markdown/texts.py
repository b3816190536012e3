"""The text of a file: its encoding, and characters that cannot be stored."""

import re

from publishing.text.parsing import normal_line_ends
from publishing.text.validators import TURNING, UNSTORABLE
from publishing.transfer.notes import Kind, Notes, Refused

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w-]{3,20})""", re.IGNORECASE)


def decoded(data: bytes, notes: Notes) -> str:
    """The text with "\\n" at line ends and without control characters. Raises Refused if it is no text."""
    text = _decoded(data, notes)
    cleaned, controls = UNSTORABLE.subn("", normal_line_ends(text))
    if controls:
        if controls * 20 > len(text):
            raise Refused("not a text")
        notes.add(Kind.TEXT, f"{controls} control character{'s' * (controls > 1)} removed")
    return cleaned


def _decoded(data: bytes, notes: Notes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                text = data[len(bom) :].decode(encoding) if encoding == "utf-8" else data.decode(encoding)
            except UnicodeDecodeError:
                break
            if encoding != "utf-8":
                notes.add(Kind.TEXT, f"read as {encoding.upper()}")
            return text
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        told = error
    if b"\0" in data[:4096]:
        raise Refused("not a text")
    declared = _DECLARED.search(data[:2048])
    for encoding in filter(None, [declared and declared[1].decode(), "cp1252", "latin-1"]):
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
        notes.add(Kind.TEXT, f"not UTF-8 (byte {told.start + 1}): read as {encoding}")
        return text
    raise Refused(f"not UTF-8 (byte {told.start + 1})")


def one_line(value: str) -> str:
    """A name or title: one line, without characters that turn the direction of the text."""
    return " ".join(TURNING.sub("", value).split())
