"""Pages of this site as staff see them: every slot in outline, and why readers see it or not."""

import copy
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from publishing.links import targets
from publishing.text.languages import of_the_site

from ..models import Slot
from . import decision, placement, sizes
from .kinds import KEYS, kind_of


@dataclass(frozen=True)
class Explained:
    """A slot of a page. `why_not` is a sentence, "" if readers see it; `places` are the ends of paragraphs."""

    slot: Slot
    sizes: str
    why_not: str
    places: tuple[placement.Place, ...] = ()


def find(address: str) -> tuple[str, ResolverMatch] | None:
    """The path of an address of this site, and its view, if pages of this kind have places for slots."""
    parts = targets.internal(address, "/")
    if not parts:
        return None
    path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return (path, match) if kind_of(match.func) else None


def show(request, path: str, match: ResolverMatch) -> tuple[HttpResponse, decision.Page]:
    """The page with every slot in outline, for a request of staff, and what was decided about. Raises Http404."""
    inner = copy.copy(request)
    inner.path = inner.path_info = path
    inner.resolver_match = match
    inner.method = "GET"
    decision.prepare(inner, kind_of(match.func))
    inner.slots = KEYS[inner.slot_page.kind]
    # The language of the sentences in the outlines.
    inner.slots_outlined_in = translation.get_language() or settings.DESK_LANGUAGE
    with of_the_site():
        return match.func(inner, *match.args, **match.kwargs), inner.slot_page


def outline(slot: Slot, page: decision.Page, language: str) -> dict:
    """What stands in a box in outline."""
    with translation.override(language):
        why = decision.why_not(slot, page)
        return {
            "language": language,
            "name": slot.get_key_display(),
            "sizes": sizes_in_words(slot),
            "state": decision.in_words(why) if why else _("Readers see it."),
        }


def sizes_in_words(slot: Slot) -> str:
    return " · ".join(f"{sizes.NAMES[name]}: {sizes.in_words(at)}" for name, at in slot.sizes_here.items())


def explain(request, address: str) -> list[Explained] | None:
    """Every slot of the page at an address, as readers see it now; None if there is no such page. Its queries.

    Raises Http404 if readers see no such page either.
    """
    found = find(address)
    if found is None:
        return None
    response, page = show(request, *found)
    if response.status_code != 200:
        raise Http404("Readers see no such page.")
    result = []
    for slot in Slot.all_rows():
        why = decision.why_not(slot, page)
        places = placement.decisions(page.blocks()) if slot.key == "article-body" and page.blocks else ()
        result.append(Explained(slot, sizes_in_words(slot), decision.in_words(why) if why else "", tuple(places)))
    return result
