"""What a slot of the site's own advertisements shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ..models import Creative, Kind
from . import choosing, running, text_room

# By breakpoint, the (width, height) that a box may hold.
Sizes = Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Filled:
    """The HTML of an advertisement, "" if none runs: then the slot has no box.

    The page changes by the clock at `changes_at`, also if it shows none now. `by` names the advertiser in a sentence,
    for the line of the label. `creative` is its key.
    """

    html: str
    changes_at: datetime | None
    by: str = ""
    creative: int | None = None


def fill(key: str, path: str, now: datetime, *, sizes: Sizes | None = None, taken: Sequence[int] = ()) -> Filled:
    """What the slot `key` of the page with this path shows. No query while nothing has changed.

    `sizes` are what its box may hold, None for anything. `taken` are the keys of advertisements that the page shows
    already: another one comes first.
    """
    room = None if sizes is None else Room.of(key, sizes)
    fitting = [creative for creative in running.at(now) if is_for(creative, key) and (not room or room.takes(creative))]
    edge = running.next_edge(now)
    creative = choosing.choose(fitting, path, now, taken)
    if creative is None:
        return Filled("", edge)
    # One alone does not change with the hour.
    ends = [edge, choosing.period_end(path, now) if len(fitting) > 1 else None]
    changes_at = min((end for end in ends if end), default=None)
    return Filled(html_of(creative), changes_at, advertised_by(creative), creative.pk)


def is_for(creative: Creative, key: str) -> bool:
    return not creative.slots or key in creative.slots


@dataclass(frozen=True)
class Room:
    """What a slot has room for: pictures of some sizes, and texts of which all of its boxes show all."""

    sizes: frozenset[tuple[int, int]]
    boxes: tuple[text_room.Box, ...]

    @classmethod
    def of(cls, key: str, sizes: Sizes) -> "Room":
        return cls(frozenset(tuple(size) for at in sizes.values() for size in at), text_room.boxes(key, sizes))

    def takes(self, creative: Creative) -> bool:
        if creative.kind == Kind.TEXT:
            return text_room.lacking(creative.headline, creative.text, self.boxes) is None
        return (creative.width, creative.height) in self.sizes


def html_of(creative: Creative, *, is_counted: bool = True, address: str = "") -> str:
    """Its HTML; of one in a preview, nothing is counted. `address` is that of a picture that is not stored."""
    if creative.kind == Kind.TEXT:
        address = ""
    elif not address:
        address = default_storage.url(creative.picture)
    context = {"creative": creative, "address": address, "is_counted": is_counted}
    return render_to_string("sponsors/_creative.html", context)


def advertised_by(creative: Creative) -> str:
    # Translators: for readers.
    return _("Advertisement of %(advertiser)s") % {"advertiser": creative.advertiser.name}
