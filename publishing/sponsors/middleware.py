from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from publishing.cache import pages
from publishing.paths import is_staff_space

from .adsense import serving
from .models import Slot

NONE = frozenset()


def has_slots(request, view) -> bool:
    """Whether a page may have slots: a GET that is not for the admin, a preview, search, quiz or personal page."""
    if request.method not in ("GET", "HEAD") or is_staff_space(request) or getattr(view, "personal", False):
        return False
    first, *rest = [part for part in request.path_info.split("/") if part] or [""]
    return first not in ("preview", "search") and not (first == "quizzes" and rest)


class Sponsors(MiddlewareMixin):
    """Middleware: sets `request.slots`, the keys of the slots that readers see on the page. Error pages have none."""

    def process_request(self, request):
        request.slots = NONE

    def process_response(self, request, response):
        # Also if the page shows none now: it changes when slots are switched on.
        if getattr(request, "has_slot_places", False) and getattr(request, "shown_names", None):
            pages.cacheable(request, "slots")
        serving.finish(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        if has_slots(request, view):
            request.slots = SimpleLazyObject(lambda: Slot.on(request.path_info))

    def process_exception(self, request, exception):
        request.slots = NONE
