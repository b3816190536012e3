"""The bytes of a picture of a source, made into one that can be stored."""

import base64
import binascii
import re
from pathlib import PurePosixPath
from urllib.parse import unquote_to_bytes

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from publishing.text.validators import TURNING, UNSTORABLE
from publishing.transfer.notes import Refused

from ...models.picture_files import MOST_BYTES, Encoded, encode
from . import svg

_ENDING = re.compile(
    r"\.(?:png|jpe?g|jpe|jfif|gif|webp|avif|svgz?|bmp|tiff?|hei[cf]|jxl|jp2|ico|apng)\Z", re.IGNORECASE
)
_DATA = re.compile(r"data:image/([\w.+-]{1,20})((?:;[\w=.-]{1,40})*?)(;base64)?,", re.IGNORECASE)
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def is_picture(address: str) -> bool:
    """Whether its ending is that of a picture."""
    return bool(_ENDING.search(re.split(r"[?#]", address, maxsplit=1)[0]))


def taken(data: bytes, name: str) -> ContentFile:
    """What is stored of a picture: itself, or what an SVG shows. Raises Refused with the reason."""
    if not data:
        raise Refused("empty")
    if svg.is_svg(data):
        return ContentFile(svg.rasterised(data), f"{PurePosixPath(name).stem}.png")
    return ContentFile(data, PurePosixPath(name).name)


def encoded(file: ContentFile) -> Encoded:
    """Raises Refused with the reason, if it cannot be read."""
    try:
        return encode(file)
    except ValidationError as error:
        raise Refused(_reason(file, error)) from error


def _reason(file: ContentFile, error: ValidationError) -> str:
    if error.code == "too_large":
        return error.messages[0].rstrip(".").replace("The image", "it")
    file.seek(0)
    start = file.read(16)
    if start[4:8] == b"ftyp" and start[8:12] in _HEIF:
        return _("HEIC pictures cannot be read here")
    if start.startswith(b"version https://"):
        return _("a pointer of Git LFS, not the picture itself")
    ending = PurePosixPath(file.name or "").suffix[1:].lower()
    if ending in ("bmp", "tif", "tiff", "jxl", "jp2", "ico"):
        return _("%(ending)s pictures cannot be read here") % {"ending": ending.upper()}
    return _("damaged, or no picture")


def of_data_address(address: str) -> bytes | None:
    """The picture that is written in an address "data:image/…"; None for other addresses. Raises Refused."""
    head = _DATA.match(address)
    if not head:
        return None
    rest = address[head.end() :]
    if len(rest) > 2 * MOST_BYTES:
        raise Refused(_("it is larger than 10 MB"))
    data = unquote_to_bytes(rest)
    try:
        return base64.b64decode(re.sub(rb"\s", b"", data), validate=True) if head[3] else data
    except (binascii.Error, ValueError) as error:
        raise Refused("damaged") from error


def line(text: str, length: int) -> str:
    """One that can be stored in a field."""
    text = " ".join(TURNING.sub("", UNSTORABLE.sub(" ", text)).split())
    return text if len(text) <= length else f"{text[: length - 1]}…"
