"""The two menus, each with its entries in order."""

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SiteModelAdmin

from ...models import Menu, MenuEntry
from .forms import EntryForm, EntryFormSet, suggestions


class EntryInline(admin.TabularInline):
    model = MenuEntry
    form = EntryForm
    formset = EntryFormSet
    fields = ["position", "leads_to", "words"]
    extra = 1
    classes = ["ordered", "stacking"]
    verbose_name, verbose_name_plural = _("entry"), _("entries")


@admin.register(Menu)
class MenuAdmin(SiteModelAdmin):
    inlines = [EntryInline]
    list_display = ["name", "number"]
    readonly_fields = ["place"]
    form_has_sidebar = list_has_sidebar = False
    change_form_template = "admin/articles/menu/change_form.html"

    class Media:
        css = {"all": ["css/ordered.css"]}
        js = [forms.Script("js/placement-order.js", type="module")]

    def has_add_permission(self, request):
        """There are two."""
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(entry_number=Count("entries"))

    @admin.display(description=_("name"), ordering="place")
    def name(self, menu):
        return menu.get_place_display()

    @admin.display(description=_("entries"))
    def number(self, menu):
        return menu.entry_number or gettext("chosen by the site")

    def render_change_form(self, request, context, *args, **kwargs):
        context |= {"suggestions": suggestions(request.user)}
        return super().render_change_form(request, context, *args, **kwargs)
