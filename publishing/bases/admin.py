"""What our desks in the admin have in common: what someone sends by hand is refused or left out, never a fault of ours.

Django's own classes let staff filter a list by any column and any lookup (`?body__regex=((` is an error of the
database), and trust the keys that come in with a form. Ours offer what can be seen on the page.
"""

import re

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404

# Enough for what one looks for, and few enough words for one statement.
SEARCH_LENGTH = 200
DATE_PARTS = {"year": range(2, 9999), "month": range(1, 13), "day": range(1, 32)}


def key_of(field, value):
    """`value` as a key that `field` can hold, or None. Asks no database, so the row need not exist."""
    if isinstance(value, str) and "\x00" in value:
        return None
    try:
        return field.clean(value, None)
    except ValidationError:
        return None


def row_or_404(rows: models.QuerySet, number: str):
    """The one of `rows` that an address names. One query, none for what cannot be a number."""
    key = key_of(rows.model._meta.pk, number)
    row = rows.filter(pk=key).first() if key is not None else None
    if row is None:
        raise Http404(f"There is no such {rows.model._meta.verbose_name}.")
    return row


# --- forms: keys of other rows ---


class KnownKeys:
    """Mixin for the selects with a search: what cannot be a key is not looked up when the form is drawn again."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if key_of(self.field.target_field, key) is not None], attr)


class SearchedSelect(KnownKeys, AutocompleteSelect):
    pass


class SearchedSelectMultiple(KnownKeys, AutocompleteSelectMultiple):
    pass


class KeysField(forms.ModelMultipleChoiceField):
    """Many rows of another table; says of what cannot be a key that it is not a valid choice."""

    def clean(self, value):
        for key in value if isinstance(value, (list, tuple)) else []:
            if key_of(self.queryset.model._meta.pk, key) is None:
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": key})
        return super().clean(value)


class SearchedFields:
    """Mixin for everything that draws a form of a model in the admin."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedSelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("form_class", KeysField)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedSelectMultiple(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class TabularInline(SearchedFields, admin.TabularInline):
    pass


_added_inlines: dict[type[models.Model], list[type[TabularInline]]] = {}


def inline_of(model):
    """Decorate an inline that one app adds to another app's desk for `model`, which knows nothing of it."""

    def add(inline):
        _added_inlines.setdefault(model, []).append(inline)
        return inline

    return add


# --- lists ---


class SiteModelAdmin(SearchedFields, admin.ModelAdmin):
    """A ModelAdmin that answers 400 to a filter that its page does not offer, and drops keys that cannot exist."""

    # Foreign keys that a link of ours fills in on the form for a new row; nothing else in an address does.
    prefilled: list[str] = []
    # Whether the list of all desks stands beside the form or the list.
    form_has_sidebar = list_has_sidebar = True

    def get_inlines(self, request, obj):
        return [*super().get_inlines(request, obj), *_added_inlines.get(self.model, [])]

    def get_object(self, request, object_id, from_field=None):
        """An empty `_to_field` in the address names no column."""
        return super().get_object(request, object_id, from_field or None)

    def lookup_allowed(self, lookup, value, request=None):
        if "\x00" in str(value):
            return False
        field, _, part = lookup.rpartition("__")
        if field and field == self.date_hierarchy and part in DATE_PARTS:
            return bool(re.fullmatch("[0-9]{1,4}", str(value))) and int(value) in DATE_PARTS[part]
        return any(lookup in self._lookups_of(item) for item in self.get_list_filter(request))

    def _lookups_of(self, item):
        """What the links of one entry of `list_filter` put into an address (see django.contrib.admin.filters)."""
        if isinstance(item, type):
            return {item.parameter_name}
        path = item if isinstance(item, str) else item[0]
        field = get_fields_from_path(self.model, path)[-1]
        if field.remote_field:
            return {f"{path}__{field.target_field.name}__exact", f"{path}__isnull"}
        if isinstance(field, models.DateField):
            return {f"{path}__gte", f"{path}__lt", f"{path}__isnull"}
        if field.choices or isinstance(field, models.BooleanField):
            return {f"{path}__exact", f"{path}__isnull"}
        return {path, f"{path}__isnull"}

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term.replace("\x00", "")[:SEARCH_LENGTH])

    def get_changeform_initial_data(self, request):
        given = {name: request.GET[name] for name in self.prefilled if name in request.GET}
        return {name: key for name, key in given.items() if key_of(self.opts.get_field(name).target_field, key)}

    def delete_queryset(self, request, queryset):
        """One by one: what `delete()` of a model does (caches, search, addresses) is left out by that of a queryset."""
        for row in queryset:
            row.delete()

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST":
            request.POST = self._with_possible_keys(request.POST)
        context = {} if self.list_has_sidebar else {"is_nav_sidebar_enabled": False}
        return super().changelist_view(request, context | (extra_context or {}))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = {} if self.form_has_sidebar else {"is_nav_sidebar_enabled": False}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def _with_possible_keys(self, sent):
        """The same data: of what was ticked only what can be a key, "all pages" only if it says so, edited rows too."""
        pk, sent = self.opts.pk, sent.copy()
        keys = (key_of(pk, value) for value in sent.getlist(ACTION_CHECKBOX_NAME))
        if ACTION_CHECKBOX_NAME in sent:
            sent.setlist(ACTION_CHECKBOX_NAME, [str(key) for key in keys if key is not None])
        if "select_across" in sent:
            sent["select_across"] = "1" if sent["select_across"] == "1" else "0"
        for name in [name for name in sent if re.fullmatch(rf"form-[0-9]+-{pk.name}", name)]:
            sent[name] = "" if key_of(pk, sent[name]) is None else sent[name]
        return sent


class ReadOnly:
    """Mixin for an admin or an inline: rows can be viewed by those who have that permission, and not changed."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class SingleRowAdmin(SiteModelAdmin):
    """The admin of a `SingleRow`: once it is there, it can only be changed."""

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not self.model.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False
