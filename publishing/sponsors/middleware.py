from django.utils.deprecation import MiddlewareMixin

from publishing.cache import pages

from .adsense import serving
from .slots import decision
from .slots.kinds import kind_of


class Sponsors(MiddlewareMixin):
    """Middleware: sets `request.slots`, the keys of the slots that readers see on the page. Error pages have none."""

    def process_request(self, request):
        request.slots = decision.NONE

    def process_response(self, request, response):
        # Also if the page shows none now: it changes when slots are switched on.
        if getattr(request, "has_slot_places", False) and getattr(request, "shown_names", None):
            pages.cacheable(request, "slots")
        serving.finish(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        if request.method in ("GET", "HEAD") and (kind := kind_of(view)):
            decision.prepare(request, kind)

    def process_exception(self, request, exception):
        request.slots = decision.NONE
