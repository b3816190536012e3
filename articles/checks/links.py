"""Which links of texts lead to no page of this site. Links to other sites are not followed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from publishing.bases import addressed
from publishing.bases.publishable import Publishable
from publishing.text.heading_ids import PAGE_IDS, PAGE_NUMBERS
from publishing.web import redirects

from ..models import Article
from ..models.images import keys_in
from .findings import Finding
from .texts import Link, Text

_FOOTNOTES = ("fn", "fnref")
_STAFF = ("/admin/", "/preview/")
_FILES = (settings.MEDIA_URL, settings.STATIC_URL)
_SITE = urlsplit(settings.SITE_URL)


@dataclass(frozen=True)
class Target:
    """What an address of this site leads to: a row if `kind` is set, else a page without one if `is_found`."""

    fragment: str
    path: str
    kind: str = ""
    slug: str = ""
    is_found: bool = True
    is_staff: bool = False


def internal(address: str, base: str) -> tuple[str, str] | None:
    """Path and fragment of an address of this site that stands in the page `base`; None for others."""
    try:
        parts = urlsplit(urljoin(f"{settings.SITE_URL}{base}", address.strip()))
    except ValueError:
        return None
    return (parts.path or "/", unquote(parts.fragment)) if (parts.netloc, parts.scheme) in _HOSTS else None


# An address without a scheme has that of the page.
_HOSTS = {(_SITE.netloc, "http"), (_SITE.netloc, "https")}


def _match(path: str) -> ResolverMatch | None:
    path = unquote(path)
    for tried in (path, f"{path}/") if settings.APPEND_SLASH and not path.endswith("/") else (path,):
        try:
            return resolve(tried)
        except Resolver404:
            continue
    return None


def target(path: str, fragment: str) -> Target:
    """What the path leads to, by way of the stored redirects. No query while no redirect has changed."""
    if path.startswith(_STAFF):
        return Target(fragment, path, is_staff=True)
    match = _match(path)
    if match is None:
        moved = redirects.target(path)
        match = _match(urlsplit(moved).path) if moved else None
        if match is None:
            return Target(fragment, path, is_found=False)
    kind = addressed.registered.get(match.view_name, "")
    return Target(fragment, path, kind, match.kwargs["slug"] if kind else "")


class Links:
    """The internal links of several texts, looked up together: one query for each kind of page, one more of each kind
    for pages that have moved, and one if a link has an anchor that is no heading of its page.
    """

    def __init__(self, texts: Iterable[tuple[str, Text]], picture_keys: set[str]):
        """`texts` are pairs of the address of a page and what is in its text; `picture_keys` those of the library."""
        self._picture_keys = picture_keys
        found = {internal(link.address, base) for base, text in texts for link in text.links} - {None}
        self._targets = {place: target(*place) for place in found if not place[0].startswith(_FILES)}
        self._rows: dict[tuple[str, str], dict] = {}
        self._read(self._targets.values())
        missing = {place: one for place, one in self._targets.items() if one.kind and not self._row(one)}
        moved = {place: new for place, one in missing.items() if (new := self._moved(one))}
        self._targets |= moved
        self._read(moved.values())
        self._in_html = self._anchors_in_html()

    def _read(self, targets: Iterable[Target]) -> None:
        slugs: dict[str, set[str]] = defaultdict(set)
        for place in targets:
            if place.kind and not self._row(place):
                slugs[place.kind].add(place.slug)
        for kind, wanted in slugs.items():
            model = addressed.model_of(kind)
            fields = ["pk", "slug", *(("status", "published_at") if issubclass(model, Publishable) else ())]
            rows = model._default_manager.filter(slug__in=wanted).values(
                *fields, *(["contents"] if model is Article else [])
            )
            self._rows |= {(kind, row["slug"]): row for row in rows}

    @staticmethod
    @staticmethod
    def _moved(place: Target) -> Target | None:
        moved = redirects.target(addressed.page_of(place.kind, place.slug))
        return target(urlsplit(moved).path, place.fragment) if moved else None

    def _row(self, place: Target) -> dict | None:
        return self._rows.get((place.kind, place.slug))

    def _anchors_in_html(self) -> set[tuple[int, str]]:
        """Pairs of an article and an anchor of it that is no heading but an `id` of its HTML."""
        wanted = set()
        for place in self._targets.values():
            row = self._row(place)
            if place.kind == "article" and row and not _is_heading(place.fragment, row):
                wanted.add((row["pk"], place.fragment))
        htmls = (
            dict(Article.objects.filter(pk__in={pk for pk, _ in wanted}).values_list("pk", "html")) if wanted else {}
        )
        return {(pk, name) for pk, name in wanted if f' id="{name}"' in htmls[pk]}

    def dead(self, base: str, text: Text, moment: datetime | None) -> Iterator[Finding]:
        """The links of one of the texts that lead nowhere for readers at `moment`, by default now."""
        for link in text.links:
            found = internal(link.address, base)
            if found is None:
                continue
            path, fragment = found
            if path.startswith(_FILES):
                is_there = path.startswith(settings.STATIC_URL) or keys_in(path) & self._picture_keys
                problem = None if is_there else "There is no such picture in the library."
            elif path == base or link.address.startswith("#"):
                yield from self._own(link, fragment, text)
                continue
            else:
                problem = self._problem(self._targets[found], moment or timezone.now())
            if problem:
                yield Finding("dead-link", f"{link.address[:200]}: {problem}", line=link.line, about=link.address)
            elif self._lacks_anchor(found):
                yield _dead_anchor(link)

    def _own(self, link: Link, fragment: str, text: Text) -> Iterator[Finding]:
        is_footnote = fragment.rstrip("0123456789:") in _FOOTNOTES
        if fragment not in ("", "top", *text.anchors) and not PAGE_NUMBERS.fullmatch(fragment) and not is_footnote:
            yield _dead_anchor(link)

    def _problem(self, place: Target, moment: datetime) -> str | None:
        """What is wrong with the page itself, as a sentence."""
        if place.is_staff:
            return "Readers cannot open this page. Link to the public one."
        row = self._row(place)
        if place.is_found and not place.kind:
            return None
        if row is None:
            return "There is no such page on this site."
        if "status" in row and (row["status"] != "published" or row["published_at"] > moment):
            return "Readers do not see this page, or not yet. Publish it first, or take the link out."
        return None

    def _lacks_anchor(self, found: tuple[str, str]) -> bool:
        place = self._targets.get(found)
        row = self._row(place) if place and place.kind == "article" else None
        return bool(row) and not _is_heading(place.fragment, row) and (row["pk"], place.fragment) not in self._in_html


def _is_heading(fragment: str, row: dict) -> bool:
    """Whether a page has the anchor, as far as its headings and the page around them say."""
    if fragment in ("", "top") or fragment in PAGE_IDS or PAGE_NUMBERS.fullmatch(fragment):
        return True
    return any(heading["id"] == fragment for heading in row["contents"])


def _dead_anchor(link: Link) -> Finding:
    message = f"{link.address[:200]}: no heading of that page has this anchor."
    return Finding("dead-anchor", message, line=link.line, about=link.address)
