"""The file of a backup: a zip with a manifest, which has the size and the checksum of all that is in it."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 - it is a class

from ..notes import Refused

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_BYTES = 64 * 1024 * 1024
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
# Folders in the archive.
MEDIA, ORIGINALS, SPOOL = "media/", "originals/", "spool/"
_CHUNK = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
DAMAGED = "The file is damaged, or is not a backup of this program"


@dataclass
class Manifest:
    engine: str
    application: str
    created_at: str
    # Pairs of app and name.
    migrations: list[list[str]]
    # Rows by table, without those that are left out.
    counts: dict[str, int]
    left_out: list[str] = field(default_factory=list)
    # By folder: uploads that stay in a bucket, with their sizes.
    in_bucket: dict[str, dict[str, int]] = field(default_factory=dict)
    # By name: size in bytes and SHA-256.
    files: dict[str, list] = field(default_factory=dict)
    format: int = FORMAT


class Writer:
    """Adds files to a new archive, and the manifest at the end."""

    def __init__(self, file: IO[bytes]):
        self._zip = ZipFile(file, "w")
        self.files: dict[str, list] = {}

    def __enter__(self):
        return self

    def __exit__(self, *error):
        # After an error, its end cannot be written either, and need not.
        with suppress(OSError, ValueError):
            self._zip.close()

    def add(self, name: str, source: IO[bytes], *, is_compressed: bool = False) -> None:
        info = ZipInfo(name)
        info.external_attr = 0o600 << 16
        info.compress_type = ZIP_STORED if is_compressed else ZIP_DEFLATED
        info._compresslevel = 1
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.files[name] = [size, digest.hexdigest()]

    def finish(self, manifest: Manifest) -> None:
        manifest.files = self.files
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1), ZIP_DEFLATED)
        self._zip.close()


class Archive:
    """An archive to read. Raises Refused, with a sentence, for whatever is not a backup or is damaged."""

    def __init__(self, path: Path):
        try:
            self._zip = ZipFile(path)
            info = self._zip.getinfo(MANIFEST)
            if info.file_size > MANIFEST_BYTES:
                raise Refused(f"{DAMAGED}: its manifest is too large.")
            with self._zip.open(info) as file:
                self.manifest = _manifest(json.loads(file.read(MANIFEST_BYTES)))
        except OSError as error:
            raise Refused(f"The file cannot be read: {error.strerror or error}.") from error
        except (BadZipFile, KeyError, ValueError, RecursionError, NotImplementedError, ZlibError) as error:
            raise Refused(f"{DAMAGED}: {error}.") from error
        self._check_names()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._zip.close()

    def _check_names(self) -> None:
        """The zip has what the manifest names, of the sizes that it names, and nothing leads out of its folder."""
        names, files = self._zip.namelist(), self.manifest.files
        if sorted(names) != sorted([*files, MANIFEST]):
            raise Refused(f"{DAMAGED}: it does not have the files that its manifest names.")
        database = DATABASES[self.manifest.engine]
        if database not in files:
            raise Refused(f"{DAMAGED}: it has no database.")
        for name, (size, _) in files.items():
            parts = PurePosixPath(name).parts
            is_known = name == database or name.startswith((MEDIA, ORIGINALS, SPOOL))
            if not is_known or ".." in parts or "//" in name or "\\" in name or name.endswith("/"):
                raise Refused(f"{DAMAGED}: {name[:100]!r} does not belong in it.")
            if self._zip.getinfo(name).file_size != size:
                raise Refused(f"{DAMAGED}: {name[:100]} has another size than it should.")

    def names(self, folder: str) -> list[str]:
        """Names of the files in one of its folders, without the folder."""
        return [name.removeprefix(folder) for name in self.manifest.files if name.startswith(folder)]

    def copy(self, name: str, target: IO[bytes] | None = None) -> None:
        """Write a file to `target`. Raises Refused at its end if its checksum is wrong; without a target, only that."""
        size, expected = self.manifest.files[name]
        digest = hashlib.sha256()
        try:
            with self._zip.open(name) as source:
                while chunk := source.read(min(_CHUNK, size + 1)):
                    digest.update(chunk)
                    size -= len(chunk)
                    if size < 0:
                        break
                    if target:
                        target.write(chunk)
        except (BadZipFile, ZlibError, EOFError, RuntimeError, NotImplementedError) as error:
            raise Refused(f"{DAMAGED}: {name[:100]}: {error}.") from error
        if size or digest.hexdigest() != expected:
            raise Refused(f"{DAMAGED}: {name[:100]} has another checksum than it should.")

    def check(self, names: Iterable[str] | None = None) -> None:
        """Compare the checksums of all files, or of `names`."""
        for name in self.manifest.files if names is None else names:
            self.copy(name)

    def unpack_database(self, folder: Path) -> Path:
        """Its database, as a file in `folder`."""
        name = DATABASES[self.manifest.engine]
        size, free = self.manifest.files[name][0], shutil.disk_usage(folder).free
        if size > free:
            raise Refused(f"The database in it needs {size // 2**20:,} MB, and {free // 2**20:,} MB are free.")
        with (folder / name).open("wb") as file:
            self.copy(name, file)
        return folder / name


def _manifest(data) -> Manifest:
    """Raises Refused for another format, ValueError for what is none."""
    if not isinstance(data, dict) or not isinstance(data.get("format"), int):
        raise ValueError("it has no manifest")
    if data["format"] != FORMAT:
        raise Refused(f"This backup has format {data['format']}; this version of the program reads format {FORMAT}.")
    try:
        manifest = Manifest(**data)
    except TypeError as error:
        raise ValueError("its manifest has other entries") from error
    is_right = (
        manifest.engine in DATABASES
        and all(isinstance(text, str) for text in (manifest.application, manifest.created_at))
        and isinstance(manifest.migrations, list)
        and all(isinstance(pair, list) and len(pair) == 2 for pair in manifest.migrations)
        and all(isinstance(text, str) for pair in manifest.migrations for text in pair)
        and isinstance(manifest.counts, dict)
        and all(re.fullmatch(r"\w+", table) and isinstance(number, int) for table, number in manifest.counts.items())
        and isinstance(manifest.files, dict)
        and all(_is_file(entry) for entry in manifest.files.values())
    )
    if not is_right:
        raise ValueError("its manifest has other entries")
    return manifest


def _is_file(entry) -> bool:
    return (
        isinstance(entry, list)
        and len(entry) == 2
        and isinstance(entry[0], int)
        and entry[0] >= 0
        and isinstance(entry[1], str)
        and bool(_DIGEST.fullmatch(entry[1]))
    )
