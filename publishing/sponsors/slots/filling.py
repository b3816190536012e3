"""What is in the box of a slot, by its source."""

from collections.abc import Callable

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from publishing.models import Publication

from ..adsense import serving
from ..models import Slot, Source
from . import labels, sizes

Filler = Callable[[Slot, HttpRequest], SafeString | None]
_FILLERS: dict[str, Filler] = {}


def fills(source: str):
    """Decorator of what makes the HTML of advertisements of a source: `fill(slot, request)`.

    It answers None if it has none for this slot on this page: then there is no box either.
    """

    def register(filler: Filler) -> Filler:
        _FILLERS[source] = filler
        return filler

    return register


def fill(slot: Slot, request: HttpRequest) -> SafeString | None:
    """The advertisement of the publication's own for a slot, or None. The same for every visitor.

    In a slot of AdSense it stands until a reader agrees, and if AdSense has none.
    """
    filler = _FILLERS.get(Source.HOUSE)
    return filler(slot, request) if filler else None


def box(slot: Slot, request: HttpRequest, at: str = "") -> str:
    """The slot with its label and its box; "" if it has nothing to show."""
    own = fill(slot, request) if slot.source in (Source.HOUSE, Source.ADSENSE) else None
    if slot.source == Source.OFF or (slot.source == Source.HOUSE and own is None):
        return ""
    here = slot.sizes_here
    context = {
        "slot": slot,
        "at": at or ("broad" if slot.key == "beside" and sizes.is_broad(here) else ""),
        "label": labels.label(get_language() or "", is_adsense=slot.source == Source.ADSENSE),
        "classes": sizes.classes(here),
        "sizes": sizes.written(here),
        "own": own,
        "unit": serving.unit(request, slot),
        "sentence": Publication.current().slot_sentence,
    }
    return render_to_string("sponsors/_slot.html", context)
