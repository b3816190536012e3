"""Advertisers and their advertisements in the admin."""

from contextlib import suppress

from csp.constants import SELF
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publishing.bases.admin import SiteModelAdmin, row_or_404
from publishing.drawing import pictures

from ..models import Advertiser, Creative, State
from . import reports
from .editing import preview, uploads
from .editing.forms import CreativeForm


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        """As `Creative.state` says, in SQL."""
        now = timezone.now()
        is_over, is_capped = Q(ends_at__lte=now), Q(most_seen__lte=F("seen"))
        may_run = queryset.filter(is_on=True).exclude(is_over)
        match self.value():
            case State.OFF:
                return queryset.filter(is_on=False)
            case State.OVER:
                return queryset.filter(is_over, is_on=True)
            case State.CAPPED:
                return may_run.filter(is_capped)
            case State.PLANNED:
                return may_run.exclude(is_capped).filter(starts_at__gt=now)
            case State.RUNNING:
                return may_run.exclude(is_capped).filter(starts_at__lte=now)
        return queryset


@admin.register(Creative)
class CreativeAdmin(SiteModelAdmin):
    form = CreativeForm
    list_display = ["name", "advertiser", "state", "starts_at", "ends_at", "weight", "times_seen", "times_clicked"]
    list_filter = [StateFilter, "advertiser"]
    list_select_related = ["advertiser"]
    search_fields = ["name", "advertiser__name"]
    actions = ["duplicate"]
    fieldsets = [
        (None, {"fields": ["advertiser", "name", "is_on"]}),
        (_("What readers see"), {"fields": ["kind", "upload", "alt", "headline", "text", "target"]}),
        (_("Where and when"), {"fields": ["slots", "starts_at", "ends_at", "weight", "most_seen"]}),
    ]

    class Media:
        css = {"all": ["css/sponsored.css"]}

    def get_queryset(self, request):
        counts = {f"{name}": Coalesce(Sum(f"days__{name}"), 0) for name in ("seen", "clicked")}
        return super().get_queryset(request).annotate(**counts)

    @admin.display(description=_("state"))
    def state(self, creative):
        return creative.state(creative.seen, timezone.now()).label

    @admin.display(description=_("seen"), ordering="seen")
    def times_seen(self, creative):
        return creative.seen

    @admin.display(description=_("clicked"), ordering="clicked")
    def times_clicked(self, creative):
        return creative.clicked

    def get_urls(self):
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.preview))
        return [path("preview/", view, name="sponsors_creative_preview"), *super().get_urls()]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        url = reverse("admin:sponsors_creative_preview")
        context["preview"] = f"{url}?key={obj.pk}" if obj else url
        context["report"] = obj and reverse("admin:sponsors_advertiser_report", args=[obj.advertiser_id])
        response = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        response._csp_replace = {"frame-src": [SELF]}
        return response

    def preview(self, request):
        """As readers would see it with what is typed into the form, of which nothing is stored; by GET, as it is."""
        if not self.has_view_or_change_permission(request):
            raise Http404("There is no preview.")
        key = request.GET.get("key")
        stored = row_or_404(Creative.objects.select_related("advertiser"), key) if key else Creative()
        context = preview.context_of(stored, preview.address_of(stored))
        if request.method == "POST":
            form = self.get_form(request, stored)(request.POST, request.FILES, instance=stored)
            form.is_valid()
            problems = [problem for name in preview.SAID for problem in form.errors.get(name, ())]
            context = preview.context_of(*preview.typed(form), problems)
        response = render(request, "admin/sponsors/creative/preview.html", context)
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response._csp_replace = {"frame-ancestors": [SELF]}
        return response

    def save_model(self, request, obj, form, change):
        if form.made is None:
            return super().save_model(request, obj, form, change)
        request.new_picture = form.made.store()
        obj.show(request.new_picture, form.made.width, form.made.height)

    def changeform_view(self, request, *args, **kwargs):
        """If what is sent is rolled back, no file of it stays."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except BaseException:
            if hasattr(request, "new_picture"):
                pictures.delete([request.new_picture])
            raise

    @admin.action(description=_("Duplicate"), permissions=["add"])
    def duplicate(self, request, queryset):
        number = 0
        for row in queryset:
            try:
                duplicate(row)
            except FileNotFoundError:
                message = gettext("%(name)s is not copied: the file of its picture is gone.") % {"name": row.name}
                self.message_user(request, message, messages.ERROR)
            else:
                number += 1
        if number:
            message = ngettext("%(number)s copy, switched off.", "%(number)s copies, switched off.", number)
            self.message_user(request, message % {"number": number}, messages.SUCCESS)


def duplicate(creative: Creative) -> Creative:
    """Another one like it that is off, with a picture of its own and no counts. Raises OSError."""
    copy = Creative.objects.get(pk=creative.pk)
    copy.pk, copy._state.adding, copy.is_on = None, True, False
    copy.name = gettext("%(name)s (copy)") % {"name": creative.name[:60]}
    if not copy.picture:
        copy.save()
        return copy
    with default_storage.open(creative.picture) as file:
        made = uploads.Made(file.read(), copy.width, copy.height)
    copy.picture = made.store()
    try:
        copy.save()
    except BaseException:
        with suppress(OSError):
            pictures.delete([copy.picture])
        raise
    return copy


@admin.register(Advertiser)
class AdvertiserAdmin(SiteModelAdmin):
    list_display = ["name", "number_of_advertisements", "report_link"]
    search_fields = ["name"]
    fields = ["name"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=Count("creatives"))

    @admin.display(description=_("advertisements"), ordering="number")
    def number_of_advertisements(self, advertiser):
        return advertiser.number

    @admin.display(description=_("report"))
    def report_link(self, advertiser):
        url = reverse("admin:sponsors_advertiser_report", args=[advertiser.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Report"))

    def get_urls(self):
        views = [
            path("<path:key>/report/", require_safe(self.report), name="sponsors_advertiser_report"),
            path("<path:key>/new-link/", require_POST(self.new_link), name="sponsors_advertiser_new_link"),
        ]
        for view in views:
            view.callback = self.admin_site.admin_view(view.callback)
        return [*views, *super().get_urls()]

    def report(self, request, key):
        """The report of an advertiser with their link to it; as CSV with `?format=csv`."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        advertiser = row_or_404(Advertiser.objects, key)
        if request.GET.get("format") == "csv":
            return reports.csv_of(advertiser, request.GET)
        context = self.admin_site.each_context(request) | reports.context_of(advertiser, request.GET)
        context |= {
            "opts": self.opts,
            "title": gettext("Report"),
            "subtitle": advertiser.name,
            "is_nav_sidebar_enabled": False,
            "may_change": self.has_change_permission(request),
            "may_add": request.user.has_perm("sponsors.add_creative"),
            "link": settings.SITE_URL + advertiser.get_report_url(),
        }
        return render(request, "admin/sponsors/report.html", context)

    def new_link(self, request, key):
        """Another link to the report; the one before leads nowhere from now on."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        advertiser = row_or_404(Advertiser.objects, key)
        advertiser.revoke_link()
        self.log_change(request, advertiser, gettext("Made a new link to the report."))
        self.message_user(request, gettext("There is a new link. The one before leads nowhere now."), messages.SUCCESS)
        return redirect("admin:sponsors_advertiser_report", advertiser.pk)
