"""Moments, numbers and what is counted, in the words of the language."""

from datetime import date, datetime
from functools import lru_cache

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext

# How precisely a moment is named, with Django's format for it; "soon" leaves out the year, and so does "tick", which
# is as short as below a chart.
PRECISIONS = {
    "month": "YEAR_MONTH_FORMAT",
    "day": "DATE_FORMAT",
    "tick": "MONTH_DAY_FORMAT",
    "minute": "DATETIME_FORMAT",
    "soon": "DATETIME_FORMAT",
}
# What readers are used to, where Django has another order or sign, or a format is left to the lists of the admin.
FORMATS = {
    "ar": {"tick": "j/n", "day": "j F Y", "minute": "j F Y، H:i", "soon": "j F، H:i"},
    "de": {"tick": "j.n.", "minute": "j. F Y, H:i", "soon": "j. F, H:i"},
    "en": {"tick": "j M", "day": "j F Y", "minute": "j F Y, H:i", "soon": "j F, H:i"},
    "es": {"tick": "j/n", "minute": r"j \d\e F \d\e Y, H:i", "soon": r"j \d\e F, H:i"},
    "fr": {"tick": "j/n", "minute": "j F Y à H:i", "soon": "j F à H:i"},
    "ja": {"tick": "n/j", "minute": "Y年n月j日 H:i", "soon": "n月j日 H:i"},
    "pl": {"tick": "j.m", "minute": "j E Y, H:i", "soon": "j E, H:i"},
}
# What is counted. The sentences are of readers' pages.
NOUNS = {
    # Translators: for readers.
    "article": lambda number: ngettext("%(number)s article", "%(number)s articles", number),
    # Translators: for readers.
    "comment": lambda number: ngettext("%(number)s comment", "%(number)s comments", number),
    # Translators: for readers.
    "heart": lambda number: ngettext("%(number)s heart", "%(number)s hearts", number),
    # Translators: for readers. How long it takes to read an article.
    "minute": lambda number: ngettext("%(number)s min read", "%(number)s min read", number),
    # Translators: for readers.
    "view": lambda number: ngettext("%(number)s view", "%(number)s views", number),
}


def number(value: int) -> str:
    """With signs between thousands: "1,200"."""
    return number_format(value, force_grouping=True)


def counted(value: int, noun: str) -> str:
    """A number and one of `NOUNS`: "1 heart", "1,200 hearts"."""
    return _counted(value, noun, get_language())


@lru_cache(maxsize=2000)
def _counted(value: int, noun: str, language: str) -> str:
    return NOUNS[noun](value) % {"number": number(value)}


def in_words(moment: date | datetime, precision: str) -> str:
    """The month, the day or the minute of a moment, a local time: "March 2026", "5 March 2026", "5 March 2026, 14:30".

    "soon" is the minute without the year, "tick" the day without it. Empty for no moment.
    """
    if not moment:
        return ""
    return date_format(moment, FORMATS.get(get_language(), {}).get(precision, PRECISIONS[precision]))


def listed(names: list[str]) -> str:
    """Names in a row: "Ada, Ben and Cleo"."""
    if len(names) < 2:
        return "".join(names)
    # Translators: for readers. What stands between names in a row.
    first = gettext(", ").join(names[:-1])
    # Translators: for readers. The last of several people.
    return gettext("%(names)s and %(last)s") % {"names": first, "last": names[-1]}
