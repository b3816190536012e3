"""What makes a public page cacheable: no cookies, the names of what it shows, and how long it is valid.

A view calls `pages.cacheable(request, "article:7", "home", until=moment)`; other responses to GET are private. Code
that changes a row calls `pages.invalidate("article:7")`.
"""

import logging
from datetime import datetime, timedelta
from math import floor

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from ..paths import is_staff_space
from . import cdn, changes

logger = logging.getLogger(__name__)

# Lifetime in shared caches. Counts of views and hearts may be this old.
SHARED_SECONDS = 300
MISSING_SECONDS = 10
STALE_WHILE_REVALIDATE_SECONDS = 60


class PersonalPublicPage(Exception):
    """A page that must be the same for everyone tried to set a cookie."""


def cacheable(request, *names: str, until: datetime | None = None) -> None:
    """Make this page public if its status is 200. It shows what is named and changes by the clock at `until`.

    May be called several times; the earliest `until` in the future counts. Names are `kind:id` or a word (`home`).
    """
    request.shown_names = getattr(request, "shown_names", frozenset()) | set(names)
    changes_at(request, until)


def changes_at(request, moment: datetime | None) -> None:
    """Record that the page changes by the clock at `moment`, without making it public."""
    earliest = getattr(request, "shown_until", None)
    if moment and moment > timezone.now() and (earliest is None or moment < earliest):
        request.shown_until = moment


def invalidate(*names: str) -> None:
    """Invalidate the cached pages that show one of `names`, in all processes, after the transaction commits.

    With a CDN, one query: its copies are purged by a task.
    """
    logger.debug("invalidate %s", " ".join(names))
    changes.invalidate(*names)
    cdn.purge_later(names)


def withdraw(*names: str) -> None:
    """Invalidate pages that show what is no longer public: their last copies are never served again."""
    invalidate(*names, *map(changes.withdrawal_of, names))


def personal(view):
    """Mark a view whose response to GET belongs to one reader: it gets cookies and is never cached."""
    view.personal = True
    return view


def reads(*parameters: str):
    """Decorator of a view that reads these parameters of the query. On a public page, the view gets no others."""

    def decorate(view):
        view.query_parameters = frozenset(parameters)
        return view

    return decorate


def never_cached(view):
    """Mark a view whose responses are never stored: it gets the request as it was sent."""
    view.never_cached = True
    return view


def query_parameters(path: str) -> frozenset[str] | None:
    """The parameters that the view of a path (of the WSGI environment) reads; None if it is never cached."""
    try:
        view = resolve(path.encode("latin-1").decode("utf-8", "replace")).func
    except Resolver404:
        return None
    # Views of several kinds of list are partials.
    view = getattr(view, "func", view)
    if getattr(view, "personal", False) or getattr(view, "never_cached", False):
        return None
    return getattr(view, "query_parameters", frozenset())


def cache_control(request, status: int) -> str:
    """The Cache-Control value of a public response to GET."""
    valid_for = SHARED_SECONDS + STALE_WHILE_REVALIDATE_SECONDS
    if until := getattr(request, "shown_until", None):
        valid_for = max(0, min(valid_for, floor((until - timezone.now()) / timedelta(seconds=1))))
    # These have no names, and change with the state of the site.
    if status in (404, 410):
        return f"public, max-age=0, s-maxage={min(MISSING_SECONDS, valid_for)}"
    if status in (301, 308):
        return f"public, max-age=0, s-maxage={min(SHARED_SECONDS, valid_for)}"
    if status != 200 or not getattr(request, "shown_names", None):
        return "private, no-store"
    seconds = min(SHARED_SECONDS, valid_for)
    value = f"public, max-age=0, s-maxage={seconds}"
    # Never stale-if-error: a cache would hide that the site is closed.
    return value + (f", stale-while-revalidate={valid_for - seconds}" if valid_for > seconds else "")


class PublicPages(MiddlewareMixin):
    """Middleware: removes the cookies from requests for public pages, and sets how long a page may be cached."""

    def __call__(self, request):
        if is_staff_space(request):
            response = self.get_response(request)
            response.headers.setdefault("Cache-Control", "private, no-store")
            # jQuery and select2 of the admin build HTML from strings.
            response._csp_replace = {
                "require-trusted-types-for": None,
                "trusted-types": None,
                **(getattr(response, "_csp_replace", None) or {}),
            }
            return response
        # Readers have no session and no token; views that handle POST check the origin.
        request._dont_enforce_csrf_checks = True
        if request.method in ("GET", "HEAD"):
            request.cookie_header = request.META.pop("HTTP_COOKIE", "")
            response = self.get_response(request)
            if not getattr(request, "is_personal", False):
                self._finish_shared_page(request, response)
                return response
        else:
            response = self.get_response(request)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers.setdefault("X-Robots-Tag", "noindex")
        return response

    def process_view(self, request, view, args, kwargs):
        if getattr(view, "personal", False) and request.method in ("GET", "HEAD"):
            request.is_personal = True
            request.META["HTTP_COOKIE"] = request.cookie_header
            request.__dict__.pop("COOKIES", None)

    def _finish_shared_page(self, request, response):
        if response.cookies:
            message = f"{request.path} must be the same for everyone, but sets a cookie."
            if settings.STRICT_PUBLIC_PAGES:
                raise PersonalPublicPage(message)
            logger.error(message)
            response.cookies.clear()
        names = [name.strip() for name in response.get("Vary", "").split(",")]
        # Also if this response is not compressed: another one of this page may be.
        others = [name for name in names if name.lower() not in ("", "cookie", "accept-encoding")]
        response.headers["Vary"] = ", ".join([*others, "Accept-Encoding"])
        response.headers.setdefault("Cache-Control", cache_control(request, response.status_code))
        if names := getattr(request, "shown_names", None):
            cdn.add_headers(response, names)
