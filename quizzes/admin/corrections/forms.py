"""What can be corrected in a question, by its kind."""

from django import forms
from django.core.exceptions import ValidationError

from publishing.text.parsing import normal_line_ends
from publishing.text.validators import validate_no_turned_text, validate_one_line, validate_storable
from quizzes.kinds import grade, rules_of
from quizzes.kinds.base_forms import text_of
from quizzes.models import Correction, CorrectionAction


class CorrectionForm(forms.Form):
    """A correction of one question. `question` is the edition's, with earlier corrections applied."""

    action = forms.ChoiceField(label="What to do", widget=forms.RadioSelect)
    choice = forms.TypedChoiceField(label="Which choice", coerce=int, required=False, widget=forms.RadioSelect)
    blank = forms.TypedChoiceField(label="Of which blank", coerce=int, required=False)
    text = forms.CharField(
        label="Accept this too",
        max_length=Correction._meta.get_field("text").max_length,
        required=False,
        validators=[validate_storable],
    )
    note = forms.CharField(
        label="What was wrong",
        max_length=Correction._meta.get_field("note").max_length,
        validators=[validate_storable, validate_one_line, validate_no_turned_text],
        help_text="A sentence for those who answered it. It stands beside their score with today's date.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, data=None, *, question):
        super().__init__(data)
        self.question, self.rules = question, rules_of(question["kind"])
        actions = [(CorrectionAction.DISREGARD, "Disregard the question: it leaves the score and the maximum.")]
        accepted = self.rules.fields_to_accept(question)
        if accepted:
            actions.append((CorrectionAction.ACCEPT, self.rules.accept_words))
        self.fields["action"].choices = actions
        self.initial["action"] = actions[0][0] if len(actions) == 1 else None
        for name in {"choice", "text", "blank"} - set(accepted):
            del self.fields[name]
        if "choice" in accepted:
            self.fields["choice"].choices = [
                (choice["id"], text_of(choice["html"], 120)) for choice in accepted["choice"]
            ]
        if "blank" in accepted:
            self.fields["blank"].choices = [
                ("", "Choose…"),
                *((number, f"[[{number}]]") for number in accepted["blank"]),
            ]
        if self.rules.keeps_space:
            self.fields["text"].widget = forms.Textarea(attrs={"rows": 4, "class": "mono"})
            self.fields["text"].strip = False

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("action") != CorrectionAction.ACCEPT or self.errors:
            return cleaned
        for name, missing in (("choice", "Choose which."), ("blank", "Choose which."), ("text", "Write what.")):
            if name in self.fields and not str(cleaned[name]).strip():
                self.add_error(name, missing)
        if "text" in self.fields and not self.errors:
            cleaned["text"] = normal_line_ends(cleaned["text"])
            self._refuse_what_is_accepted(cleaned)
        return cleaned

    def _refuse_what_is_accepted(self, cleaned):
        try:
            part, answer = self.rules.part(self.question, cleaned["text"], cleaned.get("blank"))
            is_accepted = grade(part, answer).points == 1
        except ValueError as error:
            raise ValidationError({"text": str(error)}) from error
        if is_accepted:
            raise ValidationError({"text": "This is accepted already."})

    def correction(self) -> dict:
        """The arguments of `corrections.correct`. Only of a valid form."""
        cleaned = self.cleaned_data
        accepted = {name: cleaned[name] for name in ("choice", "text", "blank") if cleaned.get(name)}
        return {"action": cleaned["action"], "note": cleaned["note"]} | accepted
