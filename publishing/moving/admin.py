"""The list of moves in the admin, and the addresses of their pages."""

from django.contrib import admin
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..bases.admin import ReadOnly, SiteModelAdmin
from . import pages
from .models import Transfer

PERMISSION = "moving.move_site"


@admin.register(Transfer)
class TransferAdmin(ReadOnly, SiteModelAdmin):
    list_display = ["what", "state", "posts_seen", "who", "asked_at"]
    list_display_links = None
    list_select_related = ["by"]
    change_list_template = "admin/moving/change_list.html"
    list_has_sidebar = False
    show_full_result_count = False

    @admin.display(description=_("what"))
    def what(self, transfer):
        address = reverse("admin:moving_transfer_change", args=[transfer.pk])
        return format_html('<a href="{}">{}</a>', address, transfer)

    @admin.display(description=_("posts"))
    def posts_seen(self, transfer):
        return transfer.seen

    @admin.display(description=_("by"))
    def who(self, transfer):
        return transfer.who

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(PERMISSION)

    has_module_permission = has_view_permission

    def get_urls(self):
        views = {
            "in/": (pages.move_in, "in"),
            "in/part/": (pages.part, "part"),
            "out/": (pages.move_out, "out"),
            "<path:key>/download/": (pages.download, "download"),
            "<path:key>/report.csv": (pages.report, "report"),
        }
        own = [
            path(address, self.admin_site.admin_view(self._guarded(view)), name=f"moving_transfer_{name}")
            for address, (view, name) in views.items()
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Moving in and out")} | (extra_context or {}))

    def _guarded(self, view):
        return pages.needs(PERMISSION)(view)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return self._guarded(pages.transfer)(request, object_id)
