"""The files of a picture: which uploads are taken, how they are encoded, and how files are deleted.

The public file is encoded again from the pixels, without metadata, name or script. What was uploaded is kept as it was
in a storage of its own, to which no address leads.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from hashlib import file_digest
from io import BytesIO
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tasks import task
from PIL import Image as Picture
from PIL import ImageCms, ImageOps

from publishing.cache import changes, pages

logger = logging.getLogger(__name__)

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
# In pixels: the public file, and renditions beside it for narrower places and screens.
WIDTH, WIDTHS = 1600, (480, 960)
HEIGHT = 4 * WIDTH
MOST_PROFILE_BYTES = 1024 * 1024
_SRGB = ImageCms.createProfile("sRGB")
NOT_A_PICTURE = _("Upload a valid JPEG, PNG, WebP, GIF or AVIF image.")

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 25, 2 * 60, 10 * 60, 24 * 60)]


class Encoded(ContentFile):
    """A public file, and the upload that it was made of: its format, and whether it `moves`."""

    def __init__(self, content, upload, kind: str, moves: bool):
        super().__init__(content, name="picture.webp")
        self.upload, self.kind, self.moves, self.digest = upload, kind.lower(), moves, digest_of(upload)
        self.upload_name = name_of(upload)


def name_of(upload) -> str:
    """The name with which a file was uploaded, without folders."""
    return PurePosixPath(upload.name or "").name[-200:]


def digest_of(upload) -> str:
    """SHA-256 of the bytes of a file."""
    upload.open()
    digest = file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    return digest


def encode(upload) -> Encoded:
    """The pixels of `upload`, upright and at most `WIDTH` × `HEIGHT`, as WebP. Of a moving picture, the first frame.

    Raises ValidationError unless it is an image of an accepted format and size. Of 40 million pixels, a PNG
    takes a second and up to 360 MB of memory, a JPEG 0.3 s and 60 MB.
    """
    if upload.size > MOST_BYTES:
        raise ValidationError(gettext("The image is larger than 10 MB."), code="too_large")
    picture, kind, moves = decoded(upload)
    return Encoded(as_webp(picture, WIDTH, HEIGHT), upload, kind, moves)


def decoded(upload):
    """The upright picture, its format, and whether it has more frames. Raises ValidationError."""
    try:
        upload.seek(0)
        with Picture.open(upload, formats=FORMATS) as picture:
            kind, moves = picture.format, getattr(picture, "is_animated", False)
            if picture.width * picture.height > MOST_PIXELS:
                raise Picture.DecompressionBombError
            # A large JPEG is decoded at a half, a quarter or an eighth; other formats know no such thing.
            picture.draft(None, (2 * WIDTH, 1))
            if picture.mode.startswith("I"):
                # 16 bits of grey; convert() would cut them off at 255.
                picture = picture.point(lambda value: value * (1 / 256)).convert("L")
            picture.load()
            ImageOps.exif_transpose(picture, in_place=True)
            return _as_seen(picture), kind, moves
    except Picture.DecompressionBombError as error:
        raise ValidationError(gettext("The image has more than 40 million pixels."), code="too_large") from error
    # What decoders raise for damaged files is of many kinds.
    except Exception as error:
        raise ValidationError(NOT_A_PICTURE) from error


def _as_seen(picture):
    """The picture in sRGB, which browsers take for granted where there is no profile."""
    profile = picture.info.get("icc_profile", b"")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if picture.mode not in ("CMYK", mode):
        picture = picture.convert(mode)
    if 0 < len(profile) <= MOST_PROFILE_BYTES:
        # A profile that is damaged or of another kind of colours is ignored.
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, source, _SRGB, outputMode=mode)
    return picture if picture.mode == mode else picture.convert(mode)


def as_webp(picture, width: int, height: int | None = None) -> bytes:
    """The picture, made smaller if it is wider than `width` or higher than `height`."""
    scale = min(1, width / picture.width, height / picture.height if height else 1)
    if scale < 1:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Picture.Resampling.BICUBIC, reducing_gap=2)
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=80, method=4)
    return buffer.getvalue()


# --- deleting ---


def delete(names: Iterable[str], originals: Iterable[str] = ()) -> None:
    """Delete files of both storages. Raises OSError if a storage does not work; files that are gone are no error."""
    for storage, files in (("default", names), ("originals", originals)):
        for name in files:
            storages[storage].delete(name)


def delete_on_commit(names: list[str], originals: list[str]) -> None:
    """Delete files once the transaction has committed; if that fails or the process is killed, a task does it later."""
    later = delete_files.using(run_after=timezone.now() + PAUSES[0]).enqueue(names, originals)

    def now():
        try:
            delete(names, originals)
        except OSError as error:
            logger.warning("Files of a picture could not be deleted and will be later: %s", error)
        else:
            later.db_result.delete()

    changes.after_commit(now)
    # Copies of a CDN would stay for a year.
    pages.withdraw(*(f"media:{name}" for name in names))


@task()
def delete_files(names: list[str], originals: list[str], attempt: int = 0) -> str:
    """Delete files, and try again after `PAUSES`. Raises OSError at the last."""
    try:
        delete(names, originals)
    except OSError as error:
        if attempt + 1 >= len(PAUSES):
            raise
        logger.warning("Files of a picture could not be deleted: %s", error)
        delete_files.using(run_after=timezone.now() + PAUSES[attempt + 1]).enqueue(names, originals, attempt + 1)
        return "not yet"
    return f"{len(names) + len(originals)} deleted"
