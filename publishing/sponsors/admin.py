from django.contrib import admin, messages
from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SingleRowAdmin, SiteModelAdmin

from .models import AdsTxt, Slot


@admin.register(Slot)
class SlotAdmin(SiteModelAdmin):
    list_display = ["key", "enabled", "shows_empty", "where"]
    list_editable = ["enabled", "shows_empty"]
    list_reads = ("pages",)
    fields = ["key", "enabled", "shows_empty", "pages"]
    readonly_fields = ["key"]
    actions = ["switch_on", "switch_off"]

    def has_add_permission(self, request, obj=None):
        return False

    has_delete_permission = has_add_permission

    @admin.display(description=_("where"))
    def where(self, slot):
        number = len(slot.pages.splitlines())
        if not number:
            return gettext("everywhere")
        return ngettext("on %(number)s page", "on %(number)s pages", number) % {"number": number}

    @admin.action(description=_("Switch on"), permissions=["change"])
    def switch_on(self, request, queryset):
        self._switch(request, queryset, True)

    @admin.action(description=_("Switch off"), permissions=["change"])
    def switch_off(self, request, queryset):
        self._switch(request, queryset, False)

    def _switch(self, request, queryset, enabled):
        with transaction.atomic():
            slots = list(queryset.exclude(enabled=enabled))
            for slot in slots:
                slot.enabled = enabled
                slot.save()
                self.log_change(request, slot, gettext("Switched on") if enabled else gettext("Switched off"))
        message = gettext("Switched on: %(slots)s.") if enabled else gettext("Switched off: %(slots)s.")
        names = ", ".join(map(str, slots)) or gettext("nothing")
        self.message_user(request, message % {"slots": names}, messages.SUCCESS)


admin.site.register(AdsTxt, SingleRowAdmin)
