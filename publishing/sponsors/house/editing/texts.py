"""Whether the places of an advertisement have room for its text."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ...models import Key, Slot
from ...slots import sizes
from .. import text_room


def check(headline: str, text: str, keys: Iterable[str]) -> None:
    """Raises ValidationError with a sentence for each chosen place that cuts it, or for all if no place shows it."""
    chosen = set(keys)
    slots = [slot for slot in Slot.all_rows() if slot.key in (chosen or Key.values)]
    problems = [_problem(headline, text, slot) for slot in slots]
    if any(problems) if chosen else all(problems):
        raise ValidationError([problem for problem in problems if problem], code="room")


def _problem(headline: str, text: str, slot: Slot) -> str:
    box = text_room.lacking(headline, text, text_room.boxes(slot.key, slot.sizes_here))
    if box is None:
        return ""
    return _(
        "%(place)s, %(breakpoint)s: a box of %(height)s px has room for about %(most)s characters, and headline and "
        "text have %(number)s. Shorten them, or choose other places."
    ) % {
        "place": slot.get_key_display(),
        "breakpoint": sizes.NAMES[box.breakpoint],
        "height": box.height,
        "most": text_room.most(headline, text, box.width, box.height),
        "number": len(headline) + len(text),
    }
