"""The guard of forms that carry no token: a write must come from a page of ours.

The anonymous forms hold no authority worth forging, but a cross-site post must still store nothing. Browsers say
where a request comes from in `Sec-Fetch-Site`, and before that in `Origin`.
"""

from functools import wraps

from django.conf import settings

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def _is_ours(origin: str, request) -> bool:
    return origin in (settings.SITE_URL, f"{request.scheme}://{request.get_host()}")


def is_same_origin(request) -> bool:
    """Whether a request that changes something was made by one of our own pages.

    `Sec-Fetch-Site` decides where it is sent: `same-origin` passes; `none` (typed or bookmarked) passes when no
    foreign `Origin` is given; `same-site` and `cross-site` do not. Without it, `Origin` has to be ours. A request
    that says neither is refused.
    """
    if request.method in SAFE_METHODS:
        return True
    site, origin = request.META.get("HTTP_SEC_FETCH_SITE"), request.META.get("HTTP_ORIGIN")
    if site is None:
        return origin is not None and _is_ours(origin, request)
    return site == "same-origin" or (site == "none" and (origin is None or _is_ours(origin, request)))


def same_origin(view):
    """Decorate a view that anonymous readers post to: no token is asked for outside the admin, the origin is.

    The view runs either way and finds the verdict in `request.is_same_origin`, so that a refusal can keep the text.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        request.is_same_origin = is_same_origin(request)
        return view(request, *args, **kwargs)

    return guarded
