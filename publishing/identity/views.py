"""The style sheet of colours, logo, icons and manifest. Each address changes with what is behind it."""

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ..cache import pages
from ..groups import ALWAYS, in_group
from ..models import IdentityFile
from . import face, icons

IMMUTABLE = "public, max-age=31536000, s-maxage=31536000, immutable"
# The address has no version, so a new icon takes a week to arrive.
FAVICON_HEADERS = {"Cache-Control": "public, max-age=604800", "Cross-Origin-Resource-Policy": "cross-origin"}
# A drawing that is opened by itself is a document: it runs nothing and loads nothing.
FILE_HEADERS = {
    "Cache-Control": IMMUTABLE,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": "default-src 'none'; sandbox; style-src 'unsafe-inline'",
}


@in_group(ALWAYS)
@require_safe
def stylesheet(request, digest):
    """The colours of the publication and its categories as custom properties. An outdated address redirects."""
    pages.cacheable(request, "identity")
    current = face.current()
    if request.path != current.stylesheet:
        return HttpResponseRedirect(current.stylesheet)
    return HttpResponse(current.css, content_type="text/css; charset=utf-8", headers={"Cache-Control": IMMUTABLE})


@in_group(ALWAYS)
@require_safe
def file(request, use, digest, kind):
    """A file of the logo or the icon. An outdated address redirects."""
    pages.cacheable(request, "identity")
    current = face.current()
    found = current.files.get(use.replace("-", "_"))
    if found is None:
        raise Http404("There is no such file.")
    if request.path != found.address:
        return HttpResponseRedirect(found.address)
    return HttpResponse(_content(found, current), content_type=face.TYPES[found.kind], headers=FILE_HEADERS)


def _content(file: face.File, current: face.Face) -> bytes:
    if not file.is_drawn:
        return bytes(get_object_or_404(IdentityFile, pk=file.use).content)
    if file.kind == "svg":
        return icons.drawn_svg(current.accent)
    return icons.as_png(icons.drawn(current.accent, file.width), file.width)


@in_group(ALWAYS)
@pages.never_cached
@require_safe
def favicon(request):
    """The icon for programs that request this address without reading a page first."""
    current = face.current()
    icon = current.files["icon"]
    png = _content(icon, current) if icon.kind == "png" else icons.as_png(icons.drawn(current.accent, 48), 48)
    return HttpResponse(icons.as_ico(png), content_type="image/x-icon", headers=FAVICON_HEADERS)


@in_group(ALWAYS)
@require_safe
def manifest(request):
    """Name, colours and icons for a publication that is put on the screen of a phone (Web Application Manifest)."""
    pages.cacheable(request, "identity")
    current = face.current()
    publication = current.publication
    sizes = [current.files[name] for name in ("icon_192", "icon_512")]
    answer = {
        "name": publication.name,
        "short_name": publication.name,
        "description": publication.description or publication.tagline,
        "start_url": "/",
        "display": "browser",
        "background_color": icons.GROUND,
        "theme_color": icons.GROUND,
        "icons": [
            {"src": icon.address, "sizes": f"{icon.width}x{icon.height}", "type": face.TYPES[icon.kind]}
            for icon in sizes
        ],
    }
    return JsonResponse(answer, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
