"""True or false: two choices that are always called so. An answer is [id of a choice]."""

from ..grading.weights import fraction_of
from ..single.rules import Single


class TrueFalse(Single):
    name, label, hint = "true_false", "True or false", "true or false"
    fields = ()
    fixed_texts = ("True", "False")
    columns = Single.columns | {"is_pinned": ""}
    has_distractors = choices_differ = False
    accept_words = "Accept the other choice too: everyone who answered gets the point."

    def problems_of_choices(self, question, choices):
        right = [fraction_of(choice.weight) for choice in choices].count(1)
        found = []
        if tuple(choice.text for choice in choices) != self.fixed_texts:
            found.append("It needs the two choices True and False, in this order.")
        if right != 1:
            found.append(f"Exactly one of its choices has to be right (weight 100); {right or 'none'} is.")
        return found

    def frozen(self, question, choices, html):
        return super().frozen(question, choices, html) | {"shuffle": False}

    def missing(self, item):
        return super().missing(item) or (
            "" if len(item.choices) == 2 else "There are not just the choices True and False."
        )
