from django.core.exceptions import ValidationError

from publishing.text import markdown

from ..base import field_name
from ..base_forms import UNKNOWN, Forms, any_of, first_sent, number_errors, one_text, split_stem
from ..grading.weights import fraction_of
from .rules import by_blank, number_blanks, offered_texts, pieces


class ClozeForms(Forms):
    template = "quizzes/_{}_blanks.html"

    def clean(self, question, paper, sent):
        texts = {name.partition("-")[2]: one_text(values) for name, values in sent.items()}
        filled = {number: text for number, text in texts.items() if text}
        offered = offered_texts(question)
        if any(text not in offered.get(int(number), [text]) for number, text in filled.items()):
            raise ValidationError(UNKNOWN, code="unknown")
        numbers = sorted(filled.keys() & set(map(str, number_blanks(question))))
        if errors := [error for number in numbers for error in number_errors(filled[number], number)]:
            raise ValidationError(errors)
        return filled

    def shown(self, question, paper, sent):
        numbers, offered = number_blanks(question), self.rules.offered_texts(question, paper)
        shown = []
        for html, number in pieces(split_stem(question["stem"])[1]):
            name = field_name(question, number)
            shown.append(
                {
                    "html": markdown.stored(html),
                    "name": name,
                    "number": number,
                    "value": first_sent(sent, name),
                    "is_number": number in numbers,
                    "options": offered.get(number, ()),
                }
            )
        return {"pieces": shown, "rest": ""}

    def answer_groups(self, question, report):
        return report.blanks(sorted(by_blank(question)))

    def reviewed(self, question, answer, mark):
        whole = [choice for choice in question["choices"] if fraction_of(choice["weight"]) == 1]
        parts = []
        for html, number in pieces(split_stem(question["stem"])[1]):
            accepted = [choice for choice in whole if choice["blank"] == number]
            parts.append(
                {
                    "html": markdown.stored(html),
                    "number": number,
                    "given": (answer or {}).get(str(number), ""),
                    "right": any_of([choice["text"] for choice in accepted if choice["text"] != "*"]),
                    "is_right": any(choice["id"] in mark.matched for choice in accepted),
                }
            )
        return {"parts": parts, "rest": ""}
