"""Sizes of advertisements, and how much room there is for them.

Source: IAB, "New Standard Ad Unit Portfolio" (2017), fixed sizes, with 336×280, 300×600 and 320×100, which AdSense
names as common.
"""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The width of the window in CSS pixels from which each counts.
BREAKPOINTS = {"phone": 0, "tablet": 768, "wide": 1024}
NAMES = {
    "phone": gettext_lazy("Phones"),
    "tablet": gettext_lazy("From 768 px"),
    "wide": gettext_lazy("From 1024 px"),
}
TABLE = (
    (970, 250), (970, 90), (728, 90), (336, 280), (320, 100), (320, 50), (300, 50), (300, 250), (300, 600), (300, 1050),
    (160, 600),
)  # fmt: skip

# At most so high where a slot is above, in or below something: a higher one would be all that a phone shows.
MOST_HEIGHT = 280
# From 768 px at least so high: what is lower is made for phones.
LEAST_HEIGHT = 90
# Beside the text, which has 300 words or more and so is higher.
MOST_HEIGHT_BESIDE = 600
# A column of 20rem, which is what a window of 360 px leaves, one of 40rem, and a window less 20 px at each side.
PHONE, TEXT, TABLET, WINDOW = 320, 640, 728, 984
# In wide windows, the 13rem before the text; in windows from `BROAD_FROM` an advertisement may reach into the margin.
BESIDE = 300
BROAD, BROAD_FROM = 208, 1408

_NARROW = {"phone": PHONE, "tablet": TEXT, "wide": TEXT}
# By key of slot (`models.Key`) and breakpoint, the room in CSS pixels; without one there is no box.
ROOM = {
    "article-top": _NARROW | {"wide": WINDOW},
    "article-body": _NARROW,
    "article-end": _NARROW,
    "list": {"phone": PHONE, "tablet": TABLET, "wide": WINDOW},
    "beside": {"wide": BESIDE},
}
USUAL = {
    "article-top": {"phone": [(320, 100)], "tablet": [(320, 100)], "wide": [(728, 90)]},
    "article-body": {"phone": [(300, 250)], "tablet": [(300, 250)], "wide": [(300, 250)]},
    "article-end": {"phone": [(300, 250)], "tablet": [(336, 280), (300, 250)], "wide": [(336, 280), (300, 250)]},
    "list": {"phone": [(300, 250)], "tablet": [(728, 90)], "wide": [(970, 250), (728, 90)]},
    "beside": {"wide": [(160, 600)]},
}


def fitting(key: str, breakpoint: str) -> list[tuple[int, int]]:
    """The sizes of the table for which a slot has room, widest first."""
    return [size for size in TABLE if _problem(key, breakpoint, size) is None]


def of(key: str, chosen: Mapping) -> dict[str, list[tuple[int, int]]]:
    """What a slot may hold at each breakpoint at which it has a box: what was chosen, else what is usual."""
    return {
        name: [tuple(size) for size in chosen.get(name) or USUAL[key][name]]
        for name in BREAKPOINTS
        if name in ROOM[key]
    }


def heights(sizes: Mapping) -> dict[str, int]:
    """The height of the box at each breakpoint: that of the highest advertisement that may come."""
    return {name: max(height for _width, height in at) for name, at in sizes.items()}


def classes(sizes: Mapping) -> str:
    """The classes of the box (static/css/slots.css): "p100 w90". A breakpoint without one has the height before it.

    With "w970", an advertisement of that width may reach into the margins of a wide window.
    """
    result, before = [], None
    for name, height in heights(sizes).items():
        if height != before:
            result.append(f"{name[0]}{height}")
        before = height
    if any(width == 970 for width, _height in sizes.get("wide", ())):
        result.append("w970")
    return " ".join(result)


def is_broad(sizes: Mapping) -> bool:
    """Whether a slot beside the text has a box from `BROAD_FROM` only."""
    return any(width > BROAD for width, _height in sizes["wide"])


def width_of(key: str, breakpoint: str, sizes: Mapping) -> int:
    """Of the box of a slot that holds `sizes`, in CSS pixels, where the window is as narrow as it gets there."""
    return BROAD if key == "beside" and not is_broad(sizes) else ROOM[key][breakpoint]


def in_words(at) -> str:
    return ", ".join(f"{width}×{height}" for width, height in at)


def written(sizes: Mapping) -> str:
    """For a script: the sizes of the three breakpoints, such as "320x100 - 970x250,728x90"."""
    return " ".join(
        ",".join(f"{width}x{height}" for width, height in sizes.get(name, ())) or "-" for name in BREAKPOINTS
    )


def problems(key: str, chosen) -> list[tuple[str | None, str]]:
    """A breakpoint and a sentence for each size that is not in the table or has no room."""
    if not isinstance(chosen, dict):
        return [(None, _("Sizes are lists by breakpoint."))]
    result = []
    for name, at in chosen.items():
        if name not in ROOM.get(key, ()):
            message = _("This slot has no box there: %(breakpoint)s.")
            result.append((None, message % {"breakpoint": NAMES.get(name, name)}))
            continue
        found = (_problem(key, name, size) for size in (at if isinstance(at, list | tuple) else [at]))
        result += [(name, problem) for problem in found if problem]
    return result


def validate(key: str, chosen) -> None:
    """Raises ValidationError with the sentences of `problems`."""
    if found := problems(key, chosen):
        raise ValidationError([sentence for _name, sentence in found])


def _problem(key, breakpoint, size) -> str | None:
    where = {"breakpoint": NAMES[breakpoint]}
    try:
        width, height = size
        is_known = type(width) is type(height) is int and (width, height) in TABLE
    except (TypeError, ValueError):
        is_known = False
    if not is_known:
        return _("%(breakpoint)s: %(size)s is not one of the sizes to choose from.") % (
            where | {"size": str(size)[:40]}
        )
    words = where | {"width": width, "height": height, "room": ROOM[key][breakpoint]}
    if width > ROOM[key][breakpoint]:
        return _("%(breakpoint)s: %(width)s px are too wide, there is room for %(room)s px.") % words
    is_beside = key == "beside"
    most = MOST_HEIGHT_BESIDE if is_beside else MOST_HEIGHT
    if height > most:
        return _("%(breakpoint)s: %(height)s px are too high, at most %(most)s px are allowed.") % (
            words | {"most": most}
        )
    least = most if is_beside else 0 if breakpoint == "phone" else LEAST_HEIGHT
    if height < least:
        return _("%(breakpoint)s: %(height)s px are not high enough, at least %(least)s px are needed.") % (
            words | {"least": least}
        )
    return None
