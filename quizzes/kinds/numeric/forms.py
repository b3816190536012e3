from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..base_forms import number_errors
from ..short_answer.forms import ShortAnswerForms


class NumericForms(ShortAnswerForms):
    label = _("Your number")

    def clean(self, question, paper, sent):
        text = super().clean(question, paper, sent)
        if text and (errors := number_errors(text)):
            raise ValidationError(errors)
        return text
