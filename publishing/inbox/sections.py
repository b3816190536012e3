"""The sections of the inbox. Each app registers its own in its module or package `inbox`, imported at the start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Rows of a section. More are counted up to a limit, which bounds what a section costs.
SHOWN, COUNTED = 10, 100


@dataclass(frozen=True)
class Button:
    """A form that posts nothing but the token to `url`."""

    label: str
    url: str


@dataclass(frozen=True)
class Row:
    """A line of a section. `heading` is above all rows that have it one after the other: a day."""

    title: str
    url: str
    facts: str = ""
    note: str = ""
    heading: str = ""
    button: Button | None = None


@dataclass(frozen=True)
class Section:
    """What waits of one kind. Those with a smaller `place` come first; `is_aside` ones stand in the narrow column.

    `url` leads to all of them. Of what `is_asked` of the person, the greeting says the number; `said` is added to it.
    `template` shows `context` instead of the rows.
    """

    name: str
    title: str
    place: int
    number: int = 0
    rows: list[Row] = field(default_factory=list)
    url: str = ""
    is_asked: bool = False
    is_aside: bool = False
    said: str = ""
    template: str = ""
    context: dict = field(default_factory=dict)

    @property
    def words(self) -> str:
        return f"{COUNTED}+" if self.number > COUNTED else str(self.number)


# What an account is shown. Returns nothing for what it may not see, or what is empty.
Source = Callable[[HttpRequest], Iterable[Section]]
_SOURCES: list[Source] = []


def source(function: Source) -> Source:
    """Decorate what makes sections of an app for whoever asks, in a number of queries that depends on no rows."""
    _SOURCES.append(function)
    return function


@dataclass(frozen=True)
class Inbox:
    main: list[Section]
    aside: list[Section]

    @property
    def greeting(self) -> str:
        """How much waits, and what is to come, in short sentences."""
        numbers = [section.number for section in self.main if section.is_asked]
        number = sum(numbers)
        if any(one > COUNTED for one in numbers):
            words = _("More than %(number)s things wait for you.") % {"number": COUNTED}
        elif number:
            words = ngettext("One thing waits for you.", "%(number)s things wait for you.", number)
            words = words % {"number": number}
        else:
            words = _("Nothing waits for you.")
        return " ".join([words, *(section.said for section in self.main if section.said)])


def inbox_of(request: HttpRequest) -> Inbox:
    """All sections that are not empty, for the account of a request."""
    found = sorted((one for source in _SOURCES for one in source(request)), key=lambda section: section.place)
    return Inbox([one for one in found if not one.is_aside], [one for one in found if one.is_aside])
