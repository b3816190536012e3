"""What maintenance and sponsored slots add to a public page while nothing changes: `make bench-middleware`.

The two middlewares in front of the views of three pages, and a third in their place that sets what these read of the
request. The views are found by their addresses and not called: a page takes a hundred times as long as what is
measured, and its time varies by more. `request.slots` is asked for, as a template does. Batches with and without take
turns in one process; the figures are medians of the processor time. Whatever the number of articles, both read
nothing but values that the process has cached: the statements are counted, and there must be none. Ends with status 1
above `AT_MOST`.
"""

import sys
import tempfile
import time
from statistics import median

from demo_visits import ARTICLE, prepare

AT_MOST, BATCHES, REQUESTS = 50.0, 60, 200
PAGES = ("/", f"/articles/{ARTICLE}/", "/categories/tools/")
OURS = ["publishing.maintenance.middleware.Maintenance", "publishing.sponsors.middleware.Sponsors"]
OF_THIS = f"{__name__}.{{}}"


def answered(get_response):
    """Middleware: a public page, in the place of each view."""
    from django.http import HttpResponse

    def middleware(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        request.shown_names = frozenset({"home"})
        request.has_slot_places = True
        bool(request.slots)
        return HttpResponse("A page.")

    middleware.process_view = process_view
    return middleware


def nothing(get_response):
    """Middleware: what pages read of the request, as it is without maintenance and slots."""
    from publishing.maintenance.decision import Situation

    situation, none = Situation(), frozenset()

    def middleware(request):
        request.maintenance, request.slots = situation, none
        return get_response(request)

    return middleware


def handler(names):
    from django.core.handlers.base import BaseHandler
    from django.test import override_settings

    made = BaseHandler()
    with override_settings(MIDDLEWARE=[*names, OF_THIS.format("answered")]):
        made.load_middleware()
    return made


def batch(handler, path) -> float:
    """Microseconds of a request."""
    from django.test import RequestFactory

    requests = [RequestFactory().get(path) for _ in range(REQUESTS)]
    started = time.process_time()
    for request in requests:
        handler.get_response(request)
    return 1e6 * (time.process_time() - started) / REQUESTS


def main():
    with tempfile.TemporaryDirectory(prefix="middleware-") as directory:
        prepare(directory)
        from django.core.management import call_command
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        call_command("load_demo", verbosity=0)
        call_command("maintenance", "off", verbosity=0)
        with_both, without = handler(OURS), handler([OF_THIS.format("nothing")])
        above = []
        for path in PAGES:
            for _ in range(3):
                batch(with_both, path), batch(without, path)
            with CaptureQueriesContext(connection) as queries:
                batch(with_both, path)
            pairs = [(batch(with_both, path), batch(without, path)) for _ in range(BATCHES)]
            added = median(more - less for more, less in pairs)
            usual = median(less for _, less in pairs)
            print(f"{path:<55} +{added:5.1f} µs (without {usual:5.1f}), {len(queries)} statements")
            if added > AT_MOST or queries:
                above.append(path)
    if above:
        sys.exit(f"More than {AT_MOST:g} µs, or a statement: {', '.join(above)}.")


if __name__ == "__main__":
    main()
