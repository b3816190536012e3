"""What the forms of a card take."""

from django import forms
from django.core.validators import RegexValidator

from comments.forms import BodyField, NameField
from comments.models import NOTE_LENGTH, RejectReason, Status
from publishing.text.validators import validate_one_line, validate_storable


class DecisionForm(forms.Form):
    """One decision about one comment, as the moderator was shown it: the digest of its text, and its state."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    was = forms.ChoiceField(choices=Status.choices, widget=forms.HiddenInput)
    over_claim = forms.BooleanField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label="Note",
        validators=[validate_storable, validate_one_line],
        max_length=NOTE_LENGTH,
        required=False,
        help_text="Optional. Its writer reads it beside the reason.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, data=None, *, verb=""):
        super().__init__(data, auto_id="decide-%s")
        self.verb = verb

    def clean(self):
        if self.verb == "reject" and self.data.get("_reject") not in RejectReason.values:
            self.add_error("note", "Choose a reason.")

    @property
    def details(self) -> dict:
        """What the verb is given beside the comment and the moderator."""
        shown = {name: self.cleaned_data[name] for name in ("seen", "was", "over_claim")}
        if self.verb == "reject":
            shown |= {"reason": self.data["_reject"], "note": self.cleaned_data["note"]}
        return shown

    @property
    def shown_is_missing(self) -> bool:
        """Whether the form does not say what was on the page that it came from."""
        return self.has_error("seen") or self.has_error("was")


class AheadForm(forms.Form):
    """Which cards the page of a script has: their numbers, the one shown first, and the moment of the last one in the
    order of their queue."""

    ahead = forms.CharField(required=False, validators=[RegexValidator(r"\A[0-9]{1,18}(,[0-9]{1,18}){0,11}\Z")])
    moment = forms.DateTimeField(required=False)

    @property
    def numbers(self) -> list[int]:
        return [int(number) for number in self.cleaned_data["ahead"].split(",") if number]

    @property
    def place(self) -> tuple | None:
        moment = self.cleaned_data["moment"]
        return (moment, self.numbers[-1]) if moment and self.numbers else None


class AnswerForm(forms.Form):
    """A reply in the publication's name."""

    name = NameField(label="Signed")
    body = BodyField(label="Answer", widget=forms.Textarea({"rows": 5}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="answer-%s", **kwargs)
