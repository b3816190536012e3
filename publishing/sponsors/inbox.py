"""Sponsored slots, in the inbox of those who may see them, while readers see an empty box."""

from django.urls import reverse
from django.utils.translation import gettext as _

from publishing.inbox.sections import Row, Section, source

from .models import Slot, Source


@source
def slots(request):
    """No query while nothing has changed."""
    empty = [slot for slot in Slot.all_rows() if slot.source == Source.PREVIEW]
    if not (empty and request.user.has_perm("sponsors.view_slot")):
        return []
    url = reverse("admin:sponsors_slot_changelist")
    rows = [Row(slot.get_key_display(), url, _("Readers see an empty box.")) for slot in empty]
    return [Section("slots", _("Sponsored slots"), 20, rows=rows, is_aside=True)]
