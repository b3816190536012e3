"""Maintenance, in the inbox of those who may see it, while there is some or readers are told of it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from publishing.inbox.sections import Row, Section, source

from . import announcements
from .decision import ANNOUNCED
from .desk.words import STATES, moment


@source
def maintenance(request):
    """No query while nothing has changed."""
    situation = announcements.current_situation()
    if not (situation.is_on and request.user.has_perm("maintenance.view_window")):
        return []
    words = _("Until somebody ends it.")
    if situation.state == ANNOUNCED:
        words = _("It begins %(moment)s.") % {"moment": moment(situation.starts_at)}
    elif situation.ends_at:
        words = _("Until %(moment)s.") % {"moment": moment(situation.ends_at)}
    url = reverse("admin:maintenance_window_changelist")
    row = Row(STATES[situation.state], url, words)
    return [Section("maintenance", _("Maintenance"), 10, rows=[row], is_aside=True)]
