"""Questions as files: GIFT, Aiken, Moodle XML and our own JSON, told apart by their content.

Plain data in, plain data out: `read` gives an `ItemFile`, `write` takes items. Nothing here knows the database.
"""

import re
from collections.abc import Iterable, Mapping

from ..kinds import RULES
from . import aiken, quiz_json
from .aiken import Written
from .decoding import decode
from .gift import reader
from .gift import writer as gift
from .items import Item, ItemFile, Problem, UnreadableFile, normal, what_is_missing
from .moodle import writer as moodle
from .moodle import xml

__all__ = ["FORMATS", "Item", "ItemFile", "Problem", "UnreadableFile", "Written", "detect", "normal", "read", "write"]

# What each is called, and how the name of a file in it ends.
FORMATS = {"gift": ".gift", "aiken": ".txt", "xml": ".xml", "json": ".json"}

NAMES = {"gift": "GIFT", "xml": "Moodle XML", "json": "JSON"}
# The kinds of questions that each can hold.
HOLDS = {"gift": gift.KINDS_WRITTEN, "xml": moodle.KINDS_WRITTEN, "json": RULES}

_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_XML = re.compile(rb"\s*(?:<\?xml\s|<quiz[\s>/]|<!DOCTYPE)", re.IGNORECASE)
_JSON = re.compile(rb'\s*\{\s*["}]')


def detect(data: bytes, name: str = "") -> str:
    """One of `FORMATS`. The content decides; the file's name only where GIFT could be taken for Aiken.

    Raises UnreadableFile for what is neither UTF-8 nor UTF-16, and for more than 10 MB of it.
    """
    start = data[:1000]
    for mark in _BYTE_ORDER_MARKS:
        start = start.removeprefix(mark)
    start = start.replace(b"\x00", b"")
    if _XML.match(start):
        return "xml"
    if _JSON.match(start):
        return "json"
    is_gift = name.lower().endswith(FORMATS["gift"])
    return "aiken" if not is_gift and aiken.looks_like_it(decode(data)) else "gift"


def read(data: bytes, name: str = "") -> ItemFile:
    """Read a whole file in any of the formats. Raises UnreadableFile when it is larger than 10 MB or broken as a whole.

    What is wrong with one question is in `problems` and keeps no other out.
    """
    file_format = detect(data, name)
    if file_format == "xml":
        return xml.read(data)
    if file_format == "json":
        return quiz_json.read(data)
    return (aiken if file_format == "aiken" else reader).parse(decode(data))


def write(
    file_format: str, items: Iterable[Item], *, header: Mapping[str, str] | None = None, category: str = ""
) -> Written:
    """A whole file, and what it does not hold: the line of a problem is the number of the question, from 1.

    `header` is what the file says about the quiz, with the keys `items.HEADER_KEYS`; Aiken says nothing about it.
    `category` is where Moodle puts questions without one. Raises KeyError for another format than `FORMATS`.
    """
    items = list(items)
    if file_format == "aiken":
        return aiken.write(items)
    left_out = []
    for number, item in enumerate(map(normal, items), 1):
        if missing := what_is_missing(item):
            left_out.append(Problem(number, missing))
        elif item.kind not in HOLDS[file_format]:
            left_out.append(Problem(number, f"{NAMES[file_format]} has no questions of this kind."))
        elif item.images and file_format == "gift":
            left_out.append(Problem(number, "Its images are left out; GIFT holds none."))
    text = {
        "gift": lambda: reader.write(items, header),
        "xml": lambda: xml.write(items, category, header),
        "json": lambda: quiz_json.write(items, header),
    }[file_format]()
    return Written(text, left_out)
