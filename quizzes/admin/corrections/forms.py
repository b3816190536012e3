"""The form of a correction; its fields depend on the kind of question."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publishing.text.parsing import normal_line_ends
from publishing.text.validators import validate_no_turned_text, validate_one_line, validate_storable
from quizzes.kinds import grade, rules_of
from quizzes.kinds.base_forms import text_of
from quizzes.kinds.words import translated
from quizzes.models import Correction, CorrectionAction


class CorrectionForm(forms.Form):
    """`question` is that of the edition, with earlier corrections applied."""

    action = forms.ChoiceField(label=_("What to do"), widget=forms.RadioSelect)
    choice = forms.TypedChoiceField(label=_("Choice"), coerce=int, required=False, widget=forms.RadioSelect)
    blank = forms.TypedChoiceField(label=_("Blank"), coerce=int, required=False)
    text = forms.CharField(
        label=_("Answer to accept"),
        max_length=Correction._meta.get_field("text").max_length,
        required=False,
        validators=[validate_storable],
    )
    note = forms.CharField(
        label=_("What was wrong"),
        max_length=Correction._meta.get_field("note").max_length,
        validators=[validate_storable, validate_one_line, validate_no_turned_text],
        help_text=_("One sentence. Readers see it beside their score, with today's date."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, data=None, *, question):
        super().__init__(data)
        self.question, self.rules = question, rules_of(question["kind"])
        actions = [(CorrectionAction.DISREGARD, _("Disregard the question: it no longer counts in the score."))]
        options = self.rules.fields_to_accept(question)
        if options:
            actions.append((CorrectionAction.ACCEPT, translated(self.rules.accept_words)))
        else:
            self.initial["action"] = CorrectionAction.DISREGARD
        self.fields["action"].choices = actions
        self.fields["choice"].choices = [
            (choice["id"], text_of(choice["html"], 120)) for choice in options.get("choice", ())
        ]
        self.fields["blank"].choices = [("", _("Choose…")), *((n, f"[[{n}]]") for n in options.get("blank", ()))]
        for name in {"choice", "text", "blank"} - set(options):
            del self.fields[name]
        if self.rules.keeps_space:
            self.fields["text"].widget = forms.Textarea(attrs={"rows": 4, "class": "mono"})
            self.fields["text"].strip = False

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("action") != CorrectionAction.ACCEPT or self.errors:
            return cleaned
        for name in {"choice", "blank", "text"} & set(self.fields):
            if not str(cleaned[name]).strip():
                self.add_error(name, self.fields[name].error_messages["required"])
        if "text" in self.fields and not self.errors:
            cleaned["text"] = normal_line_ends(cleaned["text"])
            self._refuse_accepted_text(cleaned)
        return cleaned

    def _refuse_accepted_text(self, cleaned):
        try:
            part, answer = self.rules.part(self.question, cleaned["text"], cleaned.get("blank"))
            is_accepted = grade(part, answer).points == 1
        except ValueError as error:
            raise ValidationError({"text": translated(error.args[0])}) from error
        if is_accepted:
            raise ValidationError({"text": _("This answer is already accepted.")})

    def correction(self) -> dict:
        """The arguments of `corrections.correct`. Only of a valid form."""
        cleaned = self.cleaned_data
        accepted = {name: cleaned[name] for name in ("choice", "text", "blank") if cleaned.get(name)}
        return {"action": cleaned["action"], "note": cleaned["note"]} | accepted
