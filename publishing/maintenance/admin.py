"""Maintenance windows. Their list is a page about the state now; what is over cannot be changed."""

from django.contrib import admin
from django.urls import path

from publishing.bases.admin import SiteModelAdmin, find_row

from . import identity  # noqa: F401 - registers its preview
from .desk import pages
from .models import Window
from .passing import admin as links  # noqa: F401 - registers that of links for testers


@admin.register(Window)
class WindowAdmin(SiteModelAdmin):
    fields = [
        "state", "starts_at", "ends_at", "announce_before", "sentence", "announcement", "groups", "reason",
        "created_by",
    ]  # fmt: skip

    def get_urls(self):
        views = {
            "plan/<str:state>/": (pages.plan, "plan"),
            "undo/": (pages.take_back, "undo"),
            "past/": (pages.past, "past"),
            "<path:key>/end/": (pages.end, "end"),
            "<path:key>/extend/": (pages.extend, "extend"),
        }
        own = [
            path(address, self.admin_site.admin_view(view), name=f"maintenance_window_{name}")
            for address, (view, name) in views.items()
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        return pages.overview(request)

    def add_view(self, request, form_url="", extra_context=None):
        return pages.plan(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What is over is only shown."""
        window = find_row(Window.objects.all(), object_id)
        if window is None or window.is_over or not self.has_change_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        return pages.plan(request, key=object_id)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.is_over)

    def has_delete_permission(self, request, obj=None):
        return False
