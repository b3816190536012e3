"""Files of pictures, for every app: decoded with limits, encoded again, and deleted."""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import storages
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tasks import task
from PIL import Image as Picture
from PIL import ImageCms, ImageOps

from ..cache import changes, pages

logger = logging.getLogger(__name__)

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
# In pixels, of the public file of a picture.
WIDTH = 1600
MOST_PROFILE_BYTES = 1024 * 1024
_SRGB = ImageCms.createProfile("sRGB")
NOT_A_PICTURE = _("Upload a valid JPEG, PNG, WebP, GIF or AVIF image.")

# Twice as long as a cache may use a page: there may be one behind another.
UNSEEN_AFTER = 2 * timedelta(seconds=pages.SHARED_SECONDS + pages.STALE_WHILE_REVALIDATE_SECONDS)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 25, 2 * 60, 10 * 60, 24 * 60)]


def check_size(upload) -> None:
    if upload.size > MOST_BYTES:
        raise ValidationError(gettext("The image is larger than 10 MB."), code="too_large")


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


def checking(size: tuple[int, int] | None, most: tuple[int, int]) -> Callable[[File], None]:
    """A check of a file of an export: a picture that browsers show, of this size, or none larger than `most`."""

    def check(file: File) -> None:
        try:
            with Picture.open(file, formats=FORMATS) as picture:
                found = picture.size
                if found[0] > most[0] or found[1] > most[1]:
                    raise ValidationError(gettext("A picture is larger than any of ours."))
                picture.load()
        except ValidationError:
            raise
        # What decoders raise for damaged files is of many kinds.
        except Exception as error:
            raise ValidationError(gettext("A file is no picture, or damaged.")) from error
        if size and found != size:
            raise ValidationError(gettext("A picture has another size than its row says."))

    return check


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
    _withdraw(names)


def _withdraw(names: Iterable[str]) -> None:
    """Copies of a CDN would stay for a year."""
    pages.withdraw(*(f"media:{name}" for name in names))


def delete_unseen(names: list[str]) -> None:
    """Have a task delete public files once no cache can hold a page that shows them. In a transaction: if it commits.

    For pages whose copies in other people's caches show such a file until they are too old.
    """
    delete_files.using(run_after=timezone.now() + UNSEEN_AFTER).enqueue(names, [])


@task()
def delete_files(names: list[str], originals: list[str], attempt: int = 0) -> str:
    """Delete files and a CDN's copies of them, and try again after `PAUSES`. Raises OSError at the last."""
    try:
        delete(names, originals)
    except OSError as error:
        if attempt + 1 >= len(PAUSES):
            raise
        logger.warning("Files of a picture could not be deleted: %s", error)
        delete_files.using(run_after=timezone.now() + PAUSES[attempt + 1]).enqueue(names, originals, attempt + 1)
        return "not yet"
    _withdraw(names)
    return f"{len(names) + len(originals)} deleted"
