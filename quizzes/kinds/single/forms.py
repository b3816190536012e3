from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing.text import markdown

from ..base_forms import Forms, ids_of, sent_to, words
from ..grading.weights import fraction_of
from ..words import translated


class SingleForms(Forms):
    template = "quizzes/_{}_choices.html"

    def clean(self, question, paper, sent):
        tokens = sent_to(question, sent)
        if not self.rules.takes_several and len(tokens) > 1:
            message = _("This question takes one answer, but several were sent. Choose one.")
            raise ValidationError(message, code="several")
        return sorted(set(ids_of(paper.ids_by_token(question), tokens)))

    def shown(self, question, paper, sent):
        several, ticked = self.rules.takes_several, set(sent_to(question, sent))
        if not several and len(ticked) > 1:
            ticked = set()
        choices = []
        for choice in paper.choices(question):
            token = paper.token(question, choice)
            choices.append({"token": token, "words": words(self._html(choice)), "is_chosen": token in ticked})
        return {"is_multiple": several, "choices": choices}

    def reviewed(self, question, answer, mark):
        chosen, reviewed = set(answer or ()), []
        for choice in question["choices"]:
            weight = fraction_of(choice["weight"])
            # A corrected choice is ignored; the note beside the question explains it.
            is_neutral = choice.get("is_neutral", False)
            is_chosen, is_right = choice["id"] in chosen, self.rules.is_right(weight) and not is_neutral
            reviewed.append(
                {
                    "html": markdown.stored(self._html(choice)),
                    "is_chosen": is_chosen,
                    "is_right": is_right,
                    "is_partly_right": weight > 0 and not is_right and not is_neutral,
                    "feedback": markdown.stored(choice["feedback"] if is_chosen else ""),
                }
            )
        # It is shown beside the choices.
        return {"choices": reviewed, "feedback": []}

    def _html(self, choice) -> str:
        """Choices that are called the same in every question have their names in the language of the page."""
        names = {f"<p>{text}</p>": f"<p>{translated(text)}</p>" for text in self.rules.fixed_texts}
        return names.get(choice["html"].strip(), choice["html"])

    def answer_groups(self, question, report):
        return report.choices(self.rules)
