from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from publishing.cache import pages
from publishing.groups import ALWAYS, in_group
from publishing.web.refusals import FOREIGN, SeeOther
from publishing.web.same_origin import is_same_origin

from . import links


@in_group(ALWAYS)
@pages.personal
@require_http_methods(["GET", "HEAD", "POST"])
def pass_link(request, token):
    """GET the buttons, POST one of them: it gives this browser the cookie of the link, or takes it away.

    Not by a GET: programs that preview links in messages follow them, too. A link that is forged, over or revoked is
    404.
    """
    link = links.link_of_token(token)
    if link is None:
        raise Http404("There is no such link for testers.")
    if request.method == "POST" and is_same_origin(request):
        response = SeeOther("/")
        if "leave" in request.POST:
            links.take_cookie(response)
        else:
            links.give_cookie(response, link)
        return response
    context = {
        "link": link,
        "is_in": links.is_valid_cookie(request.COOKIES.get(links.COOKIE, "")),
        "problem": FOREIGN if request.method == "POST" else "",
    }
    return render(request, "maintenance/pass_link.html", context, status=403 if context["problem"] else 200)
