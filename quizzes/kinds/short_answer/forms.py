from django.utils.translation import gettext_lazy as _

from ..base_forms import TEXT_LENGTH, Forms, one_text, sent_to
from ..grading.weights import fraction_of


class ShortAnswerForms(Forms):
    template = "quizzes/_{}_typed.html"
    label, longest = _("Your answer"), TEXT_LENGTH

    def clean(self, question, paper, sent):
        return one_text(sent_to(question, sent), self.longest)

    def shown(self, question, paper, sent):
        return {"label": self.label, "value": "".join(sent_to(question, sent)[:1])}

    def answer_groups(self, question, report):
        return report.typed()

    def reviewed(self, question, answer, mark):
        accepted = [choice["text"] for choice in question["choices"] if fraction_of(choice["weight"]) == 1]
        return {"given": answer or "", "accepted": [text for text in accepted if text != "*"]}
