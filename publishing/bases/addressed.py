"""A published address never dies: what moved is redirected, what was withdrawn answers 410.

Each app registers in its `urls.py` the URLs of a model: the page of a row and those below it. One `Redirect` of the
page then covers all of them.
"""

from collections.abc import Callable, Iterable
from functools import cache

from django.apps import apps
from django.db import models, router, transaction
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext_lazy as _

from ..cache import pages
from ..models import WITHDRAWN, Redirect
from ..paths import is_staff_space, path_of
from ..text.fields import SlugField
from ..web import redirects
from ..web.same_origin import SAFE_METHODS
from ..web.sent_forms import typed_text
from . import sitemaps
from .shown import Shown, differs

# --- registered URLs ----------------------------------------------------------------------------

# kind (model name) → URL name of its page, which takes a slug and nothing else
_pages: dict[str, str] = {}
# URL name that takes such a slug → kind
registered: dict[str, str] = {}
# kind → functions that return further addresses of a row, which do not contain its slug
_without_slug: dict[str, list[Callable]] = {}
# functions that are called with a row that got an address, and the one that it had before (None: it is new)
_followers: list[Callable] = []


def register(kind: str, page: str, *below: str) -> None:
    """Register the URL names of a kind: its page and those below it."""
    _pages[kind] = page
    register_below(kind, page, *below)


def register_below(kind: str, *below: str, without_slug: Callable | None = None) -> None:
    """More URL names below a page; `without_slug(row)` returns addresses that are withdrawn with it but never move."""
    registered.update(dict.fromkeys(below, kind))
    if without_slug:
        _without_slug.setdefault(kind, []).append(without_slug)


def when_moved(function: Callable) -> Callable:
    """Decorate what else follows when a row gets an address, in the transaction that stores it."""
    _followers.append(function)
    return function


def page_name(kind: str) -> str:
    """The URL name of its page."""
    return _pages[kind]


def page_of(kind: str, slug: str) -> str:
    return reverse(_pages[kind], args=[slug])


@cache
def model_of(kind: str) -> type["Addressed"]:
    return next(model for model in apps.get_models() if issubclass(model, Addressed) and model._meta.model_name == kind)


# --- responses -----------------------------------------------------------------------------------


class Gone(Http404):
    """Raised for what was withdrawn. The argument is a sentence for readers."""


_GONE = {
    "article": _("This article was withdrawn"),
    "author": _("This author was withdrawn"),
    "category": _("This category was withdrawn"),
    "page": _("This page was withdrawn"),
    "quiz": _("This quiz was withdrawn"),
    "series": _("This series was withdrawn"),
    "tag": _("This tag was withdrawn"),
}


def gone(request, sentence: str = ""):
    """Status 410, with what was typed into a form."""
    match = request.resolver_match
    kind = registered.get(match.view_name, "page") if match else "page"
    context = {"title": _GONE.get(kind, _GONE["page"]), "sentence": sentence, "typed": typed_text(request)}
    return render(request, "410.html", context, status=410)


def _below(match, kind, page: str) -> str | None:
    """The URL of `match` below another page of its kind; None if `page` is not one."""
    try:
        moved = resolve(page)
    except Resolver404:
        return None
    return reverse(match.view_name, kwargs=match.kwargs | moved.kwargs) if moved.view_name == _pages[kind] else None


def _moved_page(match) -> str | None:
    """The address now of the page that `match` is of or below, `WITHDRAWN`, or None."""
    kind = registered.get(match.view_name) if match else None
    return redirects.target(path_of(page_of(kind, match.kwargs["slug"]))) if kind else None


def moved_to(match, path: str, query: str = "") -> str | None:
    """Where an address that leads to no page is redirected, `WITHDRAWN`, or None. No query while nothing has changed.

    `match` is what the path resolves to, None if to nothing.
    """
    page = _moved_page(match)
    if page is None:
        # At the root, the query may be a part of the address.
        return redirects.target(path_of(f"/?{query}") if path == "/" else path)
    is_below = page != WITHDRAWN and match.view_name != _pages[registered[match.view_name]]
    return _below(match, registered[match.view_name], page) if is_below else page


class OldAddresses(MiddlewareMixin):
    """Middleware: answers a 404 from the stored redirects. No query while nothing has changed.

    A GET is redirected. A POST is handled as if it had been sent to the new address, so that no text is lost.
    """

    def process_response(self, request, response):
        if response.status_code != 404 or is_staff_space(request):
            return response
        # For a CDN; the page store has only pages that exist.
        pages.cacheable(request, Redirect.NAME)
        match, is_read = request.resolver_match, request.method in SAFE_METHODS
        sent = request.META.get("QUERY_STRING", "")
        if not is_read and (page := _moved_page(match)):
            return self._forward(request, _below(match, registered[match.view_name], page))
        target = moved_to(match, request.path_info, sent)
        if target == WITHDRAWN:
            return gone(request)
        if target is None or not is_read:
            return response
        query = "" if request.path_info == "/" else request.META.get("publishing.query", sent)
        return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)

    def _forward(self, request, address):
        """The response of the new address; 410 if there is none."""
        tried = getattr(request, "old_paths", frozenset()) | {request.path_info}
        if address is None or address in tried:
            return gone(request)
        request.old_paths = tried
        request.path = request.path_info = address
        return self(request)

    def process_exception(self, request, exception):
        return gone(request, str(exception)) if isinstance(exception, Gone) else None


