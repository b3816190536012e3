"""Maintenance, in the inbox of those who may see it, while there is some."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from publishing.inbox.sections import Row, Section, source

from . import announcements
from .models import State


@source
def maintenance(request):
    """No query while nothing has changed."""
    situation = announcements.current_situation()
    if not (situation.is_on and request.user.has_perm("maintenance.view_window")):
        return []
    words = _("Until somebody ends it.")
    if situation.ends_at:
        moment = date_format(timezone.localtime(situation.ends_at), "DATETIME_FORMAT")
        words = _("Until %(moment)s.") % {"moment": moment}
    url = reverse("admin:maintenance_window_changelist")
    row = Row(State(situation.state).label, url, words)
    return [Section("maintenance", _("Maintenance"), 10, rows=[row], is_aside=True)]
