"""Forms of readers: starting a quiz, its answers, and how far they got."""

import re

from django import forms
from django.core.exceptions import ValidationError

from .kinds.base import field_name
from .kinds.forms import FORMS
from .taking.tickets import EXTENSIONS


class AnswerWidget(forms.Widget):
    """Reads all inputs of a question. Templates render them."""

    def __init__(self, names):
        super().__init__()
        self.names = names

    def value_from_datadict(self, data, files, name):
        return {name: data.getlist(name) for name in self.names}


class AnswerField(forms.Field):
    """The answer to a question, cleaned to the raw answer that is graded and stored; None if empty."""

    def __init__(self, paper, question):
        super().__init__(required=False, widget=AnswerWidget(paper.field_names(question)))
        self.paper, self.question = paper, question

    def clean(self, value):
        return FORMS[self.question["kind"]].clean(self.question, self.paper, value) or None


class KeyField(forms.CharField):
    """The idempotency key of a submission, from the page's script: a double click submits once. "" if invalid."""

    def clean(self, value):
        return value if value and re.fullmatch("[0-9a-f]{32}", value) else ""


class PaperForm(forms.Form):
    """The answers to a paper."""

    confirm = forms.CharField(required=False, max_length=10)
    key = KeyField(required=False)

    def __init__(self, data, *, paper):
        super().__init__(data)
        self.paper = paper
        for question in paper.questions:
            self.fields[field_name(question)] = AnswerField(paper, question)

    def sent(self) -> dict[str, list[str]]:
        """The raw values by name of the input, valid or not."""
        names = [name for question in self.paper.questions for name in self.paper.field_names(question)]
        return {name: self.data.getlist(name) for name in names if name in self.data}

    def answers(self) -> dict:
        """Raw answers by id of the question as text, without unanswered questions. Only of a valid form."""
        answers = {str(question["id"]): self.cleaned_data[field_name(question)] for question in self.paper.questions}
        return {pk: answer for pk, answer in answers.items() if answer is not None}


class StartForm(forms.Form):
    """The extra time that a reader needs, in percent."""

    extension = forms.TypedChoiceField(
        choices=[(percent, percent) for percent in EXTENSIONS], coerce=int, required=False, empty_value=0
    )


class ProgressForm(forms.Form):
    """How far a browser got. At stage "answered", `before` of the answers were counted earlier."""

    stage = forms.ChoiceField(choices=[(stage, stage) for stage in ("seen", "started", "answered")])
    edition = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    answered = forms.IntegerField(min_value=1, required=False)
    before = forms.IntegerField(min_value=0, required=False)

    def __init__(self, data, *, most):
        super().__init__(data)
        self.most = most

    def clean(self):
        cleaned = super().clean()
        answered, before = cleaned.get("answered") or 0, cleaned.get("before") or 0
        if cleaned.get("stage") == "answered" and not before < answered <= self.most:
            raise ValidationError("This paper does not have so many questions.")
        return cleaned | {"answered": answered, "before": before}

    def step(self) -> dict:
        """The arguments of `funnel.count`. Only of a valid form."""
        return {name: self.cleaned_data[name] for name in ("stage", "answered", "before")}
