"""What is in the box of a slot, by its source."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from publishing.cache import pages
from publishing.models import Publication

from ..adsense import serving
from ..house import filling as house
from ..models import Slot, Source
from . import labels, sizes


@dataclass(frozen=True)
class Own:
    """An advertisement of the publication's own, as HTML, and whose it is."""

    html: str = ""
    by: str = ""


def own(slot: Slot, request) -> Own:
    """The advertisement of the publication's own for a slot of this page, another one in each slot.

    The slot above an article has two places and one advertisement. The page changes by the clock when it does.
    """
    known = request.__dict__.setdefault("own_advertisements", {})
    if slot.key in known and slot.key != "article-body":
        return known[slot.key]
    taken = request.__dict__.setdefault("taken_advertisements", [])
    filled = _filled(slot, request.path_info, taken)
    pages.changes_at(request, filled.changes_at)
    if filled.creative:
        taken.append(filled.creative)
    known[slot.key] = Own(filled.html, filled.by)
    return known[slot.key]


def has_own(slot: Slot, path: str) -> bool:
    """Whether the publication has an advertisement of its own for a slot of the page with this path, now."""
    return bool(_filled(slot, path).html)


def _filled(slot, path, taken=()):
    return house.fill(slot.key, path, timezone.now(), sizes=slot.sizes_here, taken=taken)


def box(slot: Slot, request, at: str = "", outline: dict | None = None) -> str:
    """The slot with its label and its box; "" if it has nothing to show.

    An `outline` of it has what staff have to know of it (templates/sponsors/_outline.html) in place of what fills it.
    """
    is_adsense = slot.source == Source.ADSENSE
    unit = "" if outline else serving.unit(request, slot)
    filled = own(slot, request) if slot.source in (Source.HOUSE, Source.ADSENSE) and not outline else Own()
    # In a box of AdSense it stands until a reader agrees, and if AdSense has none.
    if not outline and slot.source != Source.PREVIEW and not (unit or filled.html):
        return ""
    here = slot.sizes_here
    context = {
        "slot": slot,
        "at": at or ("broad" if slot.key == "beside" and sizes.is_broad(here) else ""),
        "label": labels.label(get_language() or "", is_adsense=is_adsense),
        "classes": sizes.classes(here),
        "sizes": sizes.written(here),
        "unit": unit,
        "own": filled,
        "sentence": Publication.current().slot_sentence if slot.source == Source.PREVIEW else "",
        "outline": outline,
    }
    return render_to_string("sponsors/_slot.html", context)
