"""Pages of this site as staff see them: every slot in outline, and why readers see it or not."""

import copy
from dataclasses import dataclass
from urllib.parse import unquote

from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from publishing.bases import addressed
from publishing.links import targets
from publishing.text.languages import of_the_site

from ..adsense import serving
from ..models import Slot, Source
from . import decision, filling, placement, sizes
from .kinds import KEYS, kind_of


@dataclass(frozen=True)
class Explained:
    """A slot of a page. `why_not` is a sentence, "" if readers see it; `places` are the ends of paragraphs."""

    slot: Slot
    sizes: str
    why_not: str
    places: tuple[placement.Place, ...] = ()


@dataclass(frozen=True)
class Found:
    path: str
    query: str
    match: ResolverMatch


@dataclass(frozen=True)
class Shown:
    """A page as it was found at last, its response, and what was decided about."""

    found: Found
    response: HttpResponse
    page: decision.Page


def find(address: str) -> Found | None:
    """The page at an address of this site, if pages of its kind have places for slots; of one that moved, where it is.

    Raises Http404 if nothing of this site is there. A page may be found that readers do not see: `show` says so, and
    follows what redirects them.
    """
    seen = set()
    while address and address not in seen:
        seen.add(address)
        parts = targets.internal(address, "/")
        if not parts:
            return None
        path = unquote(parts.path if parts.path.endswith("/") else f"{parts.path}/")
        match = _match(path)
        if match and kind_of(match.func):
            return Found(path, parts.query, match)
        address = _with_query(addressed.moved_to(match, path, parts.query), path, parts.query)
        if not match and not address:
            raise Http404("Readers see no such page.")
    return None


def _match(path: str) -> ResolverMatch | None:
    """What a path resolves to; None also for a word that is no page."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    has_page = getattr(match.func, "has_page", None)
    return match if has_page is None or has_page(**match.kwargs) else None


def _with_query(moved: str | None, path: str, query: str) -> str:
    """Where an address leads now, as readers are redirected; "" if nowhere."""
    return f"{moved}?{query}" if moved and query and path != "/" else moved or ""


def preview_url(found: Found) -> str:
    """Where staff see a page with all slots."""
    path = found.path.lstrip("/")
    url = reverse("slot-preview", args=[path]) if path else reverse("slot-preview-home")
    return f"{url}?{found.query}" if found.query else url


def show(request, found: Found) -> Shown:
    """A page for a request of staff with every slot in outline, or the one to which it redirects. Raises Http404."""
    seen = []
    while True:
        seen.append(found)
        try:
            return _shown(request, found)
        except Http404:
            moved = addressed.moved_to(found.match, found.path, found.query)
            found = find(_with_query(moved, found.path, found.query))
            if found is None or found in seen:
                raise


def _shown(request, found: Found) -> Shown:
    match = found.match
    inner = copy.copy(request)
    inner.path = inner.path_info = found.path
    inner.resolver_match, inner.method, inner.GET = match, "GET", QueryDict(found.query)
    decision.prepare(inner, kind_of(match.func))
    inner.slots = KEYS[inner.slot_page.kind]
    # The language of the sentences in the outlines.
    inner.slots_outlined_in = translation.get_language() or settings.DESK_LANGUAGE
    with of_the_site():
        return Shown(found, match.func(inner, *match.args, **match.kwargs), inner.slot_page)


def outline(slot: Slot, page: decision.Page, language: str) -> dict:
    """What stands in a box in outline."""
    with translation.override(language):
        return {
            "language": language,
            "name": slot.get_key_display(),
            "sizes": sizes_in_words(slot),
            "state": why_not(slot, page) or _("Readers see it."),
        }


def why_not(slot: Slot, page: decision.Page) -> str:
    """Why readers do not see a slot, in a sentence; "" if they do: also that nothing fills it now."""
    if why := decision.why_not(slot, page):
        return decision.in_words(why)
    if slot.source not in (Source.HOUSE, Source.ADSENSE) or filling.has_own(slot, page.path):
        return ""
    if slot.source == Source.HOUSE:
        return _("No advertisement of your own is for it now.")
    if not slot.ad_unit:
        return _("It has no ad unit.")
    return "" if serving.is_connected() else _("AdSense is not connected.")


def sizes_in_words(slot: Slot) -> str:
    return " · ".join(f"{sizes.NAMES[name]}: {sizes.in_words(at)}" for name, at in slot.sizes_here.items())


def explain(request, address: str) -> tuple[Found, list[Explained]] | None:
    """The page at an address, with every slot as readers see it now; None if it has no places. Its queries.

    Raises Http404 if readers see no such page either.
    """
    found = find(address)
    if found is None:
        return None
    shown = show(request, found)
    if shown.response.status_code != 200:
        raise Http404("Readers see no such page.")
    page, result = shown.page, []
    for slot in Slot.all_rows():
        why = why_not(slot, page)
        places = placement.decisions(page.blocks()) if slot.key == "article-body" and page.blocks else ()
        result.append(Explained(slot, sizes_in_words(slot), why, tuple(places)))
    return shown.found, result
