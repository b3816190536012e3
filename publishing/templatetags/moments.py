"""In every template, without a `load`."""

from django import template

register = template.Library()


@register.filter(expects_localtime=True)
def machine_time(moment):
    """A moment as HTML's `datetime` has it: three digits of a second at most, so none here."""
    return moment.isoformat(timespec="seconds") if moment else ""
