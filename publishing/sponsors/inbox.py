"""Sponsored slots, in the inbox of those who may see them, while readers see an empty box or ask in vain."""

from django.urls import reverse
from django.utils.translation import gettext as _

from publishing.inbox.sections import Row, Section, source

from .adsense import checks, serving
from .models import AdSense, Slot, Source


@source
def slots(request):
    """No query while nothing has changed."""
    empty = [slot for slot in Slot.all_rows() if slot.source == Source.PREVIEW]
    if not (empty and request.user.has_perm("sponsors.view_slot")):
        return []
    url = reverse("admin:sponsors_slot_changelist")
    rows = [Row(slot.get_key_display(), url, _("Readers see an empty box.")) for slot in empty]
    return [Section("slots", _("Sponsored slots"), 20, rows=rows, is_aside=True)]


@source
def privacy(request):
    """The privacy page of AdSense while readers cannot open it. No query until it is connected, then a few."""
    if not (serving.is_connected() and request.user.has_perm("sponsors.view_adsense")):
        return []
    page = AdSense.current().privacy_page
    if checks.public_path(page):
        return []
    said = _("Readers who are asked for consent cannot open the privacy page, %(path)s.") % {"path": page}
    url = reverse("admin:sponsors_adsense_changelist")
    return [Section("adsense", "AdSense", 20, rows=[Row(_("Privacy page"), url, said)], is_aside=True)]
