"""The zip of an export: the same bytes for the same state, and read without trusting anything in it."""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.core.files.base import File
from django.utils.translation import gettext as _

from ..files import Files, open_source
from ..notes import Refused
from .rows import MOST_BYTES

FORMAT, VERSION = "publication", 1
HEADER = "export.json"
# Of the first year that a zip can have: when it was made is no part of what it holds.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6
# An article is one file, a picture up to four.
MOST_FILES = 2_000_000
# What reading a damaged zip raises.
DAMAGED = (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError)


class Writer:
    def __init__(self, file: IO[bytes]):
        self._zip = ZipFile(file, "w", allowZip64=True)
        self.files = 0

    def __enter__(self):
        return self

    def __exit__(self, *error) -> None:
        self._zip.close()

    def add(self, name: str, data: bytes) -> None:
        self._zip.writestr(_info(name), data)
        self.files += 1

    def copy(self, name: str, file: File) -> None:
        """A picture or another file that does not become smaller, piece by piece."""
        info = _info(name, is_packed=True)
        info.file_size = file.size
        with self._zip.open(info, "w") as stream:
            copyfileobj(file, stream)
        self.files += 1

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """A file that is written piece by piece. Only one is open at a time."""
        info = _info(name)
        with self._zip.open(info, "w", force_zip64=True) as stream:
            yield stream
        self.files += 1


def _info(name: str, is_packed: bool = False) -> ZipInfo:
    info = ZipInfo(name, _MOMENT)
    info.compress_type = ZIP_STORED if is_packed else ZIP_DEFLATED
    info._compresslevel = _LEVEL
    # Otherwise the system that writes it is in the file.
    info.create_system, info.external_attr = 3, 0o644 << 16
    return info


def header(rows: dict[str, int]) -> bytes:
    """`rows` are the numbers of rows by table."""
    data = {"format": FORMAT, "version": VERSION, "rows": rows}
    return (json.dumps(data, indent=1, sort_keys=True) + "\n").encode()


def is_export(path: Path) -> bool:
    """Whether a zip or folder is one, whatever its version. Raises Refused if it cannot be read."""
    with opened(path) as files:
        return HEADER in files and any(name.startswith("data/") for name in files.names)


def opened(path: Path) -> Files:
    """The files of an export, which may be more than those of other sources. Close them."""
    files = open_source(path)
    files.most_files = MOST_FILES
    return files


def read_header(files: Files) -> dict[str, int]:
    """The numbers of rows by table. Raises Refused unless the files are an export that this version can read."""
    try:
        data = json.loads(files.read(HEADER, 1024 * 1024))
        found, version, rows = data["format"], data["version"], data["rows"]
        if not isinstance(version, int) or not all(isinstance(number, int) for number in rows.values()):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(
            _("this is no export of a publication: %(header)s cannot be read") % {"header": HEADER}
        ) from error
    if found != FORMAT:
        raise Refused(_("this is no export of a publication"))
    if version > VERSION:
        raise Refused(
            _("this export has version %(version)s; this site reads version %(known)s. Update it first")
            % {"version": version, "known": VERSION}
        )
    return rows


def lines(files: Files, name: str) -> Iterator[bytes]:
    """The lines of a file. Raises Refused if it is damaged, or a line is longer than any of ours."""
    try:
        with files.open(name) as stream:
            while text := stream.readline(MOST_BYTES + 1):
                if len(text) > MOST_BYTES or not text.endswith(b"\n"):
                    raise Refused(
                        _("%(name)s has a line that is too long, or ends in the middle of one") % {"name": name}
                    )
                yield text
    except DAMAGED as error:
        raise Refused(_("%(name)s is damaged: %(error)s") % {"name": name, "error": error}) from error
