"""Inlines whose rows have a position; a row without one comes last."""

from django import forms
from django.utils.translation import gettext as _


class OrderedFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        rows = self.rows()
        last = max((form.cleaned_data.get("position") or 0 for form in rows), default=0)
        for form in rows:
            if form.cleaned_data.get("position") is None:
                last += 1
                form.cleaned_data["position"] = form.instance.position = last

    def rows(self) -> list[forms.ModelForm]:
        """The forms that will be saved and have been cleaned."""
        return [
            form
            for form in self.forms
            if hasattr(form, "cleaned_data")
            and (form.instance.pk or form.has_changed())
            and not (self.can_delete and self._should_delete_form(form))
        ]


class OrderedForm(forms.ModelForm):
    """The position is optional. A new row with nothing but a position is empty."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False
            self.fields["position"].widget.attrs |= {"class": "position", "aria-label": _("Position")}
        if self.instance._state.adding:
            self.initial["position"] = None

    def has_changed(self):
        has_only_position = self.instance._state.adding and set(self.changed_data) <= {"position"}
        return not has_only_position and super().has_changed()
