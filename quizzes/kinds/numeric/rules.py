"""A number, with tolerances. An answer is the text as typed."""

from ..grading import numbers
from ..grading.answers import first_that_fits, text
from ..short_answer.rules import ShortAnswer


class Numeric(ShortAnswer):
    name, label, hint = "numeric", "Numeric", "type a number"
    fields = ()
    columns = {
        "text": "Accepted number", "tolerance": "Tolerance", "tolerance_kind": "which is", "weight": "Weight",
        "feedback": "Feedback",
    }  # fmt: skip
    usual_matching = ""

    def problems_of_texts(self, question, choices):
        wrong = [sentence for choice in choices for sentence in self.problems_of_number(choice)]
        return wrong or super().problems_of_texts(question, choices)

    def problems_of_number(self, choice) -> list[str]:
        if choice.text.strip() == numbers.ANYTHING:
            return []
        try:
            value, tolerance = numbers.read_number(choice.text), numbers.read_number(choice.tolerance or "0")
        except numbers.NumberProblem as error:
            return [str(error)]
        found = [f"The tolerance {choice.tolerance} is negative."] if tolerance < 0 else []
        if value == 0 and tolerance and choice.tolerance_kind != numbers.NOMINAL:
            found.append("The answer is 0, so give the tolerance as plus or minus.")
        return found

    def sample(self, asked, accepted):
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
        return numbers.is_number(accepted)

    def variant(self, accepted):
        return super().variant(accepted) | {"tolerance": "0", "tolerance_kind": numbers.NOMINAL}

    def is_number(self, tolerance):
        return True
