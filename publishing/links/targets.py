"""Which pages of this site addresses lead to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from publishing.bases import addressed
from publishing.bases.publishable import PUBLISHED, Publishable
from publishing.paths import path_of
from publishing.web import redirects

from . import routes

# Kind and key of a row with a page; without a key none is known.
Place = tuple[str, int | None]
FILES = (settings.MEDIA_URL, settings.STATIC_URL)
_STAFF = ("/admin/", "/preview/")
_SITE = urlsplit(settings.SITE_URL)
# An address without a scheme has that of the page.
_HOSTS = {(scheme, _SITE.netloc.lower()) for scheme in ("http", "https")}


@lru_cache(maxsize=2000)
def internal(address: str, base: str) -> SplitResult | None:
    """The parts of an address of this site, absolute or not, that stands in the page `base`; None for others."""
    try:
        parts = urlsplit(urljoin(f"{settings.SITE_URL}{base}", address.strip()))
    except ValueError:
        return None
    return parts._replace(path=parts.path or "/") if (parts.scheme, parts.netloc.lower()) in _HOSTS else None


@dataclass(frozen=True)
class Target:
    """What a path leads to: the page of a row if `kind` is set, else a page without one if `is_found`.

    `row` has `pk` and `slug`, and `status` and `published_at` if it can be published; None if there is no such row.
    """

    path: str
    kind: str = ""
    row: dict | None = None
    is_found: bool = True
    is_staff: bool = False
    match: ResolverMatch | None = None

    @property
    def slug(self) -> str:
        return self.match.kwargs["slug"]

    def is_public(self, moment: datetime) -> bool:
        """Whether readers can open it then."""
        if not self.kind:
            return self.is_found and not self.is_staff
        row = self.row or {"status": None}
        return "status" not in row or (row["status"] == PUBLISHED and row["published_at"] <= moment)

    def new_path(self, slug: str | None = None) -> str | None:
        """The path of that page now, if it is another one; `slug` is that of the row, if it is not stored yet."""
        slug = slug or (self.row and self.row["slug"])
        if slug is None or slug == self.slug:
            return None
        return reverse(self.match.view_name, kwargs=self.match.kwargs | {"slug": slug})


def _match(path: str) -> ResolverMatch | None:
    path = unquote(path)
    for tried in (path, f"{path}/") if settings.APPEND_SLASH and not path.endswith("/") else (path,):
        try:
            return resolve(tried)
        except Resolver404:
            continue
    return None


def _target(path: str) -> Target:
    if path.startswith(_STAFF):
        return Target(path, is_staff=True)
    match = _match(path)
    if match is None or match.view_name == routes.PAGE:
        moved = redirects.target(unquote(path))
        elsewhere = _match(urlsplit(moved).path) if moved else None
        # A page that has moved to another word is found by that redirect, too.
        if match is None or (elsewhere and elsewhere.view_name != routes.PAGE):
            match = elsewhere
    if match is None:
        return Target(path, is_found=False)
    return Target(path, addressed.registered.get(match.view_name, ""), match=match)


def targets(
    paths: Iterable[str],
    known: Mapping[str, Place] | None = None,
    columns: Mapping[str, list[str]] | None = None,
) -> dict[str, Target]:
    """What each path leads to: one query for each kind of page, and one more of each kind for pages that have moved.

    A page that has moved is found by its kind and key if `known` has them for the path (`path_of`), else by the stored
    redirects. `columns` are read of the rows of a kind besides.
    """
    found = {path: _target(path) for path in set(paths)}
    rows = _Rows(columns or {})
    rows.read("slug", ((one.kind, one.slug) for one in found.values() if one.kind))
    missing = [one for one in found.values() if one.kind and (one.kind, one.slug) not in rows.by_slug]
    keys = {one.path: place for one in missing if (place := (known or {}).get(path_of(one.path))) and place[1]}
    rows.read("pk", keys.values())
    moved = {one.path: _moved_slug(one) for one in missing if keys.get(one.path) not in rows.by_key}
    rows.read("slug", ((found[path].kind, slug) for path, slug in moved.items() if slug))
    for path, one in found.items():
        if one.kind:
            row = rows.by_key.get(keys.get(path)) or rows.by_slug.get((one.kind, moved.get(path) or one.slug))
            found[path] = Target(path, one.kind, row, match=one.match)
    return found


def _moved_slug(target: Target) -> str | None:
    """The slug that the page of a row has now, by the stored redirects."""
    moved = redirects.target(path_of(addressed.page_of(target.kind, target.slug)))
    match = _match(urlsplit(moved).path) if moved else None
    is_same_kind = match is not None and addressed.registered.get(match.view_name) == target.kind
    return match.kwargs["slug"] if is_same_kind else None


class _Rows:
    """Rows by kind and slug, and by kind and key."""

    def __init__(self, columns: Mapping[str, list[str]]):
        self.columns, self.by_slug, self.by_key = columns, {}, {}

    def read(self, name: str, wanted: Iterable[tuple[str, str | int]]) -> None:
        values = defaultdict(set)
        for kind, value in wanted:
            values[kind].add(value)
        for kind, some in values.items():
            model = addressed.model_of(kind)
            columns = ["pk", "slug", *(("status", "published_at") if issubclass(model, Publishable) else ())]
            rows = model._default_manager.filter(**{f"{name}__in": some}).values(*columns, *self.columns.get(kind, ()))
            for row in rows:
                self.by_slug[kind, row["slug"]] = self.by_key[kind, row["pk"]] = row
