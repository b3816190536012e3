"""The site, and views that do what no view may: for the tests of what catches them."""

from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.urls import include, path
from django.utils.cache import patch_vary_headers

from publishing.cache import pages


def sets_a_cookie(request):
    pages.cacheable(request, "bad")
    response = HttpResponse("everyone's page")
    response.set_cookie("tracker", "1")
    return response


def asks_for_a_token(request):
    pages.cacheable(request, "bad")
    get_token(request)
    return HttpResponse("everyone's page")


def varies_by_cookie(request):
    pages.cacheable(request, "bad")
    response = HttpResponse("everyone's page")
    patch_vary_headers(response, ["Cookie", "Accept"])
    response.headers["Vary"] = response.headers["Vary"].replace(", ", " ,")
    return response


def reads_cookies(request):
    pages.cacheable(request, "bad")
    return HttpResponse(f"cookies: {sorted(request.COOKIES)}, header: {request.META.get('HTTP_COOKIE')}")


@pages.personal
def personal(request):
    pages.cacheable(request, "bad")
    response = HttpResponse(f"cookies: {sorted(request.COOKIES)}")
    response.set_cookie("mine", "1")
    return response


@pages.personal
def personal_but_missing(request):
    raise Http404


def asks_for_the_session(request):
    return HttpResponse(request.session.session_key)


def asks_for_the_user(request):
    return HttpResponse(request.user)


def names_nothing(request):
    return HttpResponse("a page without a name")


def breaks(request):
    pages.cacheable(request, "bad")
    raise RuntimeError("a secret detail")


VIEWS = [
    sets_a_cookie, asks_for_a_token, varies_by_cookie, reads_cookies, personal, personal_but_missing,
    asks_for_the_session, asks_for_the_user, names_nothing, breaks,
]  # fmt: skip

urlpatterns = [
    *(path(f"bad/{view.__name__.replace('_', '-')}/", view) for view in VIEWS),
    path("", include("publishing.urls")),
]

handler400 = "publishing.views.bad_request"
handler403 = "publishing.views.forbidden"
handler500 = "publishing.views.server_error"
