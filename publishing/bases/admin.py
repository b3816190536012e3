"""Base classes of the admin. Django's own let staff filter a list by any column and any lookup, which answers
questions about columns that the page does not show; ours take the filters of the page alone.
"""

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import BadRequest
from django.db import models
from django.http import Http404

# More words would be more conditions than SQLite takes in one statement.
SEARCH_LENGTH = 200
DATE_PARTS = {"year": range(2, 9999), "month": range(1, 13), "day": range(1, 32)}


def find_row(rows: models.QuerySet, key: str | None):
    """The one of `rows` with this primary key, None if there is none or the key is no number. One query at most."""
    try:
        return rows.filter(pk=int(key or "")).first()
    except ValueError:
        return None


def row_or_404(rows: models.QuerySet, key: str):
    """`find_row`; raises Http404 instead of returning None."""
    row = find_row(rows, key)
    if row is None:
        raise Http404(f"There is no such {rows.model._meta.verbose_name}.")
    return row


_added_inlines: dict[type[models.Model], list[type[admin.TabularInline]]] = {}


def inline_of(model):
    """Decorate an inline that one app adds to the admin of another app's `model`."""

    def add(inline):
        _added_inlines.setdefault(model, []).append(inline)
        return inline

    return add


class SiteModelAdmin(admin.ModelAdmin):
    """A ModelAdmin that answers 400 to a filter that its page does not offer, and deletes many rows one by one."""

    form_has_sidebar = list_has_sidebar = True

    def get_inlines(self, request, obj):
        return [*super().get_inlines(request, obj), *_added_inlines.get(self.model, [])]

    def get_object(self, request, object_id, from_field=None):
        """An empty `_to_field` in the address names no column."""
        return super().get_object(request, object_id, from_field or None)

    def lookup_allowed(self, lookup, value, request=None):
        field, _, part = lookup.rpartition("__")
        if field and field == self.date_hierarchy and part in DATE_PARTS:
            return value.isdecimal() and len(value) < 5 and int(value) in DATE_PARTS[part]
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
        return super().get_search_results(request, queryset, search_term[:SEARCH_LENGTH])

    def get_changeform_initial_data(self, request):
        """Nothing: an address does not fill in a form."""
        return {}

    def delete_queryset(self, request, queryset):
        """One by one: what `delete()` of a model does (caches, search, addresses) is left out by that of a queryset."""
        for row in queryset:
            row.delete()

    def changelist_view(self, request, extra_context=None):
        if request.POST.get("select_across", "0") not in ("0", "1"):
            raise BadRequest("Django reads any number as “all pages”.")
        context = {"is_nav_sidebar_enabled": self.list_has_sidebar} | (extra_context or {})
        return super().changelist_view(request, context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = {"is_nav_sidebar_enabled": self.form_has_sidebar} | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)


class ReadOnly:
    """Mixin for an admin or an inline: rows can be viewed by those who have that permission, and not changed."""

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission


class SingleRowAdmin(SiteModelAdmin):
    """The admin of a `SingleRow`: once saved, it can only be changed."""

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not self.model.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False
