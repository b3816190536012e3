"""Builtins of templates: they need no `load`."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from publishing.text.moments import counted, in_words, number
from publishing.web.refusals import waiting_time

register = template.Library()
register.filter("counted", counted)
register.filter("in_words", in_words, expects_localtime=True)
register.filter("number", number)
register.filter("waiting_time", waiting_time)


@register.filter(expects_localtime=True)
def machine_time(moment):
    """A day, or a time, for HTML's `datetime`, which allows three digits of a second; none here."""
    if not moment:
        return ""
    return moment.isoformat(timespec="seconds") if isinstance(moment, datetime) else moment.isoformat()


@register.filter(expects_localtime=True)
def time_element(moment, precision):
    """A <time> element with the words for `moment`, a local time; nothing without one."""
    return _time_element(machine_time(moment), precision, get_language()) if moment else ""


@lru_cache(maxsize=2000)
def _time_element(machine_time: str, precision: str, language: str):
    words = in_words(datetime.fromisoformat(machine_time), precision)
    return format_html('<time datetime="{}">{}</time>', machine_time, words)


@register.filter
def later_page(number):
    """In a title, which page of a list it is; nothing for the first one."""
    return gettext(", page %(number)s") % {"number": number} if number and number > 1 else ""
