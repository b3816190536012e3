"""Paths of this site: of a row, as they are stored and compared, and which belong to the admin."""

import re
from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

MAX_LENGTH = 400
# A slug or a number, with which every path converter of ours agrees.
_PLAIN = re.compile(r"[-a-zA-Z0-9_]+").fullmatch
_KEY = "1234567890"


def url_of(name: str, key: str | int) -> str:
    """`reverse(name, args=[key])`, at a tenth of its cost for a slug or a number: pages link to many rows."""
    key = str(key)
    if not _PLAIN(key):
        return reverse(name, args=[key])
    before, after = _around_key(name)
    return f"{before}{key}{after}"


@cache
def _around_key(name: str) -> list[str]:
    # FORCE_SCRIPT_NAME says that no request has another prefix.
    return reverse(name, args=[_KEY]).split(_KEY)


# With these, the root of another system is the page of something else: /?p=123. The words are those of WordPress.
ROOT_PARAMETERS = ("p", "page_id", "cat", "tag", "author", "attachment_id")


def path_of(address: str) -> str:
    """The path of an address: decoded, one leading slash, no trailing slash, no query but one at the root.

    That one is of `ROOT_PARAMETERS`.
    """
    parts = urlsplit(address)
    path = "/" + unquote(parts.path).strip("/")
    if path != "/" or not parts.query:
        return path
    asked = dict(parse_qsl(parts.query))
    return next((f"/?{name}={asked[name]}" for name in ROOT_PARAMETERS if name in asked), path)


def stored_path(address: str) -> str:
    """`path_of(address)`. Raises ValueError for an address without a path, or with one over `MAX_LENGTH` characters."""
    path = path_of(address)
    if path == "/" or len(path) > MAX_LENGTH:
        message = _("“%(address)s” is not a path of 1 to %(most)s characters.")
        raise ValueError(message % {"address": address[:80], "most": MAX_LENGTH})
    return path


def is_staff_space(request) -> bool:
    """Whether the request is for the admin, or for a page with what only staff see of it."""
    return is_staff_path(request.path_info)


def is_staff_path(path: str) -> bool:
    return path == "/admin" or path.startswith(("/admin/", "/preview/slots/"))
