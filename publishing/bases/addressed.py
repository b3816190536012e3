"""A published address never dies: what moved is redirected, and what was withdrawn says so (410).

Each app registers in its `urls.py` which addresses belong to one thing: its page, and those below it. One row for the
page (publishing/web/redirects.py) then holds for all of them.
"""

from collections.abc import Callable, Iterable

from django.db import models, router, transaction
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse

from ..cache.models import Invalidating
from ..models import WITHDRAWN
from ..paths import is_staff_space
from ..web import redirects
from ..web.same_origin import SAFE_METHODS
from ..web.sent_forms import typed_text

# --- what is below what -------------------------------------------------------------------------

# kind (the name of a model) → name of the URL of its page, which takes a slug and nothing else
_pages: dict[str, str] = {}
# name of a URL that takes such a slug → kind
_kinds: dict[str, str] = {}
# kind → functions that name the addresses which die with a thing, and have no slug of it
_without_slug: dict[str, list[Callable]] = {}


def register(kind: str, page: str, *below: str) -> None:
    """The page of a kind of thing and the addresses below it, by the names of their URLs."""
    _pages[kind] = page
    register_below(kind, page, *below)


def register_below(kind: str, *below: str, without_slug: Callable | None = None) -> None:
    """More addresses that move and go with a thing of this kind; `without_slug(thing)` yields those that only go."""
    _kinds.update(dict.fromkeys(below, kind))
    if without_slug:
        _without_slug.setdefault(kind, []).append(without_slug)


def registered() -> dict[str, str]:
    """The kind of each registered name of a URL."""
    return dict(_kinds)


# --- what readers are answered -------------------------------------------------------------------


class Gone(Http404):
    """What is asked for was public and is not any more. The argument is a sentence that says so."""


def gone(request, sentence: str = ""):
    """Status 410: a page that says that this was withdrawn, and gives back what was typed into a form."""
    match = request.resolver_match
    kind = _kinds.get(match.view_name, "page") if match else "page"
    context = {"kind": kind, "sentence": sentence, "typed": typed_text(request)}
    return render(request, "410.html", context, status=410)


def _below(match, kind, page: str) -> str | None:
    """The address that `match` is about, below another page of its kind; None if `page` is none."""
    try:
        moved = resolve(page)
    except Resolver404:
        return None
    return reverse(match.view_name, kwargs=moved.kwargs) if moved.view_name == _pages[kind] else None


class OldAddresses:
    """Middleware: where nothing is found, look whether something used to be there. Asks no database while unchanged.

    A GET is redirected. A POST to something that was renamed is answered as if it had come to the new address, so that
    nothing that a reader wrote gets lost on the way.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404 or is_staff_space(request):
            return response
        match, is_read = request.resolver_match, request.method in SAFE_METHODS
        kind = _kinds.get(match.view_name) if match else None
        page = redirects.target(reverse(_pages[kind], kwargs=match.kwargs)) if kind else None
        target = redirects.target(request.path_info) if page is None else page
        if target == WITHDRAWN:
            return gone(request)
        if page and not is_read:
            return self._sent_on(request, _below(match, kind, page))
        if page and match.view_name != _pages[kind]:
            target = _below(match, kind, page)
        if target is None or not is_read:
            return response
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)

    def _sent_on(self, request, address):
        """The answer of the new address to what was sent to the old one; where there is none, the text goes back."""
        tried = getattr(request, "old_paths", frozenset()) | {request.path_info}
        if address is None or address in tried:
            return gone(request)
        request.old_paths = tried
        request.path = request.path_info = address
        return self(request)

    def process_exception(self, request, exception):
        return gone(request, str(exception)) if isinstance(exception, Gone) else None


# --- what has an address -------------------------------------------------------------------------


class AddressedQuerySet(models.QuerySet):
    """Changes and deletes many without letting an address die."""

    def update(self, **values):
        if not values.keys() & set(self.model.ADDRESS_FIELDS):
            return super().update(**values)
        with transaction.atomic(self.db):
            before = self._in_bulk(self.values_list("pk", flat=True))
            number = super().update(**values)
            after = self._in_bulk(before)
            _settle([(before[pk], thing) for pk, thing in after.items()])
        return number

    update.alters_data = True

    def delete(self):
        with transaction.atomic(router.db_for_write(self.model)):
            things = self._in_bulk(self.values_list("pk", flat=True)).values()
            lost = [address for thing in things for address in thing.addresses_lost_with_it()]
            result = super().delete()
            redirects.withdraw(*lost)
        return result

    delete.alters_data = True
    delete.queryset_only = True

    def _in_bulk(self, keys):
        return self.model._base_manager.only(*self.model.ADDRESS_FIELDS).in_bulk(list(keys))


def _settle(pairs) -> None:
    """Write down what became of the addresses of things: (as it was stored, as it is now), None for a new thing."""
    lost, found = [], []
    for before, thing in pairs:
        address, was_public = thing.get_absolute_url(), before is not None and before.is_published
        if before is not None and before.slug != thing.slug:
            old = before.get_absolute_url()
            was_public = was_public or redirects.is_withdrawn(old)
            if was_public:
                redirects.leave(old, address)
        if not thing.is_published:
            lost += [address] if was_public else []
        else:
            # Each time: what was moved into the future went live by the clock, which wrote nothing.
            found.append(address)
    redirects.withdraw(*lost)
    redirects.reopen(*found)


class Addressed(Invalidating):
    """Something with a page of its own. When its slug changes, the old address leads to the new one; when readers may
    not see it any more, its address says that it was withdrawn."""

    # What says under which address it is, and whether readers find it there.
    ADDRESS_FIELDS = ("slug",)

    slug = models.SlugField(max_length=200, unique=True)

    objects = AddressedQuerySet.as_manager()

    class Meta:
        abstract = True
        # Without one there is no address, and every list that it stands in would fail.
        constraints = [models.CheckConstraint(condition=~models.Q(slug=""), name="%(class)s_has_slug")]

    def save(self, *args, stored=None, **kwargs):
        """Save, and settle what becomes of the address. One query more, two without `stored`, the row as it is."""
        with transaction.atomic():
            before = stored or self._as_stored()
            super().save(*args, **kwargs)
            _settle([(before, self)])

    def delete(self, *args, **kwargs):
        stored = self._as_stored()
        with transaction.atomic():
            lost = stored.addresses_lost_with_it() if stored else []
            result = super().delete(*args, **kwargs)
            redirects.withdraw(*lost)
        return result

    @property
    def is_published(self) -> bool:
        """Whether readers find it now."""
        return True

    def _as_stored(self):
        if self._state.adding:
            return None
        return type(self)._base_manager.only(*self.ADDRESS_FIELDS).filter(pk=self.pk).first()

    def addresses_lost_with_it(self) -> Iterable[str]:
        """The public addresses that are gone when it is deleted: none if readers never saw it."""
        address = self.get_absolute_url()
        if not self.is_published and not redirects.is_withdrawn(address):
            return []
        others = _without_slug.get(self._meta.model_name, ())
        return [address, *(other for function in others for other in function(self))]
