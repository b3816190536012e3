"""Dates in the forms that generators and people write."""

import re
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from dateutil import parser
from django.utils.translation import gettext as _

_NUMBERS = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?"
    r"(?:(?:\s*T\s*|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*"
    r"(Z|UTC|GMT|[+-]\d{1,2}:?\d{2}|[+-]\d{2})?\s*\Z",
    re.IGNORECASE,
)
_AMBIGUOUS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\b(.*)\Z", re.DOTALL)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?\Z|\d{12,13}\Z")
_NOISE = re.compile(r"(\d)(?:st|nd|rd|th)\b|\b(?:um|at|à|de|del|of|den)\b", re.IGNORECASE)
_MONTHS = {
    1: "januar janvier enero gennaio janeiro januari",
    2: "februar février fevrier febrero febbraio fevereiro februari",
    3: "märz maerz mars marzo março marco maart",
    4: "avril abril aprile",
    5: "mai mayo maggio maio mei",
    6: "juni juin junio giugno junho",
    7: "juli juillet julio luglio julho",
    8: "août aout agosto augustus",
    9: "septembre septiembre settembre setembro",
    10: "oktober octobre octubre ottobre outubro",
    11: "novembre noviembre novembro",
    12: "dezember décembre decembre diciembre dicembre dezembro",
}
_MONTH_OF = {word: number for number, words in _MONTHS.items() for word in words.split()}
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_ZONES |= {"CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "IST": 5.5, "JST": 9, "KST": 9, "WET": 0, "BST": 1}
_TZINFOS = {name: timezone(timedelta(hours=hours)) for name, hours in _ZONES.items()}
MOST_CHARACTERS = 100
CREATED_KEYS = ("created", "published", "date", "start", "value")


class NoDate(ValueError):
    """Not a date, or one that does not exist; the message says which."""


def read(value, zone: tzinfo, is_month_first: Callable[[], bool] = lambda: True) -> datetime | None:
    """The moment in UTC; None for an empty value. A day alone is its midnight in `zone`. Raises NoDate.

    `is_month_first` is asked for 03/04/2024, where it cannot be seen.
    """
    if isinstance(value, dict):
        value = next((value[key] for key in CREATED_KEYS if value.get(key)), None)
    if isinstance(value, list):
        value = value[0] if value else None
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        moment = _moment(value, is_month_first)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return moment.astimezone(UTC)
    except NoDate:
        raise
    except (ValueError, OverflowError, TypeError, KeyError) as error:
        raise NoDate(_("“%(value)s” is not a date, or one that does not exist") % {"value": str(value)[:40]}) from error


def _moment(value, is_month_first) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the caller knows the zone
    text = str(value).strip()
    if len(text) > MOST_CHARACTERS:
        raise NoDate(_("“%(text)s…” is not a date") % {"text": text[:40]})
    if numbers := _NUMBERS.match(text):
        return _of_numbers(numbers)
    if _EPOCH.match(text):
        seconds = float(text)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    if found := _AMBIGUOUS.match(text):
        return _of_three(found, is_month_first)
    if not re.search(r"\d", text):
        raise NoDate(_("“%(text)s” is not a date") % {"text": text[:40]})
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return _of_words(text)


def _of_numbers(found) -> datetime:
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    hour, minute, second = int(hour or 0), int(minute or 0), min(int(second or 0), 59)
    try:
        moment = datetime(int(year), int(month), int(day), 0, minute, second, microsecond)  # noqa: DTZ001 - as above
    except ValueError as error:
        raise NoDate(_("“%(found)s” is a date that does not exist") % {"found": found[0].strip()[:40]}) from error
    if hour > 24:
        raise NoDate(_("“%(found)s” is a time that does not exist") % {"found": found[0].strip()[:40]})
    moment += timedelta(hours=hour)
    return moment.replace(tzinfo=_offset(zone)) if zone else moment


def _offset(zone: str) -> tzinfo:
    if zone[0] not in "+-":
        return UTC
    digits = zone[1:].replace(":", "")
    hours, minutes = (digits, 0) if len(digits) < 3 else (digits[:-2], digits[-2:])
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(offset if zone[0] == "+" else -offset)


def _of_three(found, is_month_first) -> datetime:
    """Day and month before the year: with dots the day comes first, else what cannot be a month is the day."""
    first, mark, second, year, rest = int(found[1]), found[2], int(found[3]), found[4], found[5]
    if mark == "." or first > 12:
        day, month = first, second
    elif second > 12 or is_month_first():
        month, day = first, second
    else:
        day, month = first, second
    clock = _clock(rest)
    return _moment(f"{year}-{month}-{day}{clock}", is_month_first)


def _clock(rest: str) -> str:
    if not (rest := rest.strip(" ,T")):
        return ""
    moment = parser.parse(rest, default=datetime(2000, 1, 1), tzinfos=_TZINFOS)  # noqa: DTZ001 - only the time counts
    return moment.strftime(" %H:%M:%S") + (moment.strftime("%z") if moment.tzinfo else "")


def _of_words(text: str) -> datetime:
    """English words through dateutil, with the months of some more languages. Without a year it is no date."""
    words = re.sub(r"[^\W\d_]+\.?", lambda word: str(_month_name(word[0])), _NOISE.sub(r"\1 ", text))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first, second = (
            parser.parse(words, default=datetime(year, 1, 1), tzinfos=_TZINFOS)  # noqa: DTZ001 - as above
            for year in (2000, 2004)
        )
    if first.year != second.year or not re.search(r"\d{4}|'\d\d|\d[-/]\d+[-/]\d\d\b", words):
        raise NoDate(_("“%(text)s” is a date without a year") % {"text": text[:40]})
    return first


def _month_name(word: str) -> str:
    number = _MONTH_OF.get(word.lower().rstrip("."))
    return date(2000, number, 1).strftime("%B") if number else word


def is_ambiguous(value) -> bool:
    """Whether it can be read with the day or with the month first."""
    found = _AMBIGUOUS.match(value.strip()[:MOST_CHARACTERS]) if isinstance(value, str) else None
    return bool(found) and found[2] != "." and int(found[1]) <= 12 and int(found[3]) <= 12 and found[1] != found[3]


def order_of(texts) -> bool | None:
    """Whether the dates in `texts` have the month first; None if none of them shows it."""
    counts = {True: 0, False: 0}
    for text in texts:
        for first, second in re.findall(r"\b(\d{1,2})[/-](\d{1,2})[/-]\d{4}\b", text):
            if int(first) > 12 >= int(second):
                counts[False] += 1
            elif int(second) > 12 >= int(first):
                counts[True] += 1
    return None if counts[True] == counts[False] else counts[True] > counts[False]
