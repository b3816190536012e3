"""Paths of this site as they are stored and compared, and which belong to the admin."""

from urllib.parse import unquote, urlsplit

MAX_LENGTH = 400


def path_of(address: str) -> str:
    """The path of an address: decoded, one leading slash, no trailing slash, no query."""
    return "/" + unquote(urlsplit(address).path).strip("/")


def stored_path(address: str) -> str:
    """`path_of(address)`. Raises ValueError for an address without a path, or with one over `MAX_LENGTH` characters."""
    path = path_of(address)
    if path == "/" or len(path) > MAX_LENGTH:
        raise ValueError(f"“{address[:80]}” is not a path of 1 to {MAX_LENGTH} characters.")
    return path


def is_staff_space(request) -> bool:
    """Whether the request is for the admin."""
    return request.path_info == "/admin" or request.path_info.startswith("/admin/")
