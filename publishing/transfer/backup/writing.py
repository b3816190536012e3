"""Write a backup of the running site, and check that it opens."""

import re
import shutil
import tomllib
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from publishing import files

from . import postgresql, sqlite, uploads
from .archive import DATABASES, MEDIA, ORIGINALS, SPOOL, Archive, Manifest, Writer
from .contents import LEFT_OUT, SPOOL_FILES

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}
NAME = re.compile(r"publication-\d{8}T\d{6}Z\.zip")


def back_up(folder: Path, *, with_bucket: bool = False) -> Path:
    """A new archive in `folder`, whole and checked. The site goes on meanwhile.

    Raises Refused or OSError, and leaves nothing behind. Needs twice the space of the database and once that of the
    uploads. Uploads in a bucket are only listed, unless `with_bucket`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tidy(folder)
    path = folder / f"publication-{timezone.now().astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"
    engine = ENGINES[connection.vendor]
    copied = [part for part in (MEDIA, ORIGINALS) if with_bucket or not uploads.is_bucket(_storage(part))]
    with (
        TemporaryDirectory(dir=folder, prefix=".backup-") as temporary,
        files.whole(path) as file,
        Writer(file) as writer,
    ):
        # What waits comes before the database, in which it may be stored in between: then it is there twice, and stored
        # once. Uploads come before, so that none is deleted that the database still shows, and after, for new ones.
        _add_spool(writer)
        for part in copied:
            uploads.add(writer, part, uploads.listed(part))
        database = Path(temporary) / DATABASES[connection.vendor]
        counts, migrations = engine.dump(database)
        with database.open("rb") as source:
            writer.add(database.name, source, is_compressed=connection.vendor == "postgresql")
        database.unlink()
        for part in copied:
            uploads.add(writer, part, uploads.listed(part))
        manifest = Manifest(
            engine=connection.vendor,
            application=application_version(),
            created_at=timezone.now().astimezone(UTC).isoformat(timespec="seconds"),
            migrations=migrations,
            counts=counts,
            left_out=LEFT_OUT,
            in_bucket={part: uploads.listed(part) for part in (MEDIA, ORIGINALS) if part not in copied},
        )
        writer.finish(manifest)
        file.flush()
        check(Path(file.name), Path(temporary))
    return path


def check(path: Path, temporary: Path) -> Manifest:
    """Read a whole archive: checksums, and the rows of the database in it. Raises Refused."""
    with Archive(path) as archive:
        manifest = archive.manifest
        archive.check(name for name in manifest.files if name != DATABASES[manifest.engine])
        ENGINES[manifest.engine].check(archive.unpack_database(temporary), manifest)
    return manifest


def remove_old(folder: Path, keep: int) -> list[Path]:
    """Delete all backups in a folder but the newest `keep`."""
    old = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))[:-keep]
    for path in old:
        path.unlink()
    return old


def application_version() -> str:
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def _storage(folder: str):
    return storages[uploads.STORAGES[folder]]


def _tidy(folder: Path) -> None:
    """Delete what a killed process has left. Only one runs at a time."""
    for path in folder.glob(".backup-*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(".publication-*.zip-*"):
        path.unlink()


def _add_spool(writer: Writer) -> None:
    for pattern in SPOOL_FILES:
        for path in sorted(settings.VAR_DIR.glob(pattern)):
            try:
                source = path.open("rb")
            except FileNotFoundError:
                continue
            with source:
                writer.add(SPOOL + path.relative_to(settings.VAR_DIR).as_posix(), source)
