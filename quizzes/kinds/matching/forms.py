from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing.text import markdown

from ..base import field_name
from ..base_forms import Forms, first_sent, ids_of, text_of, words


class MatchingForms(Forms):
    template = "quizzes/_{}_pairs.html"

    def clean(self, question, paper, sent):
        lefts = paper.ids_by_token(question)
        rights = self.rules.right_sides(question, paper)
        rights = {paper.token(question, right, "right"): right["id"] for right in rights}
        pairs = {}
        for name, values in sent.items():
            chosen = [value for value in values if value]
            if len(chosen) > 1:
                raise ValidationError(_("One of the pairs has several right sides. Choose one."), code="several")
            if chosen:
                pairs[str(lefts[name.partition("-")[2]])] = ids_of(rights, chosen)[0]
        return pairs

    def shown(self, question, paper, sent):
        pairs = []
        for left in paper.choices(question):
            name = field_name(question, paper.token(question, left))
            pairs.append({"name": name, "words": words(left["html"]), "chosen": first_sent(sent, name)})
        rights = self.rules.right_sides(question, paper)
        return {"pairs": pairs, "options": [(paper.token(question, right, "right"), right["pair"]) for right in rights]}

    def answer_groups(self, question, report):
        pairs = {str(choice["id"]): choice["pair"] for choice in question["choices"]}
        lefts = {str(choice["id"]): text_of(choice["html"], 60) for choice in question["choices"] if choice["html"]}
        return report.parts(
            _("Pairs"),
            lefts,
            lambda left, right: f"{lefts[left]} → {pairs[right]}",
            lambda left, right: pairs[left] == pairs[right],
        )

    def reviewed(self, question, answer, mark):
        by_id = {str(choice["id"]): choice for choice in question["choices"]}
        given = {left: by_id[str(right)]["pair"] for left, right in (answer or {}).items()}
        return {
            "options": sorted({choice["pair"] for choice in question["choices"]}),
            "parts": [
                {
                    "html": markdown.stored(choice["html"]),
                    "given": given.get(key, ""),
                    "right": choice["pair"],
                    "is_right": choice["id"] in mark.matched,
                }
                for key, choice in by_id.items()
                if choice["html"]
            ],
        }
