"""Questions as files: GIFT, Aiken, Moodle XML and our own JSON, recognised by their content.

Plain data in, plain data out: `read` gives an `ItemFile`, `write` takes items. Nothing here knows the database.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..kinds import RULES
from . import aiken, quiz_json
from .decoding import decode
from .gift import reader
from .gift import writer as gift
from .items import HEADER_KEYS, Item, ItemFile, Problem, UnreadableFile, normal, one_line, what_is_missing
from .moodle import writer as moodle
from .moodle import xml

__all__ = ["FORMATS", "Item", "ItemFile", "Problem", "UnreadableFile", "Written", "detect", "normal", "read", "write"]

# What each is called, and how the name of a file in it ends.
FORMATS = {"gift": ".gift", "aiken": ".txt", "xml": ".xml", "json": ".json"}

# What each is called in a sentence, the kinds of questions that it can hold, and its writer.
_WRITERS = {
    "gift": ("GIFT", gift.KINDS_WRITTEN, gift.write),
    "aiken": ("Aiken", aiken.KINDS_WRITTEN, aiken.write),
    "xml": ("Moodle XML", moodle.KINDS_WRITTEN, moodle.write),
    "json": ("JSON", RULES, quiz_json.write),
}
_BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xff\xfe"
_XML = re.compile(rb"\s*(?:<\?xml\s|<quiz[\s>/]|<!DOCTYPE)", re.IGNORECASE)
_JSON = re.compile(rb'\s*\{\s*["}]')


class Written(NamedTuple):
    """A file, and what it does not hold; the line of a problem is the number of the question, from 1."""

    text: str
    left_out: list[Problem]


def detect(data: bytes, name: str = "") -> str:
    """One of `FORMATS`. The content decides; the file's name only where GIFT could be taken for Aiken.

    Raises UnreadableFile for what is neither UTF-8 nor UTF-16, and for more than 10 MB of it.
    """
    start = data[:1000].lstrip(_BYTE_ORDER_MARKS).replace(b"\x00", b"")
    if _XML.match(start):
        return "xml"
    if _JSON.match(start):
        return "json"
    is_gift = name.lower().endswith(FORMATS["gift"])
    return "aiken" if not is_gift and aiken.looks_like_it(decode(data)) else "gift"


def read(data: bytes, name: str = "") -> ItemFile:
    """Read a whole file in any of the formats. Raises UnreadableFile when it is larger than 10 MB or broken as a whole.

    A question with an error is listed in `problems`; the others are read.
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
    """A whole file, and what it does not hold.

    `header` is what the file says about the quiz, with the keys `items.HEADER_KEYS`; Aiken has no place for it.
    `category` is where Moodle XML puts questions without one. Raises KeyError for another format than `FORMATS`.
    """
    name, kinds, writer = _WRITERS[file_format]
    written, left_out = [], []
    for number, item in enumerate(map(normal, items), 1):
        refusal = "" if item.kind in kinds else f"{name} has no questions of this kind."
        refusal = refusal or what_is_missing(item) or (aiken.refusal(item) if file_format == "aiken" else "")
        if refusal:
            left_out.append(Problem(number, refusal))
            continue
        written.append(item)
        if item.images and file_format == "gift":
            left_out.append(Problem(number, "Its images are left out; GIFT holds none."))
    lines = {key: value for key in HEADER_KEYS if (value := one_line((header or {}).get(key, "")))}
    return Written(writer(written, lines, one_line(category)), left_out)
