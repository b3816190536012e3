"""Which uploads a text names: pictures, audio and video."""

import re

from django.conf import settings

from publishing.text.pictures import ImageInfo
from publishing.text.recordings import TYPES, RecordingInfo

from ..images import KEY_LENGTH, Image
from .recording import Recording

_NAME = re.compile(rf"{re.escape(settings.MEDIA_URL)}(\w[\w-]{{1,90}})\.(\w{{3,4}})")


def keys_in(*texts: str) -> set[str]:
    """The keys of the pictures that texts name, stored or not."""
    return {name[:KEY_LENGTH] for name, suffix in _names(texts) if suffix not in TYPES}


def recordings_in(texts: dict) -> dict:
    """The recordings that each of several texts plays, in its order, by the keys of `texts`. One query, or none."""
    names = {key: dict.fromkeys(name[:KEY_LENGTH] for name, suffix in _names((text,)) if suffix in TYPES)
             for key, text in texts.items()}  # fmt: skip
    wanted = {name for found in names.values() for name in found}
    rows = {row.key: row for row in Recording.objects.filter(key__in=wanted)} if wanted else {}
    return {key: [rows[name] for name in found if name in rows] for key, found in names.items()}


def _names(texts: tuple[str, ...]) -> list[tuple[str, str]]:
    return [found for text in texts for found in _NAME.findall(text)]


class Uploads:
    """The stored files that Markdown texts name, `rows` of pictures. One query each for pictures and for recordings,
    and none for texts without them.
    """

    def __init__(self, *texts: str):
        keys = keys_in(*texts)
        self.rows = list(Image.objects.filter(key__in=keys)) if keys else []
        played = {name[:KEY_LENGTH] for name, suffix in _names(texts) if suffix in TYPES}
        recordings = Recording.objects.filter(key__in=played) if played else ()
        self._by_key = {row.key: row for row in [*self.rows, *recordings]}

    def resolve(self, address: str) -> ImageInfo | RecordingInfo | None:
        """What is shown for an address of an upload in the texts."""
        name = _NAME.fullmatch(address)
        row = self._by_key.get(name[1][:KEY_LENGTH]) if name else None
        return row and row.info
