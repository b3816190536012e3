from django import forms
from django.utils.translation import gettext_lazy as _

from publishing.text.validators import validate_storable

from .lists.facets import Filters
from .lists.results import NEWEST
from .models import Category, Tag
from .search import QUERY_LENGTH


class SearchForm(forms.Form):
    """The words to search for. Text that is too long or cannot be stored finds nothing."""

    q = forms.CharField(
        max_length=QUERY_LENGTH,
        required=False,
        validators=[validate_storable],
        error_messages={"max_length": _("Use fewer words: a search has at most %(limit_value)s letters.")},
    )


class FilterForm(forms.Form):
    """What the hits are limited to, and their order."""

    category = forms.ModelChoiceField(Category.objects.all(), to_field_name="slug", required=False)
    tag = forms.ModelChoiceField(Tag.objects.all(), to_field_name="slug", required=False)
    year = forms.RegexField(r"\A[12][0-9]{3}\Z", required=False)
    sort = forms.ChoiceField(choices=[(NEWEST, _("Newest first"))], required=False)

    @classmethod
    def read(cls, values) -> tuple[Filters, str] | None:
        """The filters and the order of a query string; None if it has a value that is none."""
        if cls.base_fields.keys().isdisjoint(values):
            return Filters(), ""
        form = cls(values)
        if not form.is_valid():
            return None
        found = form.cleaned_data
        year = int(found["year"]) if found["year"] else None
        return Filters(found["category"], found["tag"], year), found["sort"]


class HeartForm(forms.Form):
    """What the button said. Without a valid value the heart is toggled."""

    wanted = forms.ChoiceField(choices=[("yes", _("Heart this")), ("no", _("Remove your heart"))], required=False)

    def is_wanted(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["wanted"]) if self.is_valid() else None


class PageForm(forms.Form):
    """The number of a page of a list, in ASCII digits."""

    page = forms.RegexField(r"\A[1-9][0-9]{0,5}\Z", required=False)

    def number(self) -> int | None:
        """1 by default; None if it is not a page number."""
        return int(self.cleaned_data["page"] or 1) if self.is_valid() else None
