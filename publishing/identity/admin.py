"""Name, look and wording in the admin, with a live preview of pages beside the fields."""

import re
from copy import copy
from dataclasses import replace

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, resolve, reverse
from django.utils.functional import lazy
from django.utils.http import urlencode
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from .. import wording
from ..bases.admin import SingleRowAdmin
from ..models import Publication
from ..text.fields import ColourField
from ..text.languages import of_the_site
from . import face, widgets
from .colours import HEX
from .forms import COLOURS, IdentityForm

_SAME_SITE = "'self'"
_SCRIPT = re.compile(rb"<script\b.*?</script>", re.DOTALL)


@require_safe
def colour(request):
    """How a colour reads, for the field that it is typed into."""
    report = widgets.report(request.GET.get("colour", ""), request.GET.get("automatic", ""))
    return render(request, "admin/colour/report.html", {"report": report})


@require_safe
def colours(request):
    """The style sheet of a preview: that of the site with another accent."""
    accent, logos = request.GET.get("accent", ""), request.GET.get("logos", "0")
    css = face.css_with(accent if HEX.fullmatch(accent) else "", int(logos) if logos in ("1", "2") else 0)
    return HttpResponse(css, content_type="text/css; charset=utf-8")


def _about_sentences() -> str:
    name = get_language_info(settings.LANGUAGE_CODE)["name_translated"]
    return gettext("In the language of the site: %(language)s. An empty field has our sentence, in grey.") % {
        "language": name
    }


@admin.register(Publication)
class IdentityAdmin(SingleRowAdmin):
    form = IdentityForm
    change_form_template = "admin/publishing/publication/change_form.html"
    formfield_overrides = {ColourField: COLOURS}
    form_has_sidebar = False
    fieldsets = [
        (None, {"fields": ["name", "tagline", "description"]}),
        (_("Look"), {"fields": ["logo_light", "logo_dark", "icon", "accent", "cover_style"]}),
        (_("At the foot of every page"), {"fields": ["link_lines", "copyright_line"]}),
        (
            _("Sentences"),
            {
                "classes": ["collapse"],
                "description": lazy(_about_sentences, str)(),
                "fields": list(wording.DEFAULTS),
            },
        ),
    ]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        form.save_files()

    def get_urls(self):
        views = [
            path("preview/<slug:name>/", self.preview, name="publishing_publication_preview"),
            path("colours.css", colours, name="publishing_publication_colours"),
            path("colour/", colour, name="publishing_publication_colour"),
        ]
        for view in views:
            view.callback = self.admin_site.admin_view(view.callback)
        return [*views, *super().get_urls()]

    def render_change_form(self, request, context, *args, **kwargs):
        url = "admin:publishing_publication_preview"
        context["previews"] = [
            (words, reverse(url, args=[name])) for name, (words, _path) in sorted(face.PREVIEWS.items())
        ]
        response = super().render_change_form(request, context, *args, **kwargs)
        response._csp_replace = {"frame-src": [_SAME_SITE]}
        return response

    def preview(self, request, name):
        """A page of the site with what is typed into the form, of which nothing is stored; without a form, as it is."""
        if not self.has_view_or_change_permission(request):
            raise Http404("There is no preview.")
        _words, shown = face.PREVIEWS.get(name, ("", lambda: None))
        page = shown()
        if page is None:
            raise Http404("There is no such page.")
        response = _rendered(request, page, self._tried(request))
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response._csp_replace = {"frame-ancestors": [_SAME_SITE]}
        return response

    def _tried(self, request) -> face.Face:
        """The look with the fields that are right; the others are as they are stored."""
        stored = Publication.objects.first() or Publication()
        if request.method != "POST":
            return face.current()
        form = self.get_form(request)(request.POST, request.FILES, instance=stored)
        form.is_valid()
        tried = face.of(form.instance, form.tried_files())
        query = urlencode({"accent": tried.publication.accent, "logos": len(tried.logos)})
        return replace(tried, other_stylesheet=f"{reverse('admin:publishing_publication_colours')}?{query}")


def _rendered(request, page, look: face.Face) -> HttpResponse:
    """What a view or that of a public path answers, with another look; without scripts, and nothing can be clicked."""
    inner = copy(request)
    inner.method, inner.GET, inner.POST = "GET", QueryDict(), QueryDict()
    view, args, kwargs = page, (), {}
    if isinstance(page, str):
        view, args, kwargs = inner.resolver_match = resolve(page)
        inner.path = inner.path_info = page
    with face.trying(look), of_the_site():
        response = view(inner, *args, **kwargs)
    response.content = _SCRIPT.sub(b"", response.content).replace(b"<body", b"<body inert", 1)
    return response
