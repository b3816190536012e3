"""What an uploaded picture of an advertisement is made into. Nothing of the upload itself is kept."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from publishing.drawing.pictures import as_webp, check_size, decoded

from ...models import Key, Slot
from ...slots import sizes

Size = tuple[int, int]


@dataclass(frozen=True)
class Made:
    """A picture as it is served, and its size in CSS pixels: the file has up to twice as many, for fine screens."""

    content: bytes
    width: int
    height: int

    def store(self) -> str:
        """The name of the stored file."""
        return default_storage.save(f"{secrets.token_hex(16)}.webp", ContentFile(self.content))


def sizes_of(keys: Iterable[str]) -> dict[str, set[Size]]:
    """The sizes that places may hold, by key; of all places without keys. No query while nothing has changed."""
    wanted = set(keys) or set(Key.values)
    return {
        slot.key: {size for at in sizes.of(slot.key, slot.sizes).values() for size in at}
        for slot in Slot.all_rows()
        if slot.key in wanted
    }


def in_words(allowed: Iterable[Size]) -> str:
    return ", ".join(f"{width} × {height}" for width, height in sorted(allowed, reverse=True))


def picture(upload, keys: Iterable[str]) -> Made:
    """The first frame of `upload` in a size of these places, twice as large if the upload is.

    Raises ValidationError unless it is a picture of an accepted format, and as large as a size or of its shape.
    """
    check_size(upload)
    drawn, *_rest = decoded(upload)
    width, height = fitting(drawn.size, set().union(*sizes_of(keys).values()))
    return Made(as_webp(drawn, 2 * width, 2 * height), width, height)


def fitting(given: Size, allowed: Iterable[Size]) -> Size:
    """The size in which a picture of `given` pixels is shown: its own, half of it, or the largest one of its shape.

    Raises ValidationError if there is none; a picture is not made larger.
    """
    shaped = [size for size in allowed if _has_shape(given, size)]
    if not shaped:
        message = _("The picture has %(width)s × %(height)s pixels. These places take: %(sizes)s, or twice as much.")
        raise ValidationError(
            message % {"width": given[0], "height": given[1], "sizes": in_words(allowed)}, code="size"
        )
    return max(shaped, key=lambda size: (given == size, given == (2 * size[0], 2 * size[1]), size))


def _has_shape(given: Size, size: Size) -> bool:
    """Whether a picture that is made as wide as `size` is as high, but for one pixel of those it has."""
    scale = given[0] / size[0]
    return scale >= 1 and abs(given[1] - scale * size[1]) <= 1


def check_places(made: Size, keys: Iterable[str]) -> None:
    """Raises ValidationError if a chosen place does not take a picture of this size, or no place does."""
    found = sizes_of(keys)
    lacking = [Key(key).label for key, allowed in found.items() if made not in allowed]
    if lacking and (set(keys) or len(lacking) == len(found)):
        message = _("A picture of %(width)s × %(height)s pixels is too large or too small there: %(places)s.")
        places = {"width": made[0], "height": made[1], "places": ", ".join(map(str, lacking))}
        raise ValidationError(message % places, code="places")
