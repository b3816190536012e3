"""Builtins of templates: they need no `load`."""

from django import template

from publishing.web.refusals import waiting_time

register = template.Library()
register.filter("waiting_time", waiting_time)


@register.filter(expects_localtime=True)
def machine_time(moment):
    """A time for HTML's `datetime`, which allows three digits of a second; none here."""
    return moment.isoformat(timespec="seconds") if moment else ""
