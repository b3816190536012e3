"""Put a backup in the place of what the site has."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection

from publishing import files
from publishing.cache import changes, pages

from ..notes import Refused
from . import tables, uploads
from .archive import DATABASES, MEDIA, ORIGINALS, SPOOL, Archive, Manifest
from .contents import SPOOL_FILES
from .writing import ENGINES

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
OTHER_ENGINE = (
    "This backup is of {theirs}, and this site uses {ours}. To change the database, run export_site with the old one, "
    "and import_site with the new one."
)


def what_is_in(path: Path) -> Manifest:
    """The manifest of a backup that can be restored here. Raises Refused for another engine or a newer version."""
    with Archive(path) as archive:
        manifest = archive.manifest
    if manifest.engine != connection.vendor:
        raise Refused(OTHER_ENGINE.format(theirs=NAMES[manifest.engine], ours=NAMES[connection.vendor]))
    if newer := tables.unknown(manifest.migrations):
        raise Refused(
            f"This backup was made by a newer version ({manifest.application}): it has {len(newer)} migrations that "
            f"this one does not know, such as {newer[0]}. Update the program first."
        )
    return manifest


def is_in_use() -> bool:
    """Whether there is anything here that a backup would replace; so if the database cannot be read."""
    try:
        return tables.has_content()
    except DatabaseError:
        connection.close()
        return True


def restore(path: Path) -> None:
    """Replace the site's rows, add the uploads and what waited. If it raises Refused or OSError, nothing has changed.

    All of the archive is read and checked before. It was checked with `what_is_in`.
    """
    stored: list[Callable] = []
    with TemporaryDirectory(dir=settings.VAR_DIR, prefix=".restore-") as temporary, Archive(path) as archive:
        engine, manifest = ENGINES[archive.manifest.engine], archive.manifest
        archive.check(name for name in manifest.files if name != DATABASES[manifest.engine])
        database = archive.unpack_database(Path(temporary))
        engine.check(database, manifest)
        try:
            for folder in (MEDIA, ORIGINALS):
                uploads.put_back(archive, folder, stored)
            _put_back_spool(archive, stored)
            engine.load(database, manifest)
        except BaseException:
            for undo in stored:
                with suppress(OSError):
                    undo()
            raise
    connection.close()
    ContentType.objects.clear_cache()
    pages.withdraw(changes.SITE)


def _put_back_spool(archive: Archive, stored: list[Callable]) -> None:
    """Under new names, beside what waits here now: nothing that was accepted is lost."""
    for name in archive.names(SPOOL):
        target = settings.VAR_DIR / f"{name}.restored-{time.time_ns()}"
        if not any(target.relative_to(settings.VAR_DIR).match(pattern) for pattern in SPOOL_FILES):
            raise Refused(f"{name[:100]} does not belong in a backup.")
        target.parent.mkdir(mode=0o700, exist_ok=True)
        stored.append(lambda target=target: target.unlink(missing_ok=True))
        with files.whole(target) as file:
            archive.copy(SPOOL + name, file)
