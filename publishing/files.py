"""Files that are written completely or not at all, also if the disk is full or the process is killed."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'^@import "(?P<name>[^"]+)" layer\((?P<layer>\w+)\);$', re.MULTILINE)
COMMENT = re.compile(r"^\s*/\*.*?\*/\n+", re.MULTILINE | re.DOTALL)


@contextmanager
def whole(path: Path, *, permissions: int = 0o600, text: bool = False) -> Iterator[IO]:
    """A temporary file that replaces `path` at the end, after fsync. Raises OSError and leaves `path` as it was.

    What is not a regular file (/dev/stdout) is written directly.
    """
    path = Path(path).resolve()
    how = {"mode": "w", "encoding": "utf-8"} if text else {"mode": "wb"}
    if path.exists() and not path.is_file():
        with path.open(**how) as file:
            yield file
        return
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:80]}-", delete=False, **how) as file:
        try:
            yield file
            file.flush()
            os.fchmod(file.fileno(), permissions)
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            # What could not be flushed cannot be flushed when it is closed, either.
            with suppress(OSError):
                file.close()
            raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk (fsync)."""
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def can_be_written(folder: Path) -> bool:
    """Whether a temporary file of 64 kB can be stored there."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(64 * 1024))
            file.flush()
    except OSError:
        return False
    return True


class WholeFiles(FileSystemStorage):
    """A storage that writes files completely or not at all."""

    def _save(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path, permissions=self.file_permissions_mode or 0o644) as file:
            for chunk in content.chunks():
                file.write(chunk.encode() if isinstance(chunk, str) else chunk)
        return name


def with_imports(sheet: Path) -> str:
    """A style sheet with its imports inlined, without comments."""
    parts = IMPORT.sub(
        lambda found: f"@layer {found['layer']} {{\n{(sheet.parent / found['name']).read_text()}}}", sheet.read_text()
    )
    return COMMENT.sub("", parts)


# White space around these and after a colon means nothing, nor does the last semicolon of a rule or a zero before a
# point; what is between two quotes does. That around + and ~ is left, since calc() needs it.
_UNSEEN = re.compile(r'("[^"]*")|[\s;]*(\})\s*|\s*([{;,>])\s*|(:)\s+|\b0(?=\.\d)|\s+')
_SCRIPT_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)


def as_served(path: Path) -> str:
    """A style sheet with its imports, or a script, without the comments and the white space that only people need."""
    if path.suffix == ".js":
        return _SCRIPT_COMMENT.sub("", path.read_text())
    return _UNSEEN.sub(_seen, with_imports(path))


def _seen(found: re.Match) -> str:
    return found[found.lastindex] if found.lastindex else "" if found[0] == "0" else " "


class StaticFiles(WholeFiles, CompressedManifestStaticFilesStorage):
    """Collected static files: style sheets with their imports inlined, ours without comments, all hashed, compressed.

    An incomplete copy would be newer than its source and never be replaced, hence `WholeFiles`.
    """

    # Hash the names in imports of scripts, too.
    support_js_module_import_aggregation = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A page names a dozen files, and the list of their hashes is read once.
        self.url = cache(self.url)

    def file_hash(self, name, content=None):
        """Eight digits of it: an article names twenty files, and its first view has to fit in ten packets."""
        digest = super().file_hash(name, content)
        return digest and digest[:8]

    def post_process(self, paths, dry_run=False, **options):
        for name, (source, path) in paths.items():
            if name.startswith(("css/", "js/")) and not dry_run:
                self._save(name, ContentFile(as_served(Path(source.path(path)))))
                paths[name] = (self, name)
        return super().post_process(paths, dry_run=dry_run, **options)
