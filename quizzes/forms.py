"""What a reader hands in: one field for each question, cleaned to the raw answer that is graded and stored."""

import re

from django import forms
from django.core.exceptions import ValidationError

from .kinds.base import field_name
from .kinds.forms import forms_of
from .taking.tickets import EXTENSIONS


class AnswerWidget(forms.Widget):
    """Reads every field of the form that belongs to one question; the templates draw them."""

    def __init__(self, names):
        super().__init__()
        self.names = names

    def value_from_datadict(self, data, files, name):
        return {name: data.getlist(name) for name in self.names}


class AnswerField(forms.Field):
    """The answer to one question. Empty is allowed, and cleaned to None."""

    def __init__(self, paper, question):
        super().__init__(required=False, widget=AnswerWidget(paper.field_names(question)))
        self.paper, self.question = paper, question

    def clean(self, value):
        return forms_of(self.question["kind"]).clean(self.question, self.paper, value) or None


class KeyField(forms.CharField):
    """What the page's script calls this hand-in, so that a second click is the same one; anything else is nothing."""

    def clean(self, value):
        return value if value and re.fullmatch("[0-9a-f]{32}", value) else ""


class PaperForm(forms.Form):
    """The answers to one paper, which the view has opened from its ticket."""

    confirm = forms.CharField(required=False, max_length=10)
    key = KeyField(required=False)

    def __init__(self, data, *, paper):
        super().__init__(data)
        self.paper = paper
        for question in paper.questions:
            self.fields[field_name(question)] = AnswerField(paper, question)

    def sent(self) -> dict[str, list[str]]:
        """What was sent, by name of the field, sound or not."""
        names = [name for question in self.paper.questions for name in self.paper.field_names(question)]
        return {name: self.data.getlist(name) for name in names if name in self.data}

    def answers(self) -> dict:
        """Raw answers by id of question as text; unanswered questions are left out. Only of a valid form."""
        named = [(str(question["id"]), field_name(question)) for question in self.paper.questions]
        return {pk: self.cleaned_data[name] for pk, name in named if self.cleaned_data[name] is not None}


class StartForm(forms.Form):
    """How much more time a reader needs, in percent."""

    extension = forms.TypedChoiceField(
        choices=[(percent, percent) for percent in EXTENSIONS], coerce=int, required=False, empty_value=0
    )


class ProgressForm(forms.Form):
    """How far a browser came: seen, started, or so many questions answered, `before` of which were counted already."""

    stage = forms.ChoiceField(choices=[(stage, stage) for stage in ("seen", "started", "answered")])
    edition = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    answered = forms.IntegerField(min_value=1, required=False)
    before = forms.IntegerField(min_value=0, required=False)

    def __init__(self, data, *, most):
        super().__init__(data)
        self.most = most

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("stage") == "answered":
            answered, before = cleaned.get("answered") or 0, cleaned.get("before") or 0
            if not before < answered <= self.most:
                raise ValidationError("That many questions are not on this paper.")
        return cleaned

    def step(self) -> dict:
        """The step to count. Only of a valid form."""
        if self.cleaned_data["stage"] != "answered":
            return {"stage": self.cleaned_data["stage"]}
        return {
            "stage": "answered",
            "answered": self.cleaned_data["answered"],
            "before": self.cleaned_data["before"] or 0,
        }
