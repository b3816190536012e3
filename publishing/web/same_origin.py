"""Protection of forms without a token: a write must come from a page of this site, by `Sec-Fetch-Site` or `Origin`."""

from django.conf import settings

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def _is_ours(origin: str, request) -> bool:
    return origin in (settings.SITE_URL, f"{request.scheme}://{request.get_host()}")


def is_same_origin(request) -> bool:
    """Whether a request comes from a page of this site; always for methods that change nothing.

    `Sec-Fetch-Site: same-origin` passes, and `none` (typed or bookmarked) unless `Origin` is foreign. Without the
    header, `Origin` must be ours. A request without both does not pass.
    """
    if request.method in SAFE_METHODS:
        return True
    site, origin = request.META.get("HTTP_SEC_FETCH_SITE"), request.META.get("HTTP_ORIGIN")
    if site is None:
        return origin is not None and _is_ours(origin, request)
    return site == "same-origin" or (site == "none" and (origin is None or _is_ours(origin, request)))
