from django.contrib import admin, messages
from django.db import transaction

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

    @admin.display
    def where(self, slot):
        number = len(slot.pages.splitlines())
        return f"on {number} page{'' if number == 1 else 's'}" if number else "everywhere"

    @admin.action(description="Switch on", permissions=["change"])
    def switch_on(self, request, queryset):
        self._switch(request, queryset, True)

    @admin.action(description="Switch off", permissions=["change"])
    def switch_off(self, request, queryset):
        self._switch(request, queryset, False)

    def _switch(self, request, queryset, enabled):
        word = "on" if enabled else "off"
        with transaction.atomic():
            slots = list(queryset.exclude(enabled=enabled))
            for slot in slots:
                slot.enabled = enabled
                slot.save()
                self.log_change(request, slot, f"Switched {word}")
        self.message_user(request, f"Switched {word}: {', '.join(map(str, slots)) or 'nothing'}.", messages.SUCCESS)


admin.site.register(AdsTxt, SingleRowAdmin)
