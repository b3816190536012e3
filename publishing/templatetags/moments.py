"""A builtin of templates: needs no `load`."""

from django import template

register = template.Library()


@register.filter(expects_localtime=True)
def machine_time(moment):
    """A time for HTML's `datetime`, which allows three digits of a second; none here."""
    return moment.isoformat(timespec="seconds") if moment else ""
