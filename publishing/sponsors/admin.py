from django.contrib import admin
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SingleRowAdmin, SiteModelAdmin

from .adsense import admin as adsense  # noqa: F401 - registers its class
from .house import admin as house  # noqa: F401 - registers its classes
from .models import AdsTxt, Slot


@admin.register(Slot)
class SlotAdmin(SiteModelAdmin):
    list_display = ["key", "source", "where"]
    list_editable = ["source"]
    list_reads = ("pages",)
    fields = ["key", "source", "pages"]
    readonly_fields = ["key"]

    def has_add_permission(self, request, obj=None):
        return False

    has_delete_permission = has_add_permission

    @admin.display(description=_("where"))
    def where(self, slot):
        number = len(slot.pages.splitlines())
        if not number:
            return gettext("everywhere")
        return ngettext("on %(number)s page", "on %(number)s pages", number) % {"number": number}


admin.site.register(AdsTxt, SingleRowAdmin)
