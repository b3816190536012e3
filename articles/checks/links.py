"""Which links of texts lead to no page of this site. Links to other sites are not followed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from urllib.parse import unquote

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.links.targets import FILES, Place, Target, internal, targets
from publishing.text.heading_ids import PAGE_IDS, PAGE_NUMBERS
from publishing.text.recordings import is_named_so

from ..models import Article
from ..models.uploads.in_texts import Uploads
from .findings import Finding
from .texts import Link, Text

_FOOTNOTES = ("fn", "fnref")
COLUMNS = {"article": ["contents"]}


class Links:
    """The internal links of several texts, looked up together: the queries of `targets`, and one if a link has an
    anchor that is no heading of its page.
    """

    def __init__(self, texts: Iterable[tuple[str, Text]], uploads: Uploads, known: Mapping[str, Place]):
        """`texts` are pairs of the address of a page and what is in its text; `uploads` those that they name; `known`
        says what stored links lead to.
        """
        self._uploads = uploads
        found = {_place(link.address, base) for base, text in texts for link in text.links} - {None}
        places = {place for place in found if not place[0].startswith(FILES)}
        self._targets = targets((path for path, _ in places), known, COLUMNS)
        self._in_html = self._anchors_in_html(places)

    def _anchors_in_html(self, places: set[tuple[str, str]]) -> set[tuple[int, str]]:
        """Pairs of an article and an anchor of it that is no heading but an `id` of its HTML."""
        wanted = set()
        for path, fragment in places:
            place = self._targets[path]
            if place.kind == "article" and place.row and not _is_heading(fragment, place.row):
                wanted.add((place.row["pk"], fragment))
        htmls = (
            dict(Article.objects.filter(pk__in={pk for pk, _ in wanted}).values_list("pk", "html")) if wanted else {}
        )
        return {(pk, name) for pk, name in wanted if f' id="{name}"' in htmls[pk]}

    def dead(self, base: str, text: Text, moment: datetime | None) -> Iterator[Finding]:
        """The links of one of the texts that lead nowhere for readers at `moment`, by default now."""
        for link in text.links:
            found = _place(link.address, base)
            if found is None:
                continue
            path, fragment = found
            if path.startswith(FILES):
                is_there = path.startswith(settings.STATIC_URL) or self._uploads.resolve(path)
                problem = None if is_there else _no_file(path)
            elif path == base or link.address.startswith("#"):
                yield from self._own(link, fragment, text)
                continue
            else:
                problem = self._problem(self._targets[path], moment or timezone.now())
            if problem:
                message = _("%(address)s: %(problem)s") % {"address": link.address[:200], "problem": problem}
                yield Finding("dead-link", message, line=link.line, about=link.address)
            elif self._lacks_anchor(path, fragment):
                yield _dead_anchor(link)

    def _own(self, link: Link, fragment: str, text: Text) -> Iterator[Finding]:
        is_footnote = fragment.rstrip("0123456789:") in _FOOTNOTES
        if fragment not in ("", "top", *text.anchors) and not PAGE_NUMBERS.fullmatch(fragment) and not is_footnote:
            yield _dead_anchor(link)

    def _problem(self, place: Target, moment: datetime) -> str | None:
        """What is wrong with the page itself, as a sentence."""
        if place.is_staff:
            return _("Readers cannot open this page. Link to the public one.")
        if place.is_public(moment):
            return None
        if place.row is None:
            return _("There is no such page on this site.")
        return _("Readers do not see this page, or not yet. Publish it first, or take the link out.")

    def _lacks_anchor(self, path: str, fragment: str) -> bool:
        place = self._targets.get(path)
        row = place.row if place and place.kind == "article" else None
        return bool(row) and not _is_heading(fragment, row) and (row["pk"], fragment) not in self._in_html


def _place(address: str, base: str) -> tuple[str, str] | None:
    """Path and anchor of an address of this site; None for others."""
    parts = internal(address, base)
    return parts and (parts.path, unquote(parts.fragment))


def _no_file(path: str) -> str:
    if is_named_so(path):
        return _("There is no such audio or video file.")
    return _("There is no such picture in the library.")


def _is_heading(fragment: str, row: dict) -> bool:
    """Whether a page has the anchor, as far as its headings and the page around them say."""
    if fragment in ("", "top") or fragment in PAGE_IDS or PAGE_NUMBERS.fullmatch(fragment):
        return True
    return any(heading["id"] == fragment for heading in row["contents"])


def _dead_anchor(link: Link) -> Finding:
    message = _("%(address)s: no heading of that page has this anchor.") % {"address": link.address[:200]}
    return Finding("dead-anchor", message, line=link.line, about=link.address)
