"""What a state does: the answer of every public route to everybody, by the function that decides requests. Pure."""

from dataclasses import dataclass
from functools import cache

from django.db.models import TextChoices
from django.urls import URLPattern, get_resolver
from django.utils.translation import gettext_lazy as _

from publishing.paths import is_staff_path

from ..decision import Situation, is_refused
from ..groups import ALWAYS, DESK, Group, group_of

METHODS = ("GET", "POST")
AS_USUAL, TO_SIGN_IN, FORBIDDEN, REFUSED = 200, 302, 403, 503


class Who(TextChoices):
    READERS = "readers", _("Readers")
    STAFF = "staff", _("Staff who may not pass")
    PASSING = "passing", _("Staff who may pass, testers with a link")


@dataclass(frozen=True)
class Route:
    """A named public route. One that `works` is open in every state, whatever its group.

    One that `is_silent` answers as usual while its group is read-only, and does nothing.
    """

    name: str
    group: str
    works: bool = False
    is_silent: bool = False


@cache
def routes() -> tuple[Route, ...]:
    """All named routes but those of staff."""
    return tuple(route for route in _routes(get_resolver().url_patterns, "", "/") if route.group != DESK)


def _routes(patterns, namespace, path):
    for pattern in patterns:
        below = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            view = pattern.callback
            kinds = [getattr(view, name, False) for name in ("works_in_maintenance", "is_silent_in_read_only")]
            # Those of the sign-in are for everybody.
            group = group_of(view) or (ALWAYS if is_staff_path(below) else Group.ARTICLES)
            yield Route(f"{namespace}{pattern.name}", group, *kinds)
        elif pattern.namespace != "admin":
            yield from _routes(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace, below)


def answer(route: Route, method: str, who: str, situation: Situation) -> int:
    """`REFUSED`, or `AS_USUAL` for what the route answers while the state is off."""
    is_silent = route.is_silent and situation.is_read_only_for(route.group)
    is_open = route.works or is_silent or who == Who.PASSING
    return REFUSED if not is_open and is_refused(route.group, method, situation) else AS_USUAL


def answer_of_desk(who: str) -> int:
    """What the pages about maintenance in the admin answer, in every state."""
    return {Who.READERS: TO_SIGN_IN, Who.STAFF: FORBIDDEN, Who.PASSING: AS_USUAL}[Who(who)]


@dataclass(frozen=True)
class Cell:
    who: str
    method: str
    now: int
    then: int

    @property
    def is_changed(self) -> bool:
        return self.now != self.then


@dataclass(frozen=True)
class Row:
    """Routes that all answer alike, with what changes for whom."""

    group: str
    label: str
    names: tuple[str, ...]
    cells: tuple[Cell, ...]
    # Whether other routes of the group answer otherwise, and are more.
    is_exception: bool = False

    @property
    def is_changed(self) -> bool:
        return any(cell.is_changed for cell in self.cells)

    def people(self) -> list[tuple[str, list[Cell]]]:
        """The cells of each kind of people, under its name."""
        return [(who.label, [cell for cell in self.cells if cell.who == who]) for who in Who]


def table(now: Situation, then: Situation) -> list[Row]:
    """Rows for each group, for what is open in every state, and for the pages about maintenance in the admin.

    A group has more than one if not all of its routes answer alike.
    """
    rows = []
    for group in Group:
        rows += _rows(group, group.label, [route for route in routes() if route.group == group], now, then)
    others = [route for route in routes() if route.group not in Group.values]
    rows += _rows(ALWAYS, _("Open in every state"), others, now, then)
    pages = [Cell(who, method, answer_of_desk(who), answer_of_desk(who)) for who in Who for method in METHODS]
    return [*rows, Row(DESK, _("Maintenance in the admin"), (), tuple(pages))]


def _rows(group, label, members, now, then) -> list[Row]:
    names: dict[tuple[Cell, ...], list[str]] = {}
    for route in members:
        cells = [
            Cell(who, method, answer(route, method, who, now), answer(route, method, who, then))
            for who in Who
            for method in METHODS
        ]
        names.setdefault(tuple(cells), []).append(route.name)
    found = sorted(names.items(), key=lambda item: -len(item[1]))
    return [
        Row(str(group), label, tuple(sorted(each)), cells, is_exception=number > 0)
        for number, (cells, each) in enumerate(found)
    ]
