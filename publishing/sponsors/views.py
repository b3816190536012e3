from django.http import HttpResponse, HttpResponseNotFound
from django.views.decorators.http import require_safe

from publishing.cache import pages
from publishing.groups import ALWAYS, in_group

from .adsense.ids import with_line
from .models import AdSense, AdsTxt

PLAIN = "text/plain; charset=utf-8"
AN_HOUR = "public, max-age=3600, s-maxage=3600"


@in_group(ALWAYS)
@require_safe
def ads_txt(request):
    """The line of AdSense, from the moment an id is stored: Google asks for it before it approves a site. 404 if empty.

    No query while nothing has changed.
    """
    lines = with_line(AdSense.current().client, AdsTxt.current().lines)
    if not lines:
        return HttpResponseNotFound("Nothing is declared here yet.\n", content_type=PLAIN)
    pages.cacheable(request, "ads.txt")
    return HttpResponse(f"{lines}\n", content_type=PLAIN, headers={"Cache-Control": AN_HOUR})
