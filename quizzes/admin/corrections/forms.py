"""What can be repaired in a question, by its kind."""

from django import forms
from django.core.exceptions import ValidationError

from publishing.text.parsing import normal_line_ends
from publishing.text.validators import validate_no_turned_text, validate_one_line, validate_storable
from quizzes import grading
from quizzes.grading import NumberProblem, fraction_of
from quizzes.models import Repair, RepairAction
from quizzes.results import corrections
from quizzes.taking.papers import CHOICE_KINDS, TYPED_KINDS

NOT_TO_ACCEPT = ("ordering", "matching")
ACCEPT_WORDS = {
    "single": "Accept another choice too: it is worth the whole point from now on.",
    "true_false": "Accept the other choice too: the question is right for everybody who answered.",
    "multiple": "Let a choice count neither for nor against: it may be ticked or not.",
}


class RepairForm(forms.Form):
    """A repair of one question. `question` is as it is in the edition with the repairs that were made before."""

    action = forms.ChoiceField(label="What to do", widget=forms.RadioSelect)
    choice = forms.TypedChoiceField(label="Which choice", coerce=int, required=False, widget=forms.RadioSelect)
    blank = forms.TypedChoiceField(label="Of which blank", coerce=int, required=False)
    text = forms.CharField(
        label="Accept this too",
        max_length=Repair._meta.get_field("text").max_length,
        required=False,
        validators=[validate_storable],
    )
    note = forms.CharField(
        label="What was wrong",
        max_length=Repair._meta.get_field("note").max_length,
        validators=[validate_storable, validate_one_line, validate_no_turned_text],
        help_text="A sentence for those who answered it. It stands beside their score with today's date.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, data=None, *, question):
        super().__init__(data)
        self.question, kind = question, question["kind"]
        actions = [(RepairAction.DISREGARD, "Disregard the question: it leaves the score and the maximum.")]
        open_choices = [choice for choice in question["choices"] if kind in CHOICE_KINDS and self._is_open(choice)]
        if kind not in NOT_TO_ACCEPT and (open_choices or kind not in CHOICE_KINDS):
            actions.append((RepairAction.ACCEPT, ACCEPT_WORDS.get(kind, "Accept an answer that was not accepted.")))
        self.fields["action"].choices = actions
        self.initial["action"] = actions[0][0] if len(actions) == 1 else None
        self._keep(self._names(open_choices))
        if open_choices:
            self.fields["choice"].choices = [
                (choice["id"], corrections.words_of(choice["html"])) for choice in open_choices
            ]
        if kind == "output":
            self.fields["text"].widget = forms.Textarea(attrs={"rows": 4, "class": "mono"})
            self.fields["text"].strip = False

    def _names(self, open_choices) -> set[str]:
        """Which fields say what is accepted."""
        if self.question["kind"] == "cloze":
            return {"text", "blank"}
        return {"text"} if self.question["kind"] in TYPED_KINDS else {"choice"} if open_choices else set()

    def _keep(self, names):
        for name in {"choice", "text", "blank"} - names:
            del self.fields[name]
        if "blank" in names:
            numbers = sorted({choice["blank"] for choice in self.question["choices"]})
            self.fields["blank"].choices = [("", "Choose…"), *((number, f"[[{number}]]") for number in numbers)]

    def _is_open(self, choice) -> bool:
        """Whether something changes when this choice is accepted too."""
        if self.question["kind"] == "multiple":
            return not choice.get("is_neutral")
        return fraction_of(choice["weight"]) < 1

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("action") != RepairAction.ACCEPT or self.errors:
            return cleaned
        for name, missing in (("choice", "Choose which."), ("blank", "Choose which."), ("text", "Write what.")):
            if name in self.fields and not str(cleaned[name]).strip():
                self.add_error(name, missing)
        if "text" in self.fields and not self.errors:
            cleaned["text"] = normal_line_ends(cleaned["text"])
            self._refuse_what_is_accepted(cleaned)
        return cleaned

    def _refuse_what_is_accepted(self, cleaned):
        text, question = cleaned["text"], self.question
        listed = grading.offered_texts(question).get(cleaned.get("blank"), [text])
        if text not in listed:
            raise ValidationError({"text": f"Write one of its list: {', '.join(listed)}."})
        try:
            if question["kind"] == "cloze":
                choices = [choice for choice in question["choices"] if choice["blank"] == cleaned["blank"]]
                question, text = question | {"choices": choices}, {cleaned["blank"]: text}
            is_accepted = grading.grade(question, text).points == 1
        except NumberProblem as error:
            raise ValidationError({"text": str(error)}) from error
        if is_accepted:
            raise ValidationError({"text": "This is accepted already."})

    def repair(self) -> dict:
        """What `repairing.repair` takes. Only of a valid form."""
        cleaned = self.cleaned_data
        accepted = {name: cleaned[name] for name in ("choice", "text", "blank") if cleaned.get(name)}
        return {"action": cleaned["action"], "note": cleaned["note"]} | accepted
