"""Maintenance for every request: what is refused, and the response."""

from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils.deprecation import MiddlewareMixin

from publishing.cache import pages
from publishing.identity import face
from publishing.models import Publication
from publishing.paths import is_staff_space
from publishing.web.outage import unavailable
from publishing.web.sent_forms import typed_text

from .announcements import current_situation
from .decision import is_refused
from .groups import group_at
from .models import State


class Maintenance(MiddlewareMixin):
    """Middleware: sets `request.maintenance`, a `decision.Situation`, and refuses requests. No query if unchanged.

    A view with `handles_read_only = True` refuses by itself while the site is read-only. One with
    `works_in_maintenance = True` is called in every state, for what cannot be tried again later.
    """

    def process_request(self, request):
        request.maintenance = current_situation()
        if is_staff_space(request):
            return None
        pages.changes_at(request, request.maintenance.changes_at)
        if request.maintenance.state == State.CLOSED and self._must_wait(request) and not _works(_view_of(request)):
            return refusal(request)
        return None

    def process_response(self, request, response):
        # Also without a notice, which appears when maintenance is announced.
        if getattr(request, "shown_names", None):
            pages.cacheable(request, "maintenance")
        return response

    def process_view(self, request, view, args, kwargs):
        if is_staff_space(request) or not self._must_wait(request) or _works(view):
            return None
        handles_it = request.maintenance.state == State.READ_ONLY and getattr(view, "handles_read_only", False)
        return None if handles_it else refusal(request)

    def _must_wait(self, request):
        return is_refused(group_at(request.path_info), request.method, request.maintenance)


def _view_of(request):
    try:
        return resolve(request.path_info).func
    except Resolver404:
        return None


def _works(view) -> bool:
    return getattr(view, "works_in_maintenance", False)


def refusal(request) -> HttpResponse:
    """Status 503 with a link to the quizzes and the text as sent."""
    situation = request.maintenance
    context = {
        "maintenance": situation,
        "publication": Publication.current(),
        "identity": face.current(),
        "typed": typed_text(request),
    }
    seconds, sentence = situation.retry_after, situation.sentence
    return unavailable(request, seconds, sentence, "maintenance/closed.html", context, title="Maintenance")
