"""Questions as files: GIFT, Aiken, Moodle XML and our own JSON, recognised by their content.

Plain data in, plain data out: `read` returns an `ItemFile`, `write` takes items; neither imports models.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..kinds import RULES
from ..kinds.messages import gettext_noop as _
from . import aiken, quiz_json
from .decoding import decode
from .gift import reader
from .gift import writer as gift
from .items import HEADER_KEYS, Item, ItemFile, Problem, UnreadableFile, normal, one_line, what_is_missing
from .moodle import writer as moodle
from .moodle import xml

__all__ = ["FORMATS", "UnreadableFile", "Written", "detect", "normal", "read", "write"]

# The ending of the name of a file in each format.
FORMATS = {"gift": ".gift", "aiken": ".txt", "xml": ".xml", "json": ".json"}

# Its name in sentences, the kinds of questions that it supports, and its writer.
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
    """A file, and the questions or images that it leaves out; the line of a problem is the number of the question."""

    text: str
    left_out: list[Problem]


def detect(data: bytes, name: str = "") -> str:
    """One of `FORMATS`, by the content; the file's name counts only where GIFT could be taken for Aiken.

    Raises UnreadableFile as `decode`.
    """
    start = data[:1000].lstrip(_BYTE_ORDER_MARKS).replace(b"\x00", b"")
    if _XML.match(start):
        return "xml"
    if _JSON.match(start):
        return "json"
    is_gift = name.lower().endswith(FORMATS["gift"])
    return "aiken" if not is_gift and aiken.looks_like_it(decode(data)) else "gift"


def read(data: bytes, name: str = "") -> ItemFile:
    """Questions with an error are listed in `problems`; the others are read.

    Raises UnreadableFile for more than 10 MB and for what is broken as a whole.
    """
    file_format = detect(data, name)
    if file_format == "xml":
        return xml.read(data)
    if file_format == "json":
        return quiz_json.read(data)
    return (aiken if file_format == "aiken" else reader).parse(decode(data))


def write(file_format: str, items: Iterable[Item], header: Mapping[str, str] | None = None) -> Written:
    """`header` are properties of the quiz with keys of `items.HEADER_KEYS`, which Aiken leaves out.

    Raises KeyError for another format than `FORMATS`.
    """
    name, kinds, writer = _WRITERS[file_format]
    written, left_out = [], []
    for number, item in enumerate(map(normal, items), 1):
        refusal = "" if item.kind in kinds else _("%(name)s has no questions of this kind.", name=name)
        refusal = refusal or what_is_missing(item) or (aiken.refusal(item) if file_format == "aiken" else "")
        if refusal:
            left_out.append(Problem(number, refusal))
            continue
        written.append(item)
        if item.images and file_format == "gift":
            left_out.append(Problem(number, _("Its images are left out; GIFT has none.")))
    lines = {key: value for key in HEADER_KEYS if (value := one_line((header or {}).get(key, "")))}
    return Written(writer(written, lines), left_out)
