"""What is typed on the command line about maintenance. Each function raises ArgumentTypeError."""

import re
from argparse import ArgumentTypeError
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from ..groups import Group
from ..moments import in_zone

_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def duration(text: str) -> timedelta:
    """ "2h", "30m", "1d" or "1h30m" as a length of time."""
    parts = re.findall(r"([0-9]{1,4})([dhm])", text, re.ASCII)
    length = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    if not length or "".join(number + unit for number, unit in parts) != text:
        raise ArgumentTypeError(f"“{text}” is not a duration. Use 30m, 2h, 1d or 1h30m.")
    return length


def notice(text: str) -> timedelta:
    """A duration, or "0" for none."""
    return timedelta() if text == "0" else duration(text)


def moment(text: str) -> datetime:
    """An ISO 8601 date and time; without an offset it is in the site's time zone.

    A time that the clocks skip is refused, and so is one that they show twice, if it has no offset.
    """
    try:
        typed = datetime.fromisoformat(text)
    except ValueError as error:
        example = "2026-11-22T14:30 or 2026-11-22T14:30+01:00"
        raise ArgumentTypeError(f"“{text}” is not a date and time. Use {example}.") from error
    if timezone.is_aware(typed):
        return typed
    try:
        return in_zone(typed)
    except ValidationError as error:
        ask = " Enter it with its offset, such as 02:30+01:00." if error.code == "fold" else ""
        raise ArgumentTypeError(f"{error.messages[0]}{ask}") from error


def groups(text: str) -> list[str]:
    """Names of groups of routes with commas between them."""
    names = text.split(",")
    if unknown := [name for name in names if name not in Group.values]:
        known = ", ".join(Group.values)
        raise ArgumentTypeError(f"“{unknown[0]}” is no group of routes. There are: {known}.")
    return names
