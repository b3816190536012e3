"""Items to put in order. Its choices are in the right order; an answer is [id of each], in the reader's order."""

from fractions import Fraction

from ..base import Rules, problems_of_repeated
from ..grading import ordering
from ..grading.answers import Graded, ids
from ..messages import gettext_noop as _


class Ordering(Rules):
    name, label = "ordering", _("Ordering")
    # Translators: for readers.
    hint = _("put in order")
    fields = ("rule",)
    columns = {"text": _("Item, in its right place")}
    scoring = scoring_in_files = tuple(ordering.RULES)
    usual_scoring = ordering.DEFAULT_RULE
    too_few, one_empty = _("It needs at least two items."), _("One of its items is empty.")
    has_weights = False
    choices_differ = has_field_per_choice = True

    def problems_of_choices(self, question, choices):
        return problems_of_repeated(
            [choice.text for choice in choices], lambda text: _("“%(text)s” is repeated in its items.", text=text)
        )

    def is_shuffled(self, question):
        return True

    def laid_out(self, question, paper):
        """Never in the right order."""
        choices = question["choices"]
        mixed = paper.shuffled(choices, "items", question["id"])
        return [*mixed[1:], mixed[0]] if mixed == choices else mixed

    def as_laid_out(self, question, order):
        """In "laid", since the order of the choices is the right one."""
        return {**question, "laid": order}

    def part_keys(self, answer, spelled):
        """The item in each place, from 1."""
        return (f"{place}:{item}" for place, item in enumerate(answer, 1))

    def grade(self, question, answer):
        places = {choice["id"]: place for place, choice in enumerate(question["choices"])}
        order = ids(answer, places)
        if len(order) != len(places):
            raise ValueError("An order has every item.")
        matched = frozenset(choice for position, choice in enumerate(order) if places[choice] == position)
        if len(order) < 2:
            return Graded(Fraction(1), matched)
        rule = ordering.RULES[question.get("rule") or self.usual_scoring]
        return Graded(rule([places[choice] for choice in order]), matched)
