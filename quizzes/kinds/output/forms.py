from django.utils.translation import gettext_lazy as _

from publishing.text import markdown

from ..short_answer.forms import ShortAnswerForms


class OutputForms(ShortAnswerForms):
    label, longest = _("What it prints"), 5_000

    def shown(self, question, paper, sent):
        return super().shown(question, paper, sent) | {"program": markdown.stored(question["program_html"])}

    def reviewed(self, question, answer, mark):
        return super().reviewed(question, answer, mark) | {
            "program": markdown.stored(question["program_html"]),
            "interpreter": question["interpreter"],
        }