# --- models --------------------------------------------------------------------------------------


class AddressedQuerySet(models.QuerySet):
    """Updates the redirects when many rows are updated or deleted."""

    def locked(self):
        """In a transaction: rows that nothing else changes before its end. Others may refer to them meanwhile."""
        return self.select_for_update(no_key=True)

    def update(self, **values):
        changed = {self.model._meta.get_field(name).attname for name in values} & self.model.compared_fields()
        if not changed:
            return super().update(**values)
        with transaction.atomic(self.db):
            before = self._in_bulk(self.values_list("pk", flat=True), changed)
            number = super().update(**values)
            pairs = [(before[pk], row) for pk, row in self._in_bulk(before, changed).items()]
            if changed & set(self.model.ADDRESS_FIELDS):
                update_redirects(pairs)
            self.model.invalidate(pairs)
        return number

    update.alters_data = True

    def delete(self):
        with transaction.atomic(router.db_for_write(self.model)):
            rows = self._in_bulk(self.values_list("pk", flat=True)).values()
            addresses = [address for row in rows for address in row.public_addresses()]
            self.model.invalidate((row, None) for row in rows)
            result = super().delete()
            redirects.withdraw(*addresses)
        return result

    delete.alters_data = True
    delete.queryset_only = True

    def _in_bulk(self, keys, fields=()):
        # Locked, so that a row that is compared with what it was is still that.
        rows = self.model._base_manager.select_for_update(no_key=True).only(*self.model.ALSO_READ, *fields)
        return rows.in_bulk(list(keys))


def update_redirects(pairs) -> None:
    """Store what became of the addresses of rows, each as it was stored (None if new) and as it is now."""
    withdrawn, published = [], []
    for before, row in pairs:
        address, was_public = row.get_absolute_url(), before is not None and before.is_published
        if before is not None and before.slug != row.slug:
            old = before.get_absolute_url()
            was_public = was_public or redirects.is_withdrawn(old)
            if was_public:
                redirects.leave(old, address)
        if before is None or before.slug != row.slug:
            for function in _followers:
                function(row, before and before.get_absolute_url())
        if row.is_published:
            # At every save: a scheduled row is published by the clock, which stores nothing.
            published.append(address)
        elif was_public:
            withdrawn.append(address)
    redirects.withdraw(*withdrawn)
    redirects.reopen(*published)


class Addressed(Shown):
    """A row with a page. When its slug changes, the old address redirects; when it is unpublished, it answers 410."""

    # What decides about the address and whether it is public.
    ALSO_READ = ADDRESS_FIELDS = ("slug",)
    # What the sitemap shows.
    SITEMAP_FIELDS: tuple[str, ...] = ("slug",)

    slug = SlugField(max_length=200, unique=True)

    objects = AddressedQuerySet.as_manager()

    class Meta:
        abstract = True
        # Without a slug, every list that links to it would fail.
        constraints = [models.CheckConstraint(condition=~models.Q(slug=""), name="%(class)s_has_slug")]

    def save(self, *args, stored=None, **kwargs):
        """Save and update the redirects. Pass `stored`, the row as it was stored, to save a query."""
        with transaction.atomic():
            before = stored or self.as_stored()
            super().save(*args, stored=before, **kwargs)
            update_redirects([(before, self)])

    def delete(self, *args, **kwargs):
        stored = self.as_stored()
        with transaction.atomic():
            addresses = stored.public_addresses() if stored else []
            result = super().delete(*args, **kwargs)
            redirects.withdraw(*addresses)
        return result

    @classmethod
    def changed_names(cls, before, after):
        """With the file of the sitemap that lists the row, and its index if a file may be added or removed."""
        names = super().changed_names(before, after)
        if differs(before, after, *cls.SITEMAP_FIELDS):
            names.add(sitemaps.page_name(cls, (after or before).pk))
        return names | {"sitemap"} if before is None or after is None else names

    def public_addresses(self) -> Iterable[str]:
        """The addresses that answer 410 once it is deleted: none if it was never published."""
        address = self.get_absolute_url()
        if not self.is_published and not redirects.is_withdrawn(address):
            return []
        others = _without_slug.get(self._meta.model_name, ())
        return [address, *(other for function in others for other in function(self))]
