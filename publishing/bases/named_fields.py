"""Names for the fields of admin forms that have no label of their own: in tables, and halves of a moment."""

from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext


class NamedFields:
    """Mixin for a formset that is a table, whose labels are the heads of its columns: each field says which it is."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        about = f": {form.instance}" if form.instance.pk else ""
        for field in form.fields.values():
            # A wrapper with links to related rows shares its attributes with those of other forms.
            widget = getattr(field.widget, "widget", field.widget)
            if not widget.is_hidden:
                widget.attrs.setdefault("aria-label", f"{field.label}{about}")


def named(formset: type) -> type:
    """The class of a formset, with names for its fields."""
    return type(formset.__name__, (NamedFields, formset), {})


def name_halves(field) -> None:
    """Say of which moment date and time are."""
    if isinstance(field.widget, AdminSplitDateTime):
        for half, widget in zip((gettext("date"), gettext("time")), field.widget.widgets, strict=False):
            widget.attrs["aria-label"] = f"{field.label}, {half}"
