"""Pictures to upload."""

from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture


def picture(kind="PNG", size=(60, 40), mode="RGB", colour="red", **options) -> bytes:
    buffer = BytesIO()
    Picture.new(mode, size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


def uploaded(data=None, name="picture.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if data is None else data)


def stored_files() -> set[str]:
    """The names of all stored files, public and original."""
    return {path.name for folder in ("media", "originals") for path in Path(settings.VAR_DIR, folder).glob("*")}
