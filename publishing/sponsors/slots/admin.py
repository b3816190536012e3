"""Slots in the admin, and why each is on a page or not."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from publishing.bases.admin import SiteModelAdmin

from ..models import Slot
from ..proof import state
from . import explaining, paths, sizes
from .kinds import KEYS, Kind

ADDRESS_LENGTH = 500


def _sizes_field(breakpoint: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=sizes.NAMES[breakpoint],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(f"{width}x{height}", f"{width} × {height}") for width, height in sizes.TABLE],
    )


class SlotForm(forms.ModelForm):
    phone, tablet, wide = map(_sizes_field, sizes.BREAKPOINTS)
    excluded_kinds = forms.MultipleChoiceField(
        label=_("Not on"), required=False, widget=forms.CheckboxSelectMultiple, choices=Kind.choices
    )

    class Meta:
        model = Slot
        fields = ["source", "excluded_kinds", "ad_unit", "pages"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        key = self.instance.key
        for name in sizes.BREAKPOINTS:
            if name not in sizes.ROOM[key]:
                del self.fields[name]
                continue
            field, usual = self.fields[name], sizes.in_words(sizes.USUAL[key][name])
            field.initial = [f"{width}x{height}" for width, height in self.instance.sizes.get(name, ())]
            field.help_text = gettext("At most %(room)s px wide. Nothing chosen: %(usual)s.") % {
                "room": sizes.ROOM[key][name],
                "usual": usual,
            }
        self.fields["excluded_kinds"].choices = [(kind, kind.label) for kind in Kind if key in KEYS[kind]]

    def clean_pages(self):
        """Not in the model: pages are deleted later, and a list of slots does not show the field."""
        return "\n".join(paths.validated(self.cleaned_data["pages"]))

    def clean(self):
        cleaned = super().clean()
        chosen = {
            name: [[int(part) for part in size.split("x")] for size in cleaned[name]]
            for name in sizes.BREAKPOINTS
            if cleaned.get(name)
        }
        problems = sizes.problems(self.instance.key, chosen)
        for name, problem in problems:
            self.add_error(name, problem)
        if not problems:
            self.instance.sizes = chosen
        return cleaned


class AddressForm(forms.Form):
    address = forms.CharField(
        label=_("Address"),
        max_length=ADDRESS_LENGTH,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Of a page of this site, such as /articles/a-title/."),
    )


@admin.register(Slot)
class SlotAdmin(SiteModelAdmin):
    form = SlotForm
    change_list_template = "admin/sponsors/slot/change_list.html"
    list_display = ["key", "source", "box", "where", "proof"]
    list_editable = ["source"]
    list_reads = ("pages", "sizes", "excluded_kinds")
    readonly_fields = ["key", "proof"]

    def has_add_permission(self, request, obj=None):
        return False

    has_delete_permission = has_add_permission

    def get_fieldsets(self, request, obj=None):
        at = [name for name in sizes.BREAKPOINTS if obj is None or name in sizes.ROOM[obj.key]]
        about = _("The box is as high as the highest of them, and never changes.")
        return [
            (None, {"fields": ["key", "source", "ad_unit"]}),
            (_("Sizes"), {"fields": [*at, "proof"], "description": about}),
            (_("Pages"), {"fields": ["excluded_kinds", "pages"]}),
        ]

    def get_form(self, request, obj=None, **kwargs):
        # The fields of sizes are those of the form, and not of the model.
        return super().get_form(request, obj, **kwargs | {"fields": SlotForm.Meta.fields})

    @admin.display(description=_("sizes"))
    def box(self, slot):
        return explaining.sizes_in_words(slot)

    @admin.display(description=_("proof"))
    def proof(self, slot):
        return state.in_words_of(slot, state.latest(slot.key))

    @admin.display(description=_("where"))
    def where(self, slot):
        number = len(slot.pages.splitlines())
        if number:
            return ngettext("on %(number)s page", "on %(number)s pages", number) % {"number": number}
        if slot.excluded_kinds:
            return gettext("not on: %(kinds)s") % {
                "kinds": ", ".join(str(Kind(kind).label) for kind in slot.excluded_kinds if kind in Kind.values)
            }
        return gettext("everywhere")

    def get_urls(self):
        why = self.admin_site.admin_view(require_safe(self.why))
        return [path("why/", why, name="sponsors_slot_why"), *super().get_urls()]

    def why(self, request):
        """Why each slot is on the page at an address, or is not."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = AddressForm(request.GET or None)
        found, problem = None, ""
        if form.is_valid():
            try:
                found = explaining.explain(request, form.cleaned_data["address"])
                problem = "" if found else gettext("No page of this kind has slots.")
            except Http404:
                problem = gettext("Readers see no page at this address.")
        page, explained = found or (None, [])
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Why a slot is on a page"),
            "opts": Slot._meta,
            "form": form,
            "found": explained,
            "problem": problem,
            "page": page and page.path,
            "preview": page and explaining.preview_url(page),
        }
        return render(request, "admin/sponsors/slot/why.html", context)
