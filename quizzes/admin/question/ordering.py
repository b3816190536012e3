"""Rows of an inline that stand in an order: by number, by drag, or where they were added."""

from django import forms


class OrderedFormSet(forms.BaseInlineFormSet):
    """A row without a position comes after the others."""

    def clean(self):
        super().clean()
        rows = self.rows()
        last = max((form.cleaned_data.get("position") or 0 for form in rows), default=0)
        for form in rows:
            if form.cleaned_data.get("position") is None:
                last += 1
                form.cleaned_data["position"] = form.instance.position = last

    def rows(self) -> list[forms.ModelForm]:
        """The forms that will be stored, as far as they are sound."""
        return [
            form
            for form in self.forms
            if hasattr(form, "cleaned_data")
            and (form.instance.pk or form.has_changed())
            and not (self.can_delete and self._should_delete_form(form))
        ]


class OrderedForm(forms.ModelForm):
    """A row whose position may be left empty; a new row that has nothing but a position is no row."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False
            self.fields["position"].widget.attrs |= {"class": "position", "aria-label": "Position"}
        if self.instance._state.adding:
            self.initial["position"] = None

    def has_changed(self):
        alone = self.instance._state.adding and set(self.changed_data) <= {"position"}
        return not alone and super().has_changed()
