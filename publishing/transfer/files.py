"""The files of a source: a folder, one file, or a zip, read in the same way and never written."""

import lzma
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from io import BufferedReader, RawIOBase
from pathlib import Path, PurePosixPath
from posixpath import normpath
from tempfile import SpooledTemporaryFile
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.conf import settings
from django.core.files.base import File
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from . import zip_entries
from .notes import Kind, Notes, Refused

# Of one source, and of one file that is read whole.
MOST_FILES = 100_000
MOST_BYTES = 512 * 1024 * 1024
# Of a file that is read piece by piece: what is kept in memory before the disk is used, and one piece.
SPOOLED, _PIECE = 4 * 1024 * 1024, 1024 * 1024
# Of a zip: of all that is unpacked, and how much a file may grow that is not small then.
MOST_UNPACKED = 16 * 1024**3
MOST_RATIO, MOST_SMALL = 250, 16 * 1024 * 1024
# What reading a damaged zip raises, and one with methods that are not known.
_DAMAGED = (BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError, zlib.error, lzma.LZMAError)
# What programs put beside texts; of any number of files, none of which is one of the source.
_LEFT_OUT = frozenset({"__MACOSX", "node_modules", "bower_components", "__pycache__"})


class Files:
    """Files by their names: paths with "/", relative to the source, in the order of the names.

    `notes` says what was left out of the source: links to other places, names that lead out of it, what is no file.
    Hidden files and folders (".git", "node_modules") are left out without a note, except `.authors.yml`.
    """

    # Of the folder, or of the file without its ending.
    name: str
    # More are refused.
    most_files = MOST_FILES

    def __init__(self):
        self.notes = Notes()

    def __enter__(self):
        return self

    def __exit__(self, *error) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is read after this."""

    @cached_property
    def names(self) -> list[str]:
        raise NotImplementedError

    @cached_property
    def _set(self) -> frozenset[str]:
        return frozenset(self.names)

    def __contains__(self, name: str) -> bool:
        return name in self._set

    def open(self, name: str) -> BinaryIO:
        """The file, to be read once from start to end. Raises Refused, as does reading, if it cannot be read: it has
        gone meanwhile, or is damaged."""
        raise NotImplementedError

    def size(self, name: str) -> int:
        """What the source says of it, in bytes. Raises Refused if it has gone."""
        raise NotImplementedError

    def modified(self, name: str) -> float | None:
        """Seconds since 1970, if known."""
        return None

    def read(self, name: str, most: int) -> bytes:
        """All bytes of a file. Raises Refused if it has more than `most`, whatever its size was said to be."""
        with self.open(name) as file:
            try:
                data = file.read(most + 1)
            except OSError as error:
                raise Refused(_("cannot be read: %(problem)s") % {"problem": error.strerror or error}) from error
        if len(data) > most:
            raise Refused(too_large(most))
        return data

    @contextmanager
    def seekable(self, name: str, most: int) -> Iterator[File]:
        """A file of any size, to be read from any place; a few MB of it are in memory. Raises Refused as `read`."""
        with self.open(name) as source, SpooledTemporaryFile(SPOOLED, dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
            while piece := source.read(_PIECE):
                copy.write(piece)
                if copy.tell() > most:
                    raise Refused(too_large(most))
            copy.seek(0)
            yield File(copy, PurePosixPath(name).name)


def too_large(most: int) -> str:
    return _("larger than %(most)s MB") % {"most": most // 1024 // 1024}


def is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(map(_is_left_out, parts)) and (not parts or parts[-1] != ".authors.yml")


def _is_left_out(part: str) -> bool:
    return (part.startswith(".") and part not in (".", "..")) or part in _LEFT_OUT


class Folder(Files):
    """A folder, or one file of it. Its names are found once; until then, `in` looks for the file itself."""

    def __init__(self, root: Path, only: Path | None = None):
        super().__init__()
        self.root, self.only = root.resolve(), only
        self.name = only.stem if only else self.root.name
        # Names that are no UTF-8, by what they are called here.
        self._renamed: dict[str, str] = {}

    @cached_property
    def names(self):
        if self.only:
            return [self.only.name]
        found = []
        for name in self._walk():
            found.append(self._readable(name))
            if len(found) > self.most_files:
                raise Refused(
                    _("more than %(most)s files") % {"most": number_format(self.most_files, force_grouping=True)}
                )
        if number := len(self._renamed):
            first = min(self._renamed)[:200]
            self.notes.add(
                Kind.FILE,
                _("%(first)s has a name that is not UTF-8, as have %(number)s others")
                % {"first": first, "number": number - 1},
            )
        return sorted(found)

    def _walk(self) -> Iterator[str]:
        """The names of files, without the insides of what is hidden or a link."""
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(self.root / folder) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                self._tell(folder or self.name, _("cannot be read: %(problem)s") % {"problem": error.strerror})
                continue
            for entry in found:
                name = f"{folder}/{entry.name}" if folder else entry.name
                if _is_left_out(entry.name) and entry.name != ".authors.yml":
                    continue
                try:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(name)
                    elif self._is_file(entry, name):
                        yield name
                except OSError as error:
                    self._tell(name, _("cannot be read: %(problem)s") % {"problem": error.strerror})

    def _is_file(self, entry: os.DirEntry, name: str) -> bool:
        """Whether it is a file, or a link to one in the folder; tells of what is neither."""
        if not entry.is_symlink():
            mode = entry.stat(follow_symlinks=False).st_mode
            if not stat.S_ISREG(mode):
                self._tell(name, _("is %(kind)s") % {"kind": zip_entries.KINDS.get(stat.S_IFMT(mode), _("no file"))})
            return stat.S_ISREG(mode)
        try:
            target = Path(entry.path).resolve()
        except (OSError, RuntimeError):
            self._tell(name, _("is a link that leads to itself"))
            return False
        if not target.is_relative_to(self.root):
            self._tell(name, _("is a link to a place outside of the folder"))
        elif target.is_dir():
            self._tell(name, _("is a link to a folder, whose files are read where they are"), is_loss=False)
        elif not target.exists():
            self._tell(name, _("is a link to nothing"))
        else:
            return target.is_file()
        return False

    def _tell(self, name: str, what: str, *, is_loss: bool = True) -> None:
        shown = _decoded(name)[:200]
        (self.notes.lose if is_loss else self.notes.add)(Kind.FILE, f"{shown} {what}")

    def _readable(self, name: str) -> str:
        """The name as text."""
        shown = _decoded(name)
        if shown != name:
            self._renamed[shown] = name
        return shown

    def __contains__(self, name):
        if "names" in self.__dict__ or self.only:
            return super().__contains__(name)
        if not name or "\0" in name or is_hidden(name):
            return False
        try:
            return self._path(name).is_file()
        except (Refused, OSError):
            return False

    def _path(self, name: str) -> Path:
        try:
            path = (self.root / self._renamed.get(name, name)).resolve()
        except (OSError, RuntimeError) as error:
            raise Refused(_("cannot be read: a link that leads to itself")) from error
        if not path.is_relative_to(self.root):
            raise Refused(_("outside of the folder"))
        return path

    def open(self, name):
        try:
            # What became a pipe meanwhile would be waited for.
            number = os.open(self._path(name), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            if not stat.S_ISREG(os.fstat(number).st_mode):
                os.close(number)
                raise Refused(_("cannot be read: no file any more"))
            return os.fdopen(number, "rb")
        except OSError as error:
            raise Refused(_("cannot be read: %(problem)s") % {"problem": error.strerror}) from error

    @contextmanager
    def seekable(self, name, most):
        with self.open(name) as source:
            if os.fstat(source.fileno()).st_size > most:
                raise Refused(too_large(most))
            yield File(source, PurePosixPath(name).name)

    def size(self, name):
        return self._stat(name).st_size

    def modified(self, name):
        return self._stat(name).st_mtime

    def _stat(self, name: str) -> os.stat_result:
        try:
            return self._path(name).stat()
        except OSError as error:
            raise Refused(_("cannot be read: %(problem)s") % {"problem": error.strerror}) from error


class Zip(Files):
    """If all names start with one folder, that folder is the root.

    What it says of itself is not believed: what is unpacked is counted, and entries that share bytes are left out.
    """

    def __init__(self, path: Path):
        super().__init__()
        self.name = path.stem
        try:
            with path.open("rb") as file:
                zip_entries.check_directory(file)
            self._zip = ZipFile(path)
        except (BadZipFile, OSError, NotImplementedError, ValueError) as error:
            raise Refused(_("the zip is damaged, or not all of it is there: %(error)s") % {"error": error}) from error
        # What was unpacked of each file.
        self._unpacked: dict[str, int] = {}
        self._total = 0

    def close(self):
        self._zip.close()

    @cached_property
    def _infos(self) -> dict[str, ZipInfo]:
        infos: dict[str, ZipInfo] = {}
        shared = zip_entries.overlapping(self._zip.infolist())
        for info in self._zip.infolist():
            name = zip_entries.name_of(info)
            if info.is_dir() or name.endswith("/") or is_hidden(name):
                continue
            if problem := zip_entries.problem(info, name, shared):
                self.notes.lose(Kind.FILE, f"{name[:200]} {problem}")
                continue
            name = normpath(name)
            if name in infos:
                self.notes.lose(
                    Kind.FILE, _("%(name)s is there several times; the last one counts") % {"name": name[:200]}
                )
            infos[name] = info
            if len(infos) > self.most_files:
                raise Refused(
                    _("more than %(most)s files") % {"most": number_format(self.most_files, force_grouping=True)}
                )
        roots = {name.partition("/")[0] for name in infos} if all("/" in name for name in infos) else set()
        if len(roots) == 1:
            return {name.partition("/")[2]: info for name, info in infos.items()}
        return infos

    @cached_property
    def names(self):
        return sorted(self._infos)

    def __contains__(self, name):
        return name in self._infos

    def open(self, name):
        try:
            file = self._zip.open(self._infos[name])
        except KeyError as error:
            raise Refused(_("cannot be read from the zip: there is no such file")) from error
        except _DAMAGED as error:
            raise Refused(_("cannot be read from the zip: %(error)s") % {"error": error}) from error
        return BufferedReader(_Unpacked(self, name, file), 256 * 1024)

    def size(self, name):
        if name not in self._infos:
            raise Refused(_("cannot be read from the zip: there is no such file"))
        return self._infos[name].file_size

    def modified(self, name):
        """The time that is written beside the file, which has no zone, as that of UTC."""
        with suppress(KeyError, ValueError):
            return datetime(*self._infos[name].date_time, tzinfo=UTC).timestamp()
        return None

    def count(self, name: str, size: int) -> None:
        """So much of a file was unpacked. Raises Refused for what unpacks to much more than it says or should."""
        before, info = self._unpacked.get(name, 0), self._infos[name]
        if size > max(MOST_SMALL, MOST_RATIO * info.compress_size):
            raise Refused(_("unpacks to more than %(most)s times its size") % {"most": MOST_RATIO})
        if size > before:
            self._unpacked[name] = size
            self._total += size - before
        if self._total > MOST_UNPACKED:
            raise Refused(_("the files before it unpack to more than %(most)s GB") % {"most": MOST_UNPACKED // 1024**3})


class _Unpacked(RawIOBase):
    """A file of a zip that counts what is read of it, and says by Refused that it is damaged."""

    def __init__(self, source: Zip, name: str, file: BinaryIO):
        self._source, self._name, self._file, self._size = source, name, file, 0

    def readable(self):
        return True

    def readinto(self, buffer):
        try:
            data = self._file.read(len(buffer))
        except _DAMAGED as error:
            raise Refused(_("cannot be read from the zip: %(error)s") % {"error": error}) from error
        self._size += len(data)
        self._source.count(self._name, self._size)
        buffer[: len(data)] = data
        return len(data)

    def close(self):
        self._file.close()
        super().close()


def _decoded(name: str) -> str:
    """A name of a file as text that can be stored; those of old systems are read as those of Western Europe."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("cp1252", "replace")
    return name


def open_source(path: Path) -> Files:
    """The files of a folder, a zip, or one file. Raises Refused."""
    try:
        if path.is_dir():
            return Folder(path)
        if not path.is_file():
            raise Refused(_("there is no such file or folder"))
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise Refused(_("cannot be read: %(problem)s") % {"problem": error.strerror}) from error
    return Zip(path) if start in (b"PK\x03\x04", b"PK\x05\x06") else Folder(path.parent, path)
