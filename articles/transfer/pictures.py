"""The files of uploads and of cards in an export: the public ones where texts look for them, the originals apart."""

import re
from collections.abc import Callable, Iterator

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from publishing.drawing import pictures
from publishing.text.recordings import TYPES
from publishing.transfer.export.tables import RowFile, stored_file

from ..models import Image, LinkCard, Recording
from ..models.images import KEY_LENGTH
from ..models.picture_files import HEIGHT, MOST_BYTES, WIDTH, WIDTHS, digest_of
from ..models.uploads import recording_files
from ..models.uploads.recording_files import check_captions

# Hugo and others serve what lies there at the root of a site: at /media/, as texts name it.
PUBLIC, ORIGINALS = "static/media", "originals"
LARGEST = (WIDTH, HEIGHT)
_NAME = re.compile(r"[\w-]{1,90}\.\w{3,4}", re.ASCII)


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValidationError(_("The name of a picture is none of ours."))
    return name


def of_image(row: Image) -> Iterator[RowFile]:
    name = _named(row.file.name)
    yield stored_file(name, PUBLIC, pictures.checking((row.width, row.height), LARGEST))
    stem, dot, suffix = name.rpartition(".")
    for width in row.widths or ():
        yield stored_file(f"{stem}-{width}{dot}{suffix}", PUBLIC, pictures.checking(None, (width, HEIGHT)))
    if row.original:
        yield stored_file(_named(row.original), ORIGINALS, _is_upload(row.digest), "originals")


def _is_upload(digest: str) -> Callable[[File], None]:
    def check(file: File) -> None:
        if file.size > MOST_BYTES or digest_of(file) != digest:
            raise ValidationError(_("An original is not the file that was uploaded."))

    return check


def check_row(row: Image) -> None:
    if row.key and not row.file.name.startswith(row.key[:KEY_LENGTH]):
        raise ValidationError(_("The file of a picture has the name of another one."))
    if row.widths is not None and not (isinstance(row.widths, list) and set(row.widths) <= set(WIDTHS)):
        raise ValidationError(_("The sizes of a picture are none of ours."))


def of_recording(row: Recording) -> Iterator[RowFile]:
    name = row.file.name
    if not name.startswith(row.key) or not _NAME.fullmatch(name) or name.rpartition(".")[2] not in TYPES:
        raise ValidationError(_("The file of a recording has the name of something else."))
    yield stored_file(name, PUBLIC, _is_recording(row), most=recording_files.MOST_BYTES)
    if row.captions:
        yield stored_file(_named(row.captions.name), PUBLIC, check_captions)


def _is_recording(row: Recording) -> Callable[[File], None]:
    def check(file: File) -> None:
        suffix = recording_files.measure(file).suffix
        if suffix != row.file.name.rpartition(".")[2] or digest_of(file) != row.digest:
            raise ValidationError(_("A recording is not the file that was uploaded."))

    return check


def of_card(row: LinkCard) -> Iterator[RowFile]:
    if row.picture:
        yield stored_file(_named(row.picture), PUBLIC, pictures.checking((row.width, row.height), LARGEST))
