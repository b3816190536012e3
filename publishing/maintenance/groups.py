"""To which group of routes a path belongs, whatever it leads to."""

from django.conf import settings
from django.urls import Resolver404, resolve

from ..groups import ALWAYS, DESK, Group, group_of, in_group
from ..paths import is_staff_path

__all__ = ["ALWAYS", "DESK", "USUAL", "Group", "group_at", "group_of", "in_group"]

# Of a window that names no groups.
USUAL = frozenset(Group) - {Group.QUIZZES}

# No route has more segments, which bounds the cost of an address of thousands of them.
MOST_SEGMENTS = 8


def group_at(path: str) -> str:
    """The group of a decoded path: of the longest beginning, in whole segments, at which there is a view.

    So `/quizzes-evil`, `/QUIZZES` and `//quizzes` are not in the group of `/quizzes/`, whose slash may be missing at
    the end. A path with `.` or `..` as a segment belongs to no part of the site: it is in the group of the home page.
    """
    segments = path.split("/")
    if {".", ".."} & set(segments):
        return Group.ARTICLES
    if is_staff_path(path):
        return DESK
    if any(len(url) > 1 and path.startswith(url) for url in (settings.STATIC_URL, settings.MEDIA_URL)):
        return ALWAYS
    if len(segments) <= MOST_SEGMENTS and (group := _declared(path)):
        return group
    for number in range(min(len(segments), MOST_SEGMENTS) - 1, 0, -1):
        if group := _declared("/".join(segments[:number]) + "/"):
            return group
    return Group.ARTICLES


def _declared(path: str) -> str | None:
    """What the view at a path declares. Without a view, that at the same path with a slash, where visitors are sent."""
    for address in (path, f"{path}/"):
        try:
            return group_of(resolve(address).func)
        except Resolver404:
            if path.endswith("/"):
                break
    return None
