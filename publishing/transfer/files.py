"""The files of a source: a folder, one file, or a zip, read in the same way and never written."""

import re
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from .notes import Kind, Notes, Refused

# Of one source, and of one file that is read whole.
MOST_FILES = 100_000
MOST_BYTES = 512 * 1024 * 1024
_DRIVE = re.compile(r"^[A-Za-z]:")


class Files:
    """Files by their names: paths with "/", relative to the source, in the order of the names.

    `notes` says what was left out of the source: links to other places, names that lead out of it.
    Hidden files and folders (".git", "__MACOSX") are left out without a note, except `.authors.yml`.
    """

    # Of the folder, or of the file without its ending.
    name: str

    def __init__(self):
        self.notes = Notes()

    @cached_property
    def names(self) -> list[str]:
        raise NotImplementedError

    @cached_property
    def _set(self) -> frozenset[str]:
        return frozenset(self.names)

    def __contains__(self, name: str) -> bool:
        return name in self._set

    def open(self, name: str) -> BinaryIO:
        """The file, to be read. Raises Refused if it cannot be: it has gone meanwhile, or is damaged."""
        raise NotImplementedError

    def size(self, name: str) -> int:
        raise NotImplementedError

    def modified(self, name: str) -> float | None:
        """Seconds since 1970, if known."""
        return None

    def read(self, name: str, most: int) -> bytes:
        """All bytes of a file. Raises Refused if it has more than `most`, whatever its size was said to be."""
        with self.open(name) as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise Refused(f"larger than {most // 1024 // 1024} MB")
        return data


def is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") or part == "__MACOSX" for part in parts) and parts[-1] != ".authors.yml"


class Folder(Files):
    def __init__(self, root: Path, only: Path | None = None):
        super().__init__()
        self.root, self._only = root.resolve(), only
        self.name = only.stem if only else self.root.name

    @cached_property
    def names(self):
        if self._only:
            return [self._only.name]
        found = []
        for path in self.root.rglob("*"):
            name = path.relative_to(self.root).as_posix()
            if is_hidden(name):
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(self.root):
                self.notes.lose(Kind.FILE, f"{name} is a link to a place outside of the folder")
            elif path.is_file():
                found.append(name)
            if len(found) > MOST_FILES:
                raise Refused(f"more than {MOST_FILES:,} files")
        return sorted(found)

    def _path(self, name: str) -> Path:
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root):
            raise Refused("outside of the folder")
        return path

    def open(self, name):
        try:
            return self._path(name).open("rb")
        except OSError as error:
            raise Refused(f"cannot be read: {error.strerror}") from error

    def size(self, name):
        return self._path(name).stat().st_size

    def modified(self, name):
        return self._path(name).stat().st_mtime


class Zip(Files):
    """If all names start with one folder, that folder is the root."""

    def __init__(self, path: Path):
        super().__init__()
        self.name = path.stem
        try:
            self._zip = ZipFile(path)
        except (BadZipFile, OSError, NotImplementedError) as error:
            raise Refused(f"the zip cannot be opened: {error}") from error

    @cached_property
    def _infos(self):
        infos = {}
        for info in self._zip.infolist():
            name = info.filename
            if info.is_dir() or is_hidden(name):
                continue
            if name.startswith("/") or ".." in PurePosixPath(name).parts or "\\" in name or _DRIVE.match(name):
                self.notes.lose(Kind.FILE, f"{name[:100]} leads out of the zip")
            elif info.external_attr >> 28 == 0o12:
                self.notes.lose(Kind.FILE, f"{name[:100]} is a link")
            else:
                infos[name] = info
            if len(infos) > MOST_FILES:
                raise Refused(f"more than {MOST_FILES:,} files")
        roots = {name.partition("/")[0] for name in infos} if all("/" in name for name in infos) else set()
        if len(roots) == 1:
            return {name.partition("/")[2]: info for name, info in infos.items()}
        return infos

    @cached_property
    def names(self):
        return sorted(self._infos)

    def open(self, name):
        try:
            return self._zip.open(self._infos[name])
        except (KeyError, BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise Refused(f"cannot be read from the zip: {error}") from error

    def size(self, name):
        return self._infos[name].file_size


def open_source(path: Path) -> Files:
    """The files of a folder, a zip, or one file. Raises Refused."""
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        raise Refused("there is no such file or folder")
    with path.open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    return Zip(path) if is_zip else Folder(path.parent, path)
