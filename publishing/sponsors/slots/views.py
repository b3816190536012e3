"""A page with its slots in outline."""

from django.http import Http404, HttpResponseRedirect
from django.views.decorators.http import require_safe

from publishing.groups import DESK, in_group

from . import explaining

# `/preview/slots/articles/a-title/?page=2` is that page.
PREFIX = "/preview/slots"


@in_group(DESK)
@require_safe
def preview(request, path=""):
    """For staff who may see slots; for all others there is no such page. Of a page that moved, it redirects."""
    if not request.user.has_perm("sponsors.view_slot"):
        raise Http404("No such page.")
    found = explaining.find(request.get_full_path().removeprefix(PREFIX))
    if found is None:
        raise Http404("No page with slots.")
    shown = explaining.show(request, found)
    response = shown.response
    if shown.found.path != request.path_info.removeprefix(PREFIX):
        response = HttpResponseRedirect(explaining.preview_url(shown.found))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
