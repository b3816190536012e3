from django.http import HttpResponse, HttpResponseNotFound
from django.views.decorators.http import require_safe

from publishing.cache import pages
from publishing.groups import ALWAYS, in_group

from .models import AdsTxt

PLAIN = "text/plain; charset=utf-8"


@in_group(ALWAYS)
@require_safe
def ads_txt(request):
    """404 while it is empty. No query while nothing has changed."""
    lines = AdsTxt.current().lines
    if not lines:
        return HttpResponseNotFound("Nothing is declared here yet.\n", content_type=PLAIN)
    pages.cacheable(request, "ads.txt")
    return HttpResponse(f"{lines}\n", content_type=PLAIN)
