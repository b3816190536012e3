from django import forms

from publishing.text.validators import validate_storable

from .search import QUERY_LENGTH


class SearchForm(forms.Form):
    """What a reader looks for. Anything that is not a storable line of text searches for nothing."""

    q = forms.CharField(max_length=QUERY_LENGTH, required=False, validators=[validate_storable])


class HeartForm(forms.Form):
    """What the button said that was pressed. Without a word of it, the heart changes to its other state."""

    wanted = forms.ChoiceField(choices=[("yes", "Heart this"), ("no", "Take back your heart")], required=False)

    def is_wanted(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["wanted"]) if self.is_valid() else None


class PageForm(forms.Form):
    """Which page of a list: a plain positive number in ASCII digits."""

    page = forms.RegexField(r"\A[1-9][0-9]{0,5}\Z", required=False)

    def number(self) -> int | None:
        """The page asked for, 1 when none was; None when it is no page number."""
        return int(self.cleaned_data["page"] or 1) if self.is_valid() else None
