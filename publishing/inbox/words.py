"""What scripts of the admin say, in the language of the desk: a script that makes `gettext`, `ngettext`, `interpolate`.

It is the same for everyone, signed in or not: the form for signing in has scripts, too.
"""

from functools import cache
from hashlib import sha256

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

_HEADERS = {"Cache-Control": "private, max-age=31536000, immutable"}


@cache
def _script(language: str) -> bytes:
    with translation.override(language):
        return JavaScriptCatalog(packages=["publishing"]).get(None).content


@cache
def _address(language: str) -> str:
    return reverse("desk-words", args=[sha256(_script(language)).hexdigest()[:12]])


def address() -> str:
    """The path of the script, which changes with what is in it."""
    return _address(settings.DESK_LANGUAGE)


@require_safe
def script(request, digest):
    """The messages of djangojs.po. An outdated address redirects."""
    if request.path != address():
        return HttpResponseRedirect(address())
    return HttpResponse(
        _script(settings.DESK_LANGUAGE), content_type="text/javascript; charset=utf-8", headers=_HEADERS
    )
