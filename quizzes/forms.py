"""What a reader hands in."""

from django import forms
from django.core.exceptions import ValidationError

from . import papers

# What fits every database's integer.
LARGEST_NUMBER = 2**31 - 1


class AnswerField(forms.Field):
    """The tokens that were ticked for one question, cleaned to the ids of its choices. Empty is allowed."""

    widget = forms.SelectMultiple

    def __init__(self, question, edition_id):
        super().__init__(required=False)
        self.takes_one = question["kind"] != "multiple"
        self.choice_ids = papers.choices_by_token(edition_id, question)

    def clean(self, value):
        tokens = value or []
        if self.takes_one and len(tokens) > 1:
            raise ValidationError("This question takes one answer, but several were sent. Choose one.", code="several")
        if any(token not in self.choice_ids for token in tokens):
            raise ValidationError("An answer was sent that is not on this paper. Choose again.", code="unknown")
        return sorted({self.choice_ids[token] for token in tokens})


class PaperForm(forms.Form):
    """The answers to one edition of `quiz`, and which edition it was.

    `paper_edition` is the edition that the answers are read by, and that is shown again when something is wrong: the
    one that was sent when the quiz has it, else the current one. Costs one query, two when the edition is unknown.
    """

    edition = forms.IntegerField(min_value=1, max_value=LARGEST_NUMBER, required=False)
    confirm = forms.CharField(required=False, max_length=10)

    def __init__(self, data, *, quiz):
        super().__init__(data)
        sent = self._sent_edition(quiz)
        self.is_known_edition = sent is not None
        self.paper_edition = sent or quiz.current_edition
        for question in self.paper_edition.questions:
            self.fields[papers.field_name(question)] = AnswerField(question, self.paper_edition.pk)

    def _sent_edition(self, quiz):
        try:
            number = self.fields["edition"].clean(self.data.get("edition"))
        except ValidationError:
            return None
        return quiz.editions.filter(number=number).first() if number else None

    def clean(self):
        if not self.is_known_edition:
            raise ValidationError(
                "It is not clear which edition of this quiz you answered. This is the current one; "
                "check your answers and hand them in again.",
                code="edition",
            )
        return super().clean()

    def sent_tokens(self) -> dict[str, list[str]]:
        """What was ticked, by field name, sound or not."""
        names = [papers.field_name(question) for question in self.paper_edition.questions]
        return {name: self.data.getlist(name) for name in names}

    def answers(self) -> dict[int, list[int]]:
        """Ids of the chosen choices by id of question. Only of a valid form."""
        return {
            question["id"]: self.cleaned_data[papers.field_name(question)] for question in self.paper_edition.questions
        }
