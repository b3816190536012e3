"""Maintenance, in the inbox of those who may see it: while there is some, it is announced, or the switch is set."""

from django.urls import reverse
from django.utils.translation import gettext as _

from publishing.inbox.sections import Row, Section, source

from . import announcements, switch
from .decision import ANNOUNCED
from .desk.words import STATES, moment


@source
def maintenance(request):
    """No query while nothing has changed."""
    situation, switched = announcements.current_situation(), switch.current()
    if not ((situation.is_on or switched) and request.user.has_perm("maintenance.view_window")):
        return []
    words = _("Until somebody ends it.")
    if switched:
        words = _("By the switch on the server, until %(moment)s at the latest.")
        words %= {"moment": moment(switched.over_at)}
    elif situation.state == ANNOUNCED:
        words = _("It begins %(moment)s.") % {"moment": moment(situation.starts_at)}
    elif situation.ends_at:
        words = _("Until %(moment)s.") % {"moment": moment(situation.ends_at)}
    url = reverse("admin:maintenance_window_changelist")
    row = Row(STATES[situation.state], url, words)
    return [Section("maintenance", _("Maintenance"), 10, rows=[row], is_aside=True)]
