"""What a reader hands in: one field for each question, cleaned to the raw answer that is graded and stored."""

import re

from django import forms
from django.core.exceptions import ValidationError

from publishing.text.parsing import normal_line_ends
from publishing.text.validators import validate_storable

from . import grading
from .grading.numbers import NumberProblem, read_number
from .taking import papers
from .taking.tickets import EXTENSIONS

# A word, a line of code; a program's output. Beyond that nobody means it.
TEXT_LENGTH = 500
OUTPUT_LENGTH = 5_000

UNKNOWN = "An answer was sent that is not on this paper. Choose again."


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
        return _CLEANERS[self.question["kind"]](self.paper, self.question, value) or None


class KeyField(forms.CharField):
    """What the page's script calls this hand-in, so that a second click is the same one; anything else is nothing."""

    def clean(self, value):
        return value if value and re.fullmatch("[0-9a-f]{32}", value) else ""


def _ids(known: dict[str, int], tokens) -> list[int]:
    if any(token not in known for token in tokens):
        raise ValidationError(UNKNOWN, code="unknown")
    return [known[token] for token in tokens]


def _choices(paper, question, sent):
    (tokens,) = sent.values()
    if question["kind"] != "multiple" and len(tokens) > 1:
        raise ValidationError("This question takes one answer, but several were sent. Choose one.", code="several")
    return sorted(set(_ids(paper.ids_by_token(question), tokens)))


def _one_text(values, longest: int) -> str:
    if len(values) > 1:
        raise ValidationError("This question takes one answer, but several were sent. Type one.", code="several")
    text = normal_line_ends("".join(values))
    if len(text) > longest:
        raise ValidationError(f"An answer has at most {longest} characters; this one has {len(text)}.", code="long")
    validate_storable(text)
    return text if text.strip() else ""


def _text(paper, question, sent):
    (values,) = sent.values()
    return _one_text(values, OUTPUT_LENGTH if question["kind"] == "output" else TEXT_LENGTH)


def _number(paper, question, sent):
    text = _text(paper, question, sent)
    if text:
        try:
            read_number(text)
        except NumberProblem as error:
            raise ValidationError(str(error), code="number") from error
    return text


def _order(paper, question, sent):
    (tokens,) = sent.values()
    if not any(tokens):
        return []
    known = paper.ids_by_token(question)
    ids = _ids(known, [token for token in tokens if token])
    if len(set(ids)) < len(ids):
        raise ValidationError("One item stands in two places. Give each item one place.", code="repeated")
    if len(ids) < len(known):
        raise ValidationError(f"{len(known) - len(ids)} of {len(known)} items have no place yet.", code="incomplete")
    return ids


def _pairs(paper, question, sent):
    lefts, rights = paper.ids_by_token(question), paper.ids_by_token(question, "right")
    pairs = {}
    for name, values in sent.items():
        chosen = [value for value in values if value]
        if len(chosen) > 1:
            raise ValidationError("One of the pairs has several right sides. Choose one.", code="several")
        if chosen:
            pairs[str(lefts[name.partition("-")[2]])] = _ids(rights, chosen)[0]
    return pairs


def _blanks(paper, question, sent):
    texts = {name.partition("-")[2]: _one_text(values, TEXT_LENGTH) for name, values in sent.items()}
    filled = {number: text for number, text in texts.items() if text}
    offered = grading.offered_texts(question)
    if any(text not in offered.get(int(number), [text]) for number, text in filled.items()):
        raise ValidationError(UNKNOWN, code="unknown")
    wrong = []
    for number in sorted(filled.keys() & set(map(str, grading.number_blanks(question)))):
        try:
            read_number(filled[number])
        except NumberProblem as error:
            wrong.append(ValidationError(f"Blank {number}: {error}", code="number"))
    if wrong:
        raise ValidationError(wrong)
    return filled


_CLEANERS = {
    **dict.fromkeys(("single", "multiple", "true_false"), _choices),
    **dict.fromkeys(("short_answer", "output"), _text),
    "numeric": _number,
    "ordering": _order,
    "matching": _pairs,
    "cloze": _blanks,
}


class PaperForm(forms.Form):
    """The answers to one paper, which the view has opened from its ticket."""

    confirm = forms.CharField(required=False, max_length=10)
    key = KeyField(required=False)

    def __init__(self, data, *, paper):
        super().__init__(data)
        self.paper = paper
        for question in paper.questions:
            self.fields[papers.field_name(question)] = AnswerField(paper, question)

    def sent(self) -> dict[str, list[str]]:
        """What was sent, by name of the field, sound or not."""
        names = [name for question in self.paper.questions for name in self.paper.field_names(question)]
        return {name: self.data.getlist(name) for name in names if name in self.data}

    def answers(self) -> dict:
        """Raw answers by id of question as text; unanswered questions are left out. Only of a valid form."""
        named = [(str(question["id"]), papers.field_name(question)) for question in self.paper.questions]
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
