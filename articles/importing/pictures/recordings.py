"""Audio and video of posts: files of the source are stored, and play where the text named them alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from publishing.text.markdown import escaped
from publishing.text.recordings import is_named_so
from publishing.transfer.files import too_large
from publishing.transfer.notes import Refused

from ...models import Recording
from ...models.picture_files import digest_of
from ...models.uploads.recording_files import MOST_BYTES, measure, title_of
from ..records import Post
from ..references import Form, Reference, References, written
from . import reading, writing
from .finding import Found
from .preparing import Pictures, Prepared
from .writing import Edit

_TITLE_LENGTH = Recording._meta.get_field("title").max_length
# What may stand before a paragraph in its line, and on the lines around it.
_BEFORE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
_AROUND = re.compile(r"[ \t>]*(?:\Z|:::|(?:[-*+]|\d{1,9}[.)])[ \t])")


def checked(file: File) -> str:
    """The suffix that its content has. Raises Refused with the reason, if browsers do not play it."""
    try:
        return measure(file).suffix
    except ValidationError as error:
        if error.code == "too_large":
            raise Refused(too_large(MOST_BYTES)) from error
        file.seek(0)
        if file.read(16).startswith(b"version https://"):
            raise Refused(_("a pointer of Git LFS, not the file itself")) from error
        raise Refused(_("damaged, or no audio or video that browsers play")) from error
    except OSError as error:
        raise Refused(_("cannot be read: %(problem)s") % {"problem": error.strerror or error}) from error


def get(pictures: Pictures, found: Found, prepared: Prepared, title: str) -> Recording:
    """The recording of a file, which is stored if it is new here. Raises Refused if it is none."""
    refused = pictures.finder.refused
    if found in refused:
        raise Refused(refused[found])
    if known := pictures.known(pictures.digests.get(found, ""), prepared, Recording):
        return known
    try:
        with found.files.seekable(found.name, MOST_BYTES) as file:
            suffix = checked(file)
            digest = pictures.digests[found] = digest_of(file)
            if known := pictures.known(digest, prepared, Recording):
                return known
            title = title or title_of(file) or re.sub("[_-]+", " ", PurePosixPath(found.name).stem)
            row = Recording(file=file, title=reading.line(title, _TITLE_LENGTH) or found.name[:_TITLE_LENGTH])
            return pictures.keep(row, digest, suffix, prepared)
    except Refused as error:
        refused[found] = str(error)
        raise


@dataclass
class InText:
    """The recordings of one post's text. `definitions` are the new addresses by the labels of the old ones."""

    pictures: Pictures
    post: Post
    prepared: Prepared
    found: References
    definitions: dict[str, str] = field(default_factory=dict)

    def edits(self) -> dict[Reference, list[Edit]]:
        """What changes, by the references to audio and video."""
        inside = {inner for link in self.found.links for inner in link.inner}
        return {
            reference: list(self._edits(reference))
            for reference in self.found.found
            if is_named_so(reference.address)
            and not (reference.is_picture and reference.form in (Form.HTML, Form.STYLE))
            and not (reference in inside and not reference.is_picture)
        }

    def _edits(self, reference: Reference) -> Iterator[Edit]:
        name = _name(reference.address)
        is_named = reference.form in (Form.BARE, Form.AUTOLINK, Form.HTML)
        words = "" if is_named else writing.plain(reference.words)
        if unquote(re.sub(r"\\(.)", r"\1", reference.words)) in (name, unquote(reference.address)):
            words = ""
        found = self.pictures.finder.find(reference.address, self.post)
        try:
            row = get(self.pictures, found, self.prepared, words or reference.title) if found else None
        except Refused:
            # Told where it is seen that the link leads nowhere.
            row = None
        if row:
            self.pictures.finder.ours.add(row.file.url)
            yield from self._found(reference, row.file.url, name, words)
        elif reference.is_picture:
            yield reference.start, reference.start + 2, "[" if reference.words else f"[{escaped(name)}"

    def _found(self, reference: Reference, url: str, name: str, words: str) -> Iterator[Edit]:
        is_player = reference.is_picture or (not reference.inner and _is_alone(self.found.text, reference))
        if reference.form in (Form.BARE, Form.AUTOLINK):
            yield reference.start, reference.end, f"![]({url})" if is_player else f"[{escaped(name)}]({url})"
            return
        if reference.label:
            self.definitions[reference.label] = url
        else:
            yield *reference.at, written(url, reference)
        if not is_player or reference.form == Form.HTML:
            return
        start = reference.start + 1 + reference.is_picture
        if reference.form == Form.INLINE and not words:
            # Its title is shown instead of the name of its file.
            yield reference.start, start + len(reference.words), "!["
        elif not reference.is_picture:
            yield reference.start, reference.start, "!"


def _name(address: str) -> str:
    try:
        return unquote(urlsplit(address).path.rpartition("/")[2])
    except ValueError:
        return ""


def _is_alone(text: str, reference: Reference) -> bool:
    """Whether nothing else stands in its paragraph."""
    start = text.rfind("\n", 0, reference.start) + 1
    end = text.find("\n", reference.end)
    end = len(text) if end < 0 else end
    before = text[start : reference.start]
    if not _BEFORE.fullmatch(before) or text[reference.end : end].strip():
        return False
    above = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)]
    stop = text.find("\n", end + 1)
    below = text[end + 1 : len(text) if stop < 0 else stop]
    is_item = bool(before.strip(" \t>"))
    return bool((is_item or _AROUND.match(above)) and _AROUND.match(below))
