"""Words of the pages about maintenance in the admin."""

from django import template
from django.utils.translation import gettext_lazy as _

from ..desk import history, words
from ..groups import USUAL, Group
from ..models import Action

register = template.Library()

# What the clock does, and what people do at once or for later.
_OTHERS = {history.BEGAN: _("Began"), history.ENDED: _("Ended"), history.GETS_END: _("Gets an end")}

register.filter("moment", words.moment)


@register.filter
def action_name(action) -> str:
    return _OTHERS.get(action) or dict(Action.choices).get(action, action)


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
