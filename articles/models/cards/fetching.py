"""What a card shows of a page on another site: its texts, and its picture encoded again."""

from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image as Picture

from publishing.outbound import client, page_head
from publishing.outbound.client import NotFetched
from publishing.text.validators import validate_few_marks, visible_length

from ..picture_files import as_webp, decoded

PAGE_KINDS = ("text/html", "application/xhtml+xml")
PICTURE_KINDS = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif")
# The head of a page is in the first bytes.
PAGE_BYTES, PICTURE_BYTES = 256 * 1024, 5 * 1024 * 1024
TITLE_LENGTH, DESCRIPTION_LENGTH, SITE_LENGTH = 200, 300, 100
# In pixels. What is smaller is a logo or counts readers.
SIDE, LEAST_SIDE = 480, 80


@dataclass(frozen=True)
class Page:
    """Texts in one line that fit the columns of a card; `picture` is WebP of `size`, or empty."""

    title: str
    description: str
    site: str
    picture: bytes = b""
    size: tuple[int, int] = (0, 0)


def fetch(url: str) -> Page:
    """Fetch a page, and its picture if that works: up to `client.DEADLINE` seconds each. Raises NotFetched."""
    found = client.fetch(url, kinds=PAGE_KINDS, most_bytes=PAGE_BYTES, user_agent=_user_agent(), may_cut=True)
    head = page_head.read(found.body, found.charset)
    title = _fitting(head.title, TITLE_LENGTH)
    if not title:
        raise NotFetched(_("Its page has no title."))
    host = urlsplit(url).hostname or ""
    site = _fitting(head.site, SITE_LENGTH) or host.removeprefix("www.")[:SITE_LENGTH]
    return Page(title, _fitting(head.description, DESCRIPTION_LENGTH), site, *_picture(head.picture, found.url))


def _user_agent() -> str:
    return f"Mozilla/5.0 (compatible; link cards of {settings.SITE_URL})"


def _fitting(text: str, length: int) -> str:
    """`text`, cut; nothing if it is invisible or covers the lines around it."""
    try:
        validate_few_marks(text)
    except ValidationError:
        return ""
    if not visible_length(text):
        return ""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _picture(address: str, base: str) -> tuple[bytes, tuple[int, int]]:
    nothing = b"", (0, 0)
    if not address:
        return nothing
    try:
        found = client.fetch(
            urljoin(base, address), kinds=PICTURE_KINDS, most_bytes=PICTURE_BYTES, user_agent=_user_agent()
        )
        picture, *_ = decoded(ContentFile(found.body))
    except (NotFetched, ValidationError, ValueError):
        return nothing
    if min(picture.size) < LEAST_SIDE:
        return nothing
    data = as_webp(picture, SIDE, SIDE)
    with Picture.open(BytesIO(data)) as encoded:
        return data, encoded.size
