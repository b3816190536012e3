"""An advertisement as readers would see it with what is typed into its form. Nothing is stored."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.files.storage import default_storage

from publishing.text.languages import of_the_site

from ...models import Creative, Kind, Slot
from ...slots import labels, sizes
from .. import filling

# What is wrong with the rest of the form changes nothing of what readers see.
SAID = ("kind", "upload", "alt", "headline", "text", "slots")
WORDS = ("headline", "text", "alt")


@dataclass(frozen=True)
class Box:
    """One of the boxes in which it may be, in CSS pixels, and the places that have one of this size."""

    width: int
    height: int
    places: tuple[str, ...]


def typed(form) -> tuple[Creative, str]:
    """What was sent to a form that is checked, and the address of its picture, "" without one."""
    sent = Creative(kind=Kind.TEXT if form.data.get("kind") == Kind.TEXT else Kind.PICTURE, target="#")
    for name in WORDS:
        most = Creative._meta.get_field(name).max_length
        # What is refused is shown beside the reason.
        setattr(sent, name, form.cleaned_data.get(name) or str(form.data.get(name, "")).strip()[:most])
    sent.slots = form.cleaned_data.get("slots") or []
    sent.advertiser = form.cleaned_data.get("advertiser")
    made = form.made
    shown = made or form.instance
    sent.width, sent.height = shown.width, shown.height
    return sent, f"data:image/webp;base64,{b64encode(made.content).decode()}" if made else address_of(form.instance)


def address_of(creative: Creative) -> str:
    return default_storage.url(creative.picture) if creative.picture else ""


def context_of(creative: Creative, address: str, problems: Iterable[str] = ()) -> dict:
    """For templates/admin/sponsors/creative/preview.html."""
    is_empty = not (address if creative.kind == Kind.PICTURE else creative.headline or creative.text)
    slots = [slot for slot in Slot.all_rows() if filling.is_for(creative, slot.key)]
    taking = [slot for slot in slots if filling.Room.of(slot.key, slot.sizes_here).takes(creative)]
    with of_the_site():
        html = "" if is_empty else filling.html_of(creative, is_counted=False, address=address)
        by = filling.advertised_by(creative) if creative.advertiser_id else ""
    left_out = [] if is_empty else [slot for slot in slots if slot not in taking]
    return {
        "html": html,
        "by": by,
        "label": labels.label(settings.LANGUAGE_CODE),
        "language": settings.LANGUAGE_CODE,
        "boxes": [] if is_empty else _boxes(creative, taking),
        "left_out": ", ".join(slot.get_key_display() for slot in left_out),
        "problems": list(problems),
    }


def _boxes(creative: Creative, slots: Iterable[Slot]) -> list[Box]:
    """Those of a text are as wide as the place; a picture has its own size everywhere."""
    found = {}
    for slot in slots:
        here = slot.sizes_here
        for name, height in sizes.heights(here).items():
            width = sizes.width_of(slot.key, name, here)
            size = (width, height) if creative.kind == Kind.TEXT else (creative.width, creative.height)
            found.setdefault(size, {})[slot.get_key_display()] = None
    by_height = sorted(found.items(), key=lambda each: each[0][::-1])
    return [Box(*size, tuple(places)) for size, places in by_height]
