"""What the entries of a zip are, before any of them is unpacked."""

import re
import stat
import struct
from contextlib import suppress
from io import SEEK_END
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, ZipInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .notes import Refused

MOST_DIRECTORY = 40 * 1024 * 1024
KINDS = {
    stat.S_IFIFO: _("a pipe"),
    stat.S_IFSOCK: _("a socket"),
    stat.S_IFBLK: _("a device"),
    stat.S_IFCHR: _("a device"),
}
_DRIVE = re.compile(r"^[A-Za-z]:")
_ENCRYPTED, _UTF_8 = 0x1, 0x800


def check_directory(file: BinaryIO) -> None:
    """Raises Refused if the list of files at the end of a zip is so long that reading it takes all memory."""
    size = file.seek(0, SEEK_END)
    start = max(0, size - 65_557)
    file.seek(start)
    end = file.read()
    place = end.rfind(b"PK\5\6")
    if place < 0 or len(end) < place + 22:
        raise BadZipFile(gettext("it has no end"))
    (length,) = struct.unpack_from("<L", end, place + 12)
    if length == 0xFFFFFFFF and end[place - 20 : place - 16] == b"PK\6\7":
        file.seek(struct.unpack_from("<Q", end, place - 12)[0])
        record = file.read(56)
        length = struct.unpack_from("<Q", record, 40)[0] if record[:4] == b"PK\6\6" and len(record) == 56 else length
    if length > MOST_DIRECTORY:
        raise Refused(gettext("too many files"))


def name_of(info: ZipInfo) -> str:
    """The name of an entry, with "/". Without a mark for UTF-8 it may be that all the same."""
    name = info.filename
    if not info.flag_bits & _UTF_8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return name.replace("\\", "/")


def problem(info: ZipInfo, name: str, shared: set[int]) -> str:
    """Why an entry is left out."""
    if name.startswith("/") or ".." in PurePosixPath(name).parts or _DRIVE.match(name):
        return gettext("leads out of the zip")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return gettext("is a link")
    if kind not in (0, stat.S_IFREG):
        return gettext("is %(kind)s") % {"kind": KINDS.get(kind, gettext("no file"))}
    if info.flag_bits & _ENCRYPTED:
        return gettext("is encrypted")
    return gettext("shares its bytes with another file of the zip") if info.header_offset in shared else ""


def overlapping(infos: list[ZipInfo]) -> set[int]:
    """Where entries begin that begin in another one, or that have such a one in them: bombs are made of these."""
    found, last = set(), None
    for info in sorted(infos, key=lambda info: info.header_offset):
        if last and last[1] > info.header_offset:
            found |= {last[0], info.header_offset}
        # The header is 30 bytes and the name.
        name = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF_8 else "cp437", "replace")
        end = info.header_offset + 30 + len(name) + info.compress_size
        if last is None or end > last[1]:
            last = (info.header_offset, end)
    return found
