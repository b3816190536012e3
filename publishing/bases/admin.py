"""Base classes of the admin. Django's own let staff filter a list by any column and any lookup, which answers
questions about columns that the page does not show; ours take the filters of the page alone.
"""

from datetime import datetime

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import display_for_field, get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from .named_fields import name_halves, named

# More words would be more conditions than SQLite takes in one statement.
SEARCH_LENGTH = 200


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


class KeyPaginator(Paginator):
    """Finds the primary keys of a page first, so that the rows before it are neither read nor joined."""

    def page(self, number):
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[start : start + self.per_page])
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)


class SiteChangeList(ChangeList):
    """Reads long columns only if the list shows them. Rows that were sent are shown again in the order they had."""

    _formset = None

    def get_results(self, request):
        super().get_results(request)
        self.result_list = self.result_list.defer(*self.model_admin.long_columns())

    @property
    def formset(self):
        return self._formset

    @formset.setter
    def formset(self, formset):
        """Each row is shown beside the form of the same number; others may have moved it meanwhile.

        As long as there are all: the form of a row that was deleted stands where that was.
        """
        self._formset = formset
        if formset is not None and formset.is_bound and all(form.instance.pk for form in formset.forms):
            rows = {row.pk: row for row in self.result_list}
            self.result_list = [rows.get(form.instance.pk, form.instance) for form in formset.forms]


class UndescribedInput(forms.HiddenInput):
    """Django describes it as the field that is seen, which HTML does not allow."""

    def build_attrs(self, *args, **kwargs):
        return {name: value for name, value in super().build_attrs(*args, **kwargs).items() if name[:5] != "aria-"}


class RowForm(forms.ModelForm):
    """A row of a list that is edited in place. It is saved if it was changed here since the list was opened; a field
    that somebody else has changed since then is not saved before its new value was seen.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial, field.hidden_widget = True, UndescribedInput
            # A list has no room for it.
            field.help_text = ""

    def clean(self):
        cleaned = super().clean()
        for name in set(self.changed_data) & cleaned.keys():
            sent, now = self[name].html_initial_name, self.initial.get(name)
            field = self.fields[name]
            if (
                sent in self.data
                and field.has_changed(now, self.data[sent])
                and field.has_changed(now, self[name].data)
            ):
                # Sent again, it is saved.
                self.data = self.data.copy()
                self.data[sent] = field.prepare_value(now)
                shown = display_for_field(now, self._meta.model._meta.get_field(name), "")
                text = _("Somebody has changed this to “%(value)s” meanwhile. Save again to replace it.")
                self.add_error(name, ValidationError(text, params={"value": shown}))
        return cleaned


class PeriodFilter(admin.SimpleListFilter):
    """The years of a `field`, and the months of the year that is chosen.

    Reads the first and the last moment from an index; `date_hierarchy` computes the date of every row.
    """

    field: str
    parameter_name = "period"

    def lookups(self, request, model_admin):
        moments = model_admin.get_queryset(request).filter(**{f"{self.field}__isnull": False})
        moments = moments.order_by(self.field).values_list(self.field, flat=True)
        ends = [timezone.localtime(moment) for moment in (moments.first(), moments.last()) if moment]
        choices = []
        for year in range(ends[-1].year, ends[0].year - 1, -1) if ends else ():
            choices.append((str(year), str(year)))
            if (self.value() or "")[:4] == str(year):
                names = ((f"{year}-{month:02}", f"{MONTHS[month]} {year}") for month in range(12, 0, -1))
                choices += [name for name in names if f"{ends[0]:%Y-%m}" <= name[0] <= f"{ends[-1]:%Y-%m}"]
        return choices

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            raise IncorrectLookupParameters
        year, month = int(self.value()[:4]), int(self.value()[5:] or 0)
        first = datetime(year, month or 1, 1)
        end = datetime(year + 1, 1, 1) if month in (0, 12) else datetime(year, month + 1, 1)
        limits = {f"{self.field}__gte": timezone.make_aware(first), f"{self.field}__lt": timezone.make_aware(end)}
        return queryset.filter(**limits)


class SiteModelAdmin(admin.ModelAdmin):
    """A ModelAdmin that answers 400 to a filter that its page does not offer, and deletes many rows one by one."""

    form_has_sidebar = list_has_sidebar = True
    paginator = KeyPaginator
    # Long columns that the list shows.
    list_reads: tuple[str, ...] = ()

    def get_changelist(self, request, **kwargs):
        return SiteChangeList

    def long_columns(self) -> list[str]:
        """The columns of text and JSON that the list does not show, also of the rows that it joins."""
        joined = {path: get_fields_from_path(self.model, path)[-1] for path in self.list_select_related or ()}
        tables = {"": self.model} | {f"{path}__": field.related_model for path, field in joined.items()}
        columns = {
            f"{path}{field.name}"
            for path, model in tables.items()
            for field in model._meta.concrete_fields
            if isinstance(field, models.TextField | models.JSONField)
        }
        return sorted(columns - set(self.list_reads))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            name_halves(field)
        return field

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, **{"form": RowForm} | kwargs)

    def get_changelist_formset(self, request, **kwargs):
        return named(super().get_changelist_formset(request, **kwargs))

    def get_formsets_with_inlines(self, request, obj=None):
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            yield named(formset), inline

    def get_inlines(self, request, obj):
        return [*super().get_inlines(request, obj), *_added_inlines.get(self.model, [])]

    def get_object(self, request, object_id, from_field=None):
        """An empty `_to_field` in the address names no column."""
        return super().get_object(request, object_id, from_field or None)

    def lookup_allowed(self, lookup, value, request=None):
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

    def get_model_perms(self, request):
        """For the menu, on every page: no query asks whether the row may still be added, which its list offers."""
        return {
            "add": False,
            "change": self.has_change_permission(request),
            "delete": False,
            "view": self.has_view_permission(request),
        }

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not self.model.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False
