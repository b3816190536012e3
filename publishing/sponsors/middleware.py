"""Which sponsored slots a request has."""

from django.utils.functional import SimpleLazyObject

from publishing.cache import pages
from publishing.paths import is_staff_space

from .models import Slot

NONE = frozenset()


def has_slots(request, view) -> bool:
    """Whether the page that `view` answers with may hold anything sponsored.

    Not where someone works, answers questions or looks for something, nor on what belongs to one person: the admin,
    previews, a quiz's paper and results, search, personal pages, and answers to anything but GET.
    """
    if request.method not in ("GET", "HEAD") or is_staff_space(request) or getattr(view, "personal", False):
        return False
    first, *rest = [part for part in request.path_info.split("/") if part] or [""]
    return first not in ("preview", "search") and not (first == "quizzes" and rest)


class Sponsors:
    """Middleware: gives each request `slots`, the keys that its page may show.

    They are looked up when a template first asks, without a query while nothing has changed. Error pages have none,
    wherever the error comes from.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.slots = NONE
        response = self.get_response(request)
        # A page with a place for a slot changes when slots are switched, also if it shows none now.
        if getattr(request, "has_slot_places", False) and getattr(request, "shown_names", None):
            pages.cacheable(request, "slots")
        return response

    def process_view(self, request, view, args, kwargs):
        if has_slots(request, view):
            request.slots = SimpleLazyObject(Slot.switched_on)

    def process_exception(self, request, exception):
        request.slots = NONE
