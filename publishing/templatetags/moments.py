"""Builtins of templates: they need no `load`."""

from functools import lru_cache

from django import template
from django.utils.html import format_html

from publishing.web.refusals import waiting_time

register = template.Library()
register.filter("waiting_time", waiting_time)

# The words for a moment, by the precision with which they name it.
WORDS = {"month": "{0:%B %Y}", "day": "{0.day} {0:%B %Y}", "minute": "{0.day} {0:%B %Y}, {0:%H:%M}"}


@register.filter(expects_localtime=True)
def machine_time(moment):
    """A time for HTML's `datetime`, which allows three digits of a second; none here."""
    return moment.isoformat(timespec="seconds") if moment else ""


@register.filter
def counted(number, noun):
    """A number and its noun: "1 heart", "1,200 hearts"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@register.filter(expects_localtime=True)
def time_element(moment, precision):
    """A <time> element that names the month, the day or the minute of `moment`; nothing without one."""
    return _time_element(machine_time(moment), WORDS[precision].format(moment)) if moment else ""


@lru_cache(maxsize=2000)
def _time_element(machine_time: str, words: str):
    return format_html('<time datetime="{}">{}</time>', machine_time, words)
