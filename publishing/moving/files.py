"""Uploads that wait for their import, and exports that wait to be downloaded: private files, outside of media."""

import re
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

DAYS = 7
_NAME = re.compile(r"[0-9a-f]{32}(\.\w{1,10})?")
# By ending: what a file has to begin with.
STARTS = {
    ".zip": (b"PK\x03\x04",),
    ".xml": (b"<", b"\xef\xbb\xbf<", b"\n<", b"\r\n<", b"\xff\xfe", b"\xfe\xff", b" "),
    ".json": (b"{", b"[", b"\xef\xbb\xbf", b"\n", b"\r", b" "),
    ".md": (),
    ".markdown": (),
    ".html": (),
    ".htm": (),
}


class Unfit(ValueError):
    """An upload that is not taken; the message says why."""


def folder() -> Path:
    path = settings.VAR_DIR / "moving"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def path_of(name: str) -> Path:
    """Raises Unfit for what is no name of ours."""
    if not _NAME.fullmatch(name):
        raise Unfit(_("This upload is not known."))
    return folder() / name


def new_name(original: str) -> str:
    """A name that cannot be guessed, with the ending of the original. Raises Unfit for an ending that is not read."""
    ending = Path(f"x{original}" if original.startswith(".") else original).suffix.lower()
    if ending not in STARTS:
        raise Unfit(_("Choose a zip, or an XML, JSON, Markdown or HTML file."))
    return secrets.token_hex(16) + ending


def append(name: str, chunks, offset: int) -> int:
    """Add bytes to an upload; returns its size.

    Raises Unfit if they do not follow what is there or are too many, and OSError; then nothing of it stays.
    """
    most = settings.IMPORT_UPLOAD_MB * 1024 * 1024
    path = path_of(name)
    size = path.stat().st_size if path.exists() else 0
    if size != offset:
        raise Unfit(_("A part of the upload is missing. Start it again."))
    try:
        with path.open("ab") as file:
            path.chmod(0o600)
            for chunk in chunks:
                size += len(chunk)
                if size > most:
                    message = _("The file has more than %(most)s MB. Import it on the server instead.")
                    raise Unfit(message % {"most": settings.IMPORT_UPLOAD_MB})
                file.write(chunk)
    except (Unfit, OSError):
        # It cannot become whole any more: the disk is full, or it is too large.
        path.unlink(missing_ok=True)
        raise
    return size


def check(name: str) -> None:
    """Raises Unfit if an upload is not what its ending says."""
    path = path_of(name)
    if not path.exists():
        raise Unfit(_("This upload is not there any more. Choose the file again."))
    with path.open("rb") as file:
        start = file.read(4)
    starts = STARTS[path.suffix]
    if not start:
        raise Unfit(_("The file is empty."))
    if starts and not start.startswith(starts):
        message = _("The file is no %(format)s, whatever its name says.")
        raise Unfit(message % {"format": path.suffix[1:].upper()})


def delete(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


def delete_old() -> int:
    """Delete what was not used for `DAYS`. Returns how many files."""
    old = [path for path in folder().iterdir() if time.time() - path.stat().st_mtime > DAYS * 24 * 60 * 60]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
