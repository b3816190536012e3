"""A published address never dies: what moved leaves a redirect, and what came from elsewhere keeps its old one."""

from urllib.parse import unquote, urlsplit

from django.http import HttpResponsePermanentRedirect

from . import changes
from .models import Redirect
from .staff import is_staff_space

_all = changes.Memo(lambda: dict(Redirect.objects.values_list("old_path", "new_path")), default=dict)


def path_of(address: str) -> str:
    """The path of an address in its plain form: decoded, one leading slash, no trailing slash, no query."""
    return "/" + unquote(urlsplit(address).path).strip("/")


def normal_path(address: str) -> str:
    """The path of an address as redirects are stored.

    Raises ValueError for an address without a path or longer than a stored path may be.
    """
    path = path_of(address)
    limit = Redirect._meta.get_field("old_path").max_length
    if path == "/" or len(path) > limit:
        raise ValueError(f"“{address[:80]}” has no path that a redirect could start from (1 to {limit} characters)")
    return path


def leave(old: str, new: str) -> None:
    """Answer `old` with a permanent redirect to `new` from now on. Costs four queries.

    Chains are shortened to one hop, and a redirect away from `new` is dropped, so renaming A to B to A leaves no loop.
    """
    old_path, new_path = normal_path(old), new
    if old_path == path_of(new):
        return
    Redirect.objects.filter(old_path=path_of(new)).delete()
    Redirect.objects.filter(new_path__in=[old, old_path]).update(new_path=new_path)
    Redirect.objects.update_or_create(old_path=old_path, defaults={"new_path": new_path})
    changes.announce()


class RedirectOldAddresses:
    """Middleware: where nothing is found, look whether something used to be there. Asks no database while unchanged."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD") or is_staff_space(request):
            return response
        new_path = _all.get().get("/" + request.path_info.strip("/"))
        if not new_path:
            return response
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{new_path}?{query}" if query else new_path)
