"""Whether a page has a slot. What explains it at the desk is what decides it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from publishing.text.markdown import Block

from ..models import Slot, Source
from .kinds import KEYS, Kind

NONE = frozenset()
# Fewer words of an article. On a phone, the boxes above and below it with their labels are as high as about 100 words.
THIN_WORDS = 150
# Fewer entries of a list: the box would be as high as they are.
THIN_ENTRIES = 3

_NO_PLACE = _("This kind of page has no such place.")
_OFF = _("It is switched off.")
_KIND = _("It is not on pages of this kind: %(kind)s.")
_PAGES = _("It is only on other pages.")
_CATEGORY = _("The category “%(category)s” has no slots.")
_SENSITIVE = _("The article is marked as sensitive.")
_WORDS = _("The article is too short: %(words)s words, %(least)s are needed.")
_ENTRIES = _("The list is too short: %(entries)s entries, %(least)s are needed.")
_NO_PARAGRAPH = _("No place between its paragraphs is right.")

Why = tuple[str, dict]


@dataclass
class Page:
    """What decides about the slots of a page. Its view says it (`describe`) before its template asks."""

    kind: Kind
    path: str
    words: int | None = None
    entries: int | None = None
    category: str = ""
    category_has_slots: bool = True
    is_sensitive: bool = False
    # Offsets into the text, and what computes the blocks from which they are.
    offsets: list[int] | None = None
    blocks: Callable[[], list[Block]] | None = None


def describe(request, **facts) -> None:
    """Say more of the page (fields of `Page`). Nothing happens on pages without slots."""
    if page := getattr(request, "slot_page", None):
        vars(page).update(facts)


def why_not(slot: Slot, page: Page) -> Why | None:
    """Why a slot is not on a page, as a sentence and what to put into it; None: it is. No query."""
    if slot.key not in KEYS[page.kind]:
        return _NO_PLACE, {}
    if slot.source == Source.OFF:
        return _OFF, {}
    if page.kind in slot.excluded_kinds:
        return _KIND, {"kind": page.kind.label}
    if not slot.is_for(page.path):
        return _PAGES, {}
    if not page.category_has_slots:
        return _CATEGORY, {"category": page.category}
    if page.is_sensitive:
        return _SENSITIVE, {}
    if page.words is not None and page.words < THIN_WORDS:
        return _WORDS, {"words": page.words, "least": THIN_WORDS}
    if page.entries is not None and page.entries < THIN_ENTRIES:
        return _ENTRIES, {"entries": page.entries, "least": THIN_ENTRIES}
    if slot.key == "article-body" and page.offsets is not None and not page.offsets:
        return _NO_PARAGRAPH, {}
    return None


def in_words(why: Why) -> str:
    sentence, values = why
    return sentence % values


def keys_on(page: Page) -> frozenset[str]:
    """The keys of the slots that readers see on a page. No query while nothing has changed."""
    return frozenset(slot.key for slot in Slot.all_rows() if why_not(slot, page) is None)


def prepare(request, kind: Kind) -> None:
    """Give a request of this kind of page its slots, which are computed when a template asks."""
    request.slot_page = Page(kind, request.path_info)
    request.slots = SimpleLazyObject(lambda: keys_on(request.slot_page))
