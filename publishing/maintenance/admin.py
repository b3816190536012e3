"""Maintenance windows. The list is the history: what is over cannot be changed."""

from django.contrib import admin, messages
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SiteModelAdmin

from . import announcements
from .models import Window


@admin.register(Window)
class WindowAdmin(SiteModelAdmin):
    fields = ["state", "sentence", "starts_at", "ends_at", "reason"]
    list_display = ["state", "starts_at", "ends_at", "is_active", "shown_sentence", "reason", "created_by"]
    list_filter = ["state"]
    list_select_related = ["created_by"]
    date_hierarchy = "starts_at"
    actions = ["end_now"]

    @admin.display(description=_("sentence"))
    def shown_sentence(self, window):
        return window.sentence or gettext("(default)")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.is_over)

    def get_readonly_fields(self, request, obj=None):
        """State and start of an active window cannot be changed: announce another one."""
        if obj is None:
            return []
        return ["state", "starts_at"] if obj.is_active else ["state"]

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if change:
            announcements.amend(obj, by=request.user)
        else:
            announcements.put(obj, by=request.user)

    def log_addition(self, request, obj, message):
        """`announcements` logs it."""

    log_change = log_addition

    @admin.action(description=_("End now"), permissions=["change"])
    def end_now(self, request, queryset):
        ended = announcements.end(request.user, queryset)
        if ended:
            message = ngettext("%(number)s ended.", "%(number)s ended.", ended) % {"number": ended}
            self.message_user(request, message, messages.SUCCESS)
        else:
            message = gettext("Nothing was ended: the selected windows are over.")
            self.message_user(request, message, messages.WARNING)
