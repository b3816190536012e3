"""Maintenance, in the inbox of those who may see it, while there is some."""

from django.urls import reverse
from django.utils import timezone

from publishing.inbox.sections import Row, Section, source

from . import announcements
from .models import State


@source
def maintenance(request):
    """No query while nothing has changed."""
    situation = announcements.current_situation()
    if not (situation.is_on and request.user.has_perm("maintenance.view_window")):
        return []
    until = situation.ends_at and f"{timezone.localtime(situation.ends_at):%a %-d %b, %H:%M %Z}"
    url = reverse("admin:maintenance_window_changelist")
    row = Row(State(situation.state).label, url, f"Until {until}." if until else "Until somebody ends it.")
    return [Section("maintenance", "Maintenance", 10, rows=[row], is_aside=True)]
