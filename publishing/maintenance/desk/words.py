"""Names of states and moments for the pages about maintenance in the admin."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ..decision import ANNOUNCED, OFF
from ..models import State

STATES = {OFF: _("Off"), ANNOUNCED: _("Announced"), **dict(State.choices)}
MEANINGS = {
    OFF: _("Everything works, and readers see no notice."),
    ANNOUNCED: _("Everything works. Readers are told what is to come."),
    State.BANNER: _("Everything works. Readers see a notice."),
    State.READ_ONLY: _("Readers can read. What they send is refused and given back to them."),
    State.CLOSED: _("Readers see a page that says so, and what stays open."),
}


def moment(value: datetime) -> str:
    """In the site's zone, which is named since it may change in between: CET, CEST."""
    local = timezone.localtime(value)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local:%Z}"
