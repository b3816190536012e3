"""AdSense in the admin: one page instead of a list and a form."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from publishing.bases.admin import SingleRowAdmin

from ..models import AdSense
from . import desk


@admin.register(AdSense)
class AdSenseAdmin(SingleRowAdmin):
    def has_add_permission(self, request):
        return False

    def changelist_view(self, request, extra_context=None):
        return desk.page(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect("admin:sponsors_adsense_changelist")
