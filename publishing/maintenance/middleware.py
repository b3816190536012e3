"""Maintenance for every request: what is refused, and the response."""

from dataclasses import replace
from functools import partial

from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils.deprecation import MiddlewareMixin

from publishing.cache import pages
from publishing.cache.page import FORMS_OFF
from publishing.identity import face
from publishing.models import Publication
from publishing.paths import is_staff_space
from publishing.web.outage import unavailable
from publishing.web.sent_forms import typed_text

from .announcements import current_situation
from .decision import is_refused
from .groups import group_at
from .models import State
from .passing.visitors import may_pass

# In the environment of a request, for the page store, which asks without cookies: what is refused, or whose forms are
# off; and that it asks for who passes, which becomes `GIVEN`.
REFUSED, PASS, GIVEN = "publishing.refused", "publishing.pass", "given"


class Maintenance(MiddlewareMixin):
    """Middleware: sets `request.maintenance`, a `decision.Situation`, and refuses requests.

    In two stages: first by the path and the state, without a query if nothing has changed; who asks matters only to a
    request that would be refused, or whose page has forms that would be off, and that has a cookie that may be a pass
    (`passing.visitors`). For one that passes, the situation applies to no group, or the forms are on, and its response
    is neither stored nor found by search engines.

    A view with `handles_read_only = True` refuses by itself while its group is read-only. One with
    `works_in_maintenance = True` is called in every state, for what cannot be tried again later.
    """

    def process_request(self, request):
        request.maintenance = current_situation()
        if is_staff_space(request):
            return None
        pages.changes_at(request, request.maintenance.changes_at)
        if request.maintenance.state in (State.READ_ONLY, State.CLOSED):
            request.maintenance = replace(request.maintenance, passes=partial(_passes, request))
            if PASS in request.META and not _passes(request):
                # The page store has the answer.
                return HttpResponse(status=503)
        # While it is closed, old addresses and missing pages are refused like all others.
        return self._refusal(request, _view_of(request)) if request.maintenance.state == State.CLOSED else None

    def process_response(self, request, response):
        if getattr(request, "passes_maintenance", False):
            request.META[PASS] = GIVEN
            request.shown_names = frozenset()
            response.headers["Cache-Control"] = "private, no-store"
            response.headers["X-Robots-Tag"] = "noindex"
        # Also without a notice, which appears when maintenance is announced.
        elif getattr(request, "shown_names", None):
            pages.cacheable(request, "maintenance", *([FORMS_OFF] if REFUSED in request.META else []))
        return response

    def process_view(self, request, view, args, kwargs):
        return None if is_staff_space(request) else self._refusal(request, view)

    def _refusal(self, request, view) -> HttpResponse | None:
        situation, method = request.maintenance, request.method
        # Most requests are read and are done here, before the path is looked at.
        if not any(is_refused(group, method, situation) for group in situation.groups):
            return None
        group = group_at(request.path_info)
        if not is_refused(group, method, situation) or getattr(view, "works_in_maintenance", False):
            return None
        if _passes(request):
            request.maintenance = replace(situation, groups=frozenset(), own_sentence=situation.sentence)
            return None
        if situation.is_read_only_for(group) and getattr(view, "handles_read_only", False):
            return None
        return refusal(request)


def _passes(request) -> bool:
    """Whether what others are refused is for this visitor; the response is then for them alone. Looked up once."""
    if not hasattr(request, "passes_maintenance"):
        request.META[REFUSED] = True
        cookies = getattr(request, "cookie_header", None) or request.META.get("HTTP_COOKIE", "")
        request.passes_maintenance = may_pass(cookies)
    return request.passes_maintenance


def _view_of(request):
    try:
        return resolve(request.path_info).func
    except Resolver404:
        return None


def refusal(request) -> HttpResponse:
    """Status 503 with a link to the quizzes, if they are open, and the text as sent."""
    request.META[REFUSED] = True
    situation = request.maintenance
    context = {
        "maintenance": situation,
        "publication": Publication.current(),
        "identity": face.current(),
        "typed": typed_text(request),
    }
    seconds, sentence = situation.retry_after, situation.sentence
    return unavailable(request, seconds, sentence, "maintenance/closed.html", context, title="Maintenance")
