"""A number, with tolerances. An answer is the text as typed."""

from ..grading import numbers
from ..grading.answers import first_that_fits, text
from ..messages import gettext_noop as _
from ..short_answer.rules import ShortAnswer


class Numeric(ShortAnswer):
    name, label = "numeric", _("Numeric")
    # Translators: for readers.
    hint = _("type a number")
    fields = ()
    columns = {
        "text": _("Accepted number"), "tolerance": _("Tolerance"), "tolerance_kind": _("which is"),
        "weight": _("Weight"), "feedback": _("Feedback"),
    }  # fmt: skip
    usual_matching = ""

    def problems_of_texts(self, question, choices):
        wrong = [numbers.problem_of(choice.text, choice.tolerance, choice.tolerance_kind) for choice in choices]
        return list(filter(None, wrong)) or super().problems_of_texts(question, choices)

    def sample(self, plain_question, accepted):
        return "1e307" if accepted.strip() == numbers.ANYTHING else accepted

    def frozen_choice(self, choice, html):
        tolerance = {"tolerance": choice.tolerance or "0", "tolerance_kind": str(choice.tolerance_kind)}
        return {"text": choice.text.strip()} | tolerance

    def grade(self, question, answer):
        """The weight of the first number in whose interval the answer lies. Source: Moodle, question/type/numerical."""
        number = numbers.read_number(text(answer))
        return first_that_fits(question["choices"], lambda choice: numbers.is_accepted(number, choice))

    def spelling(self, question):
        return lambda typed: "".join(typed.split())

    def can_accept(self, accepted):
        return accepted.strip() != numbers.ANYTHING and not numbers.problem_of(accepted)

    def variant(self, accepted):
        return super().variant(accepted) | {"tolerance": "0", "tolerance_kind": numbers.NOMINAL}

    def is_number(self, tolerance):
        return True
