"""Images that editors upload."""

import secrets
from hashlib import file_digest
from io import BytesIO
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from PIL import Image as Picture
from PIL import ImageOps

from publishing.bases.shown import Shown
from publishing.text.fields import LineField
from publishing.text.markdown import ImageInfo


class Image(Shown):
    """An uploaded image. It is encoded again from its pixels, without metadata, name or script."""

    # Pages of articles, their cards, and their entries in feeds.
    SHOWN = {"image:{}": ("file", "alt", "credit"), "cover:{}": ("file", "alt"), "file:{}": ("file",)}

    file = models.ImageField(upload_to="", width_field="width", height_field="height")
    alt = LineField(
        "alternative text",
        max_length=300,
        blank=True,
        help_text="Describe the image for people who cannot see it. Leave empty if it is decorative.",
    )
    credit = LineField(max_length=200, blank=True)
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    original_name = models.CharField(max_length=200, editable=False, blank=True)
    digest = models.CharField(max_length=64, editable=False, db_index=True, help_text="SHA-256 of what was uploaded.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Shown.Meta):
        ordering = ["-created_at"]

    def __str__(self):
        return self.alt or self.original_name or self.file.name

    def save(self, *args, **kwargs):
        if self.file and not self.file._committed:
            self.original_name = PurePosixPath(self.file.name).name[-200:]
            self.digest = _digest(self.file)
            self.file = encoded(self.file)
        super().save(*args, **kwargs)

    @classmethod
    def from_file(cls, file, alt: str) -> "Image":
        """The stored image with these bytes, created if needed."""
        return cls.objects.filter(digest=_digest(file)).first() or cls.objects.create(file=file, alt=alt)

    @classmethod
    def resolve(cls, source: str) -> ImageInfo | None:
        """The stored image at an address in an article, or None."""
        if not source.startswith(settings.MEDIA_URL):
            return None
        image = cls.objects.filter(file=source.removeprefix(settings.MEDIA_URL)).first()
        return ImageInfo(image.file.url, image.width, image.height) if image else None


def _digest(file) -> str:
    file.open()
    return file_digest(file, "sha256").hexdigest()


IMAGE_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
IMAGE_BYTES = 10 * 1024 * 1024
IMAGE_PIXELS = 40_000_000
IMAGE_WIDTH = 1600


def encoded(upload) -> ContentFile:
    """The pixels of `upload`, upright and at most `IMAGE_WIDTH` wide, as WebP with a random name.

    Raises ValidationError unless it is an image of an accepted format and size.
    """
    if upload.size > IMAGE_BYTES:
        raise ValidationError("The image is larger than 10 MB.")
    try:
        upload.seek(0)
        with Picture.open(upload, formats=IMAGE_FORMATS) as picture:
            if picture.width * picture.height > IMAGE_PIXELS:
                raise ValidationError("The image has more than 40 million pixels.")
            picture = ImageOps.exif_transpose(picture)
            picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except ValidationError:
        raise
    except Exception as error:
        raise ValidationError("Upload a valid JPEG, PNG, WebP, GIF or AVIF image.") from error
    picture.thumbnail((IMAGE_WIDTH, IMAGE_WIDTH * 4))
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=80, method=4)
    return ContentFile(buffer.getvalue(), name=f"{secrets.token_hex(16)}.webp")
