from ..base_forms import check_number
from ..short_answer.forms import ShortAnswerForms
from .rules import Numeric


class NumericForms(ShortAnswerForms):
    rules = Numeric()
    label = "Your number"

    def clean(self, question, paper, sent):
        text = super().clean(question, paper, sent)
        if text:
            check_number(text)
        return text
