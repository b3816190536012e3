"""What maintenance adds to the preview of the look and wording: its notices and the page of a closed site."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from publishing.identity import face

from .decision import ANNOUNCED, SENTENCES, Situation
from .models import State


@face.preview("maintenance", _("Maintenance"))
def notices():
    return _notices


def _notices(request):
    publication = face.current().publication
    found = {state: Situation(state, getattr(publication, name)) for state, name in SENTENCES.items()}
    # The one at the top of the page, with which its style sheet comes.
    request.maintenance = found.pop(ANNOUNCED)
    closed = found.pop(State.CLOSED)
    return render(request, "maintenance/preview.html", {"notices": found.values(), "maintenance": closed})
