"""Which words at the root of the site belong to its routes and files, so that no page may be there; and which lack a
slash.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from django.conf import settings
from django.middleware.common import CommonMiddleware
from django.urls import Resolver404, URLPattern, get_resolver, resolve

# The route of pages themselves, which stands behind all others.
PAGE = "pages:page"
_WORD = re.compile(r"\^?([\w.-]+)")


def is_taken(slug: str) -> bool:
    """Whether a route, static files or uploads have this word, or an address below it."""
    if slug.lower() in _first_words(settings.ROOT_URLCONF):
        return True
    return any(_view_name(path) not in ("", PAGE) for path in (f"/{slug}/", f"/{slug}"))


@cache
def _first_words(urlconf: str) -> frozenset[str]:
    files = {url.strip("/").split("/")[0] for url in (settings.STATIC_URL, settings.MEDIA_URL) if url.startswith("/")}
    return frozenset(files | set(_words(get_resolver(urlconf).url_patterns)))


def _words(patterns: Iterable) -> Iterator[str]:
    """The literal words with which routes begin."""
    for pattern in patterns:
        route = str(pattern.pattern)
        if route in ("", "^") and not isinstance(pattern, URLPattern):
            yield from _words(pattern.url_patterns)
        elif word := _WORD.match(route):
            yield word[1].lower()


def _view_name(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


class AppendSlash(CommonMiddleware):
    """Django's middleware, but a view that takes any word says by `has_page(**kwargs)` where a slash is missing."""

    def should_redirect_with_slash(self, request):
        if not super().should_redirect_with_slash(request):
            return False
        match = resolve(f"{request.path_info}/")
        has_page = getattr(match.func, "has_page", None)
        return has_page is None or has_page(**match.kwargs)
