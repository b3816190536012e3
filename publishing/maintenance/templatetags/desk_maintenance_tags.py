"""Words of the pages about maintenance in the admin."""

from django import template
from django.utils.translation import gettext_lazy as _

from ..desk import history, words
from ..groups import USUAL, Group
from ..models import Action

register = template.Library()

# What the clock does.
_BY_CLOCK = {history.BEGAN: _("Began"), history.ENDED: _("Ended")}

register.filter("moment", words.moment)


@register.filter
def action_name(action) -> str:
    return _BY_CLOCK.get(action) or dict(Action.choices).get(action, action)


@register.filter
def announced_from(window):
    return window.starts_at - window.announce_before


@register.filter
def state_name(state) -> str:
    return words.STATES.get(state, state)


@register.filter
def state_meaning(state) -> str:
    return words.MEANINGS.get(state, "")


@register.filter
def group_names(window) -> str:
    chosen = window.groups or USUAL
    return ", ".join(str(group.label) for group in Group if group in chosen)
