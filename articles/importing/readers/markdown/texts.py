"""The text of a file: its encoding, and characters that cannot be stored."""

import re
from operator import and_

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.text.parsing import normal_line_ends
from publishing.text.validators import TURNING, UNSTORABLE
from publishing.transfer.notes import Kind, Notes, Refused

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Encodings of scripts: letters that are frequent in them, and how much of a text they are at least.
_SCRIPTS = (
    ("shift_jis", re.compile("[\u3040-\u30ff]"), 0.2),
    ("euc_jp", re.compile("[\u3040-\u30ff]"), 0.2),
    ("euc_kr", re.compile("[\uac00-\ud7a3]"), 0.5),
    ("gb18030", re.compile("[的一是不了在人有我他这，。、]"), 0.05),
    ("big5", re.compile("[的一是不了在人有我他這，。、]"), 0.05),
    ("cp1251", re.compile("[а-яёії]"), 0.6),
    ("iso8859_7", re.compile("[α-ώ]"), 0.6),
)
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w-]{3,20})""", re.IGNORECASE)


def decoded(data: bytes, notes: Notes) -> str:
    """The text with "\\n" at line ends and without control characters. Raises Refused if it is no text."""
    text = _decoded(data, notes)
    cleaned, controls = UNSTORABLE.subn("", normal_line_ends(text))
    if controls:
        if controls * 20 > len(text):
            raise Refused(_("not a text"))
        words = ngettext("%(number)s control character removed", "%(number)s control characters removed", controls)
        notes.add(Kind.TEXT, words % {"number": controls})
    return cleaned


def _decoded(data: bytes, notes: Notes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                text = data[len(bom) :].decode(encoding) if encoding == "utf-8" else data.decode(encoding)
            except UnicodeDecodeError:
                break
            if encoding != "utf-8":
                notes.add(Kind.TEXT, _("read as %(encoding)s") % {"encoding": encoding.upper()})
            return text
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        byte = error.start + 1
    if data[:4096].count(0) * 20 > len(data[:4096]):
        raise Refused(_("not a text"))
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken * 3 < sum(1 for letter in text if letter > "\x7f"):
        # UTF-8, but for some places.
        notes.lose(
            Kind.TEXT,
            _("not UTF-8 (byte %(byte)s): %(number)s places cannot be read") % {"byte": byte, "number": broken},
        )
        return text
    declared = _DECLARED.search(data[:2048])
    for encoding in filter(None, [declared and declared[1].decode(), _encoding_of(data)]):
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
        notes.add(
            Kind.TEXT, _("not UTF-8 (byte %(byte)s): read as %(encoding)s") % {"byte": byte, "encoding": encoding}
        )
        return text
    raise Refused(_("not UTF-8 (byte %(byte)s), and its encoding cannot be told") % {"byte": byte})


def _encoding_of(data: bytes) -> str:
    """Of a text that is not UTF-8, by its frequent letters; "" if it cannot be told."""
    beyond = [byte > 127 for byte in data]
    pairs = sum(map(and_, beyond, beyond[1:]))
    if pairs * 3 < sum(beyond) * 2:
        # Single letters between those of ASCII: a language of Western Europe.
        return "cp1252" if not {0x81, 0x8D, 0x8F, 0x90, 0x9D} & set(data) else "latin-1"
    for encoding, frequent, share in _SCRIPTS:
        try:
            letters = [letter for letter in data.decode(encoding) if letter > "\x7f"]
        except UnicodeDecodeError:
            continue
        if sum(1 for letter in letters if frequent.match(letter)) > share * len(letters):
            return encoding
    return ""


def one_line(value: str) -> str:
    """A name or title: one line, without characters that turn the direction of the text."""
    return " ".join(TURNING.sub("", value).split())
