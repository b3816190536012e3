"""Sponsored slots, in the inbox of those who may see them, while one is switched off."""

from django.urls import reverse

from publishing.inbox.sections import Row, Section, source

from .models import Key, Slot


@source
def slots(request):
    """No query while nothing has changed."""
    off = [key for key in Key if key not in Slot.switched_on()]
    if not (off and request.user.has_perm("sponsors.view_slot")):
        return []
    url = reverse("admin:sponsors_slot_changelist")
    rows = [Row(key.label, url, "Switched off.") for key in off]
    return [Section("slots", "Sponsored slots", 20, rows=rows, is_aside=True)]
