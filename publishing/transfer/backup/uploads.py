"""Uploaded files, in folders or in a bucket."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import SpooledTemporaryFile

from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages

from ..notes import Refused
from .archive import MEDIA, ORIGINALS, Archive, Writer

IN_MEMORY = 16 * 1024 * 1024
# By folder of the archive.
STORAGES = {MEDIA: "default", ORIGINALS: "originals"}


def is_bucket(storage) -> bool:
    return not isinstance(storage, FileSystemStorage)


def listed(folder: str) -> dict[str, int]:
    """The names and sizes of the files that a folder of the archive is about."""
    storage = storages[STORAGES[folder]]
    if is_bucket(storage):
        # In a bucket, originals are in a folder of the other storage.
        found = storage.sizes()
        return {name: size for name, size in found.items() if folder != MEDIA or not name.startswith(ORIGINALS)}
    root, found = Path(storage.location), {}
    for place, folders, names in os.walk(root):
        folders.sort()
        # Hidden ones are being written.
        for path in (Path(place, name) for name in sorted(names) if not name.startswith(".")):
            if path.is_file() and not path.is_symlink():
                found[path.relative_to(root).as_posix()] = path.stat().st_size
    return found


def add(writer: Writer, folder: str, names) -> None:
    """Add files that are not in the archive yet. One that was deleted meanwhile is left out."""
    storage = storages[STORAGES[folder]]
    for name in names:
        if folder + name not in writer.files:
            try:
                source = storage.open(name)
            except FileNotFoundError:
                continue
            with source:
                writer.add(folder + name, source, is_compressed=True)


def put_back(archive: Archive, folder: str, stored: list[Callable]) -> None:
    """Store the files of the archive that are not there. What undoes it is added to `stored`, before each.

    Others with their names are replaced; files that the archive does not have stay.
    """
    storage = storages[STORAGES[folder]]
    for name in archive.names(folder):
        if storage.exists(name):
            if _digest(storage, name) == archive.manifest.files[folder + name][1]:
                continue
            storage.delete(name)
        stored.append(lambda name=name: storage.delete(name))
        with SpooledTemporaryFile(IN_MEMORY) as file:
            archive.copy(folder + name, file)
            file.seek(0)
            if storage.save(name, File(file)) != name:
                raise Refused(f"{name} could not be stored under its name.")


def _digest(storage, name: str) -> str:
    with storage.open(name) as file:
        digest = hashlib.sha256()
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()
