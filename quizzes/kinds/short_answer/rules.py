"""A typed text, the base of numbers, outputs and blanks. An answer is the text as typed."""

import re

from ..base import Rules
from ..grading import texts
from ..grading.answers import first_that_fits, text
from ..grading.weights import fraction_of
from ..messages import gettext_noop as _


class ShortAnswer(Rules):
    name, label = "short_answer", _("Short answer")
    # Translators: for readers.
    hint = _("type an answer")
    fields = ("matching",)
    columns = {"text": _("Accepted answer"), "weight": _("Weight"), "feedback": _("Feedback")}
    usual_matching = texts.PLAIN
    least, too_few = 1, _("It needs at least one accepted answer.")
    one_empty = _("One of its accepted answers is empty.")
    is_typed = True
    accept_words = _("Accept an answer that was not accepted.")

    def problems_of_choices(self, question, choices):
        none = _("One of its accepted answers has to be worth the whole point (weight 100).")
        return self.problems_of_texts(question, choices) + self.problems_of_best(choices, none)

    def problems_of_texts(self, question, choices) -> list[str]:
        """Problems of the accepted answers of a question with one field, or of one blank.

        An earlier accepted answer must not match everything that the one with the whole point does.
        """
        names = ("text", "weight", "tolerance", "tolerance_kind")
        plain = [{"id": place} | {name: str(getattr(c, name)) for name in names} for place, c in enumerate(choices)]
        plain_question = {"matching": str(question.matching), "choices": plain}
        whole = [choice["text"] for choice in plain if fraction_of(choice["weight"]) == 1]
        if not whole or any(
            self.grade(plain_question, self.sample(plain_question, accepted)).points == 1 for accepted in whole
        ):
            return []
        first = whole[0][:60]
        return [_("“%(text)s” is worth the whole point, but an earlier accepted answer matches it first.", text=first)]

    def sample(self, plain_question, accepted: str) -> str:
        """An answer that the accepted one matches; a star is any text."""
        if plain_question["matching"] in (texts.PLAIN, texts.CASE):
            accepted = re.sub(r"(?<!\\)\*+", "", accepted).replace("\\*", "*")
        return accepted if accepted.strip() else "any text"

    def frozen_choice(self, choice, html):
        return {"text": choice.text}

    def grade(self, question, answer):
        """The weight of the first accepted text that fits. Source: Moodle, question/type/shortanswer."""
        fits = texts.matcher(question.get("matching") or self.usual_matching, text(answer))
        return first_that_fits(question["choices"], lambda choice: fits(choice["text"]))

    def whole_key(self, answer, spelled):
        return spelled(answer)

    def fields_to_accept(self, question):
        return {"text": ()}

    def accepting(self, question, correction, new_id):
        if not self.can_accept(correction["text"]):
            return list(question["choices"])
        return with_variant(question["choices"], self.variant(correction["text"]) | {"id": new_id})

    def can_accept(self, accepted: str) -> bool:
        return True

    def variant(self, accepted: str) -> dict:
        return {"weight": "100", "feedback": "", "text": accepted}


def with_variant(choices, variant: dict) -> list:
    """With one more accepted text before those of its blank that are worth less: the first that fits decides."""
    worth_less = (
        at
        for at, choice in enumerate(choices)
        if choice.get("blank") == variant.get("blank") and fraction_of(choice["weight"]) < 1
    )
    at = next(worth_less, len(choices))
    return [*choices[:at], variant, *choices[at:]]
