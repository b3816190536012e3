"""What an uploaded logo or icon is made into. Nothing of the upload itself is kept."""

from dataclasses import dataclass
from io import BytesIO
from warnings import catch_warnings, simplefilter

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from . import icons, svg

MOST_BYTES = 2_000_000
MOST_PIXELS = 16_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
# A logo is shown up to 48 pixels high, on screens that have three for one.
LOGO_WIDTH, LOGO_HEIGHT = 960, 144
SMALLEST_ICON = 180


@dataclass(frozen=True)
class Made:
    """A file as it is served."""

    content: bytes
    kind: str
    width: int
    height: int


def logo(upload) -> Made:
    """The logo, a drawing or a picture. Raises ValidationError with a sentence."""
    content = _read(upload)
    if _is_xml(content):
        drawing, width, height = svg.sanitised(content)
        scale = LOGO_HEIGHT / height
        return Made(drawing, "svg", max(1, round(width * scale)), LOGO_HEIGHT)
    picture = _decoded(content)
    picture.thumbnail((LOGO_WIDTH, LOGO_HEIGHT), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    picture.save(buffer, "WEBP", lossless=True)
    return Made(buffer.getvalue(), "webp", *picture.size)


def icon(upload) -> dict[str, Made]:
    """The icon in all its sizes, by use. Raises ValidationError with a sentence."""
    content = _read(upload)
    if _is_xml(content):
        raise ValidationError(_("Upload a PNG or another picture: phones do not take an SVG as icon."))
    picture = _decoded(content)
    if min(picture.size) < SMALLEST_ICON:
        raise ValidationError(_("The icon is smaller than %(size)s × %(size)s pixels.") % {"size": SMALLEST_ICON})
    return {
        use: Made(icons.as_png(picture, size, on_ground=use != "icon"), "png", size, size)
        for use, size in icons.SIZES.items()
    }


def _read(upload) -> bytes:
    if upload.size > MOST_BYTES:
        raise ValidationError(_("The file is larger than 2 MB."))
    upload.seek(0)
    return upload.read()


def _is_xml(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")[:1] == b"<"


def _decoded(content: bytes) -> Image.Image:
    """The upright picture in sRGB with transparency."""
    try:
        with catch_warnings():
            simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise ValidationError(_("The picture has more than 16 million pixels."))
        ImageOps.exif_transpose(picture, in_place=True)
        return picture.convert("RGBA")
    except ValidationError:
        raise
    # What decoders raise for damaged files is of many kinds.
    except Exception as error:
        raise ValidationError(_("This is neither an SVG nor a picture: PNG, JPEG, WebP, GIF or AVIF.")) from error
