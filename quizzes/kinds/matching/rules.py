"""Pairs to match. An answer is {id of a left side: id of the choice whose right side it was given}."""

from fractions import Fraction

from ..base import Rules, field_name, problems_of_repeated
from ..grading.answers import Graded, ids, parts
from ..messages import gettext_noop as _


class Matching(Rules):
    name, label = "matching", _("Matching")
    # Translators: for readers.
    hint = _("match the pairs")
    fields = ("shuffle",)
    columns = {"text": _("Left side"), "pair": _("belongs to")}
    too_few, one_empty = _("It needs at least two pairs."), _("One of its pairs is empty.")
    has_weights = False
    has_field_per_choice = True

    def problems(self, question, choices):
        lefts = [choice.text for choice in choices if choice.text.strip()]
        if too_few := self.problem_of_texts(lefts):
            return [too_few]
        found = problems_of_repeated(lefts, lambda text: _("“%(text)s” is repeated in its left sides.", text=text))
        if not all(choice.pair.strip() for choice in choices):
            found.append(_("One of its pairs has no right side."))
        return found

    def frozen_choice(self, choice, html):
        return {"html": html(choice.text), "pair": choice.pair}

    def laid_out(self, question, paper):
        lefts = [choice for choice in question["choices"] if choice["html"]]
        return paper.shuffled(lefts, "lefts", question["id"]) if question["shuffle"] else lefts

    def right_sides(self, question, paper) -> list[dict]:
        """What the left sides can be paired with, each text once."""
        once = {choice["pair"]: choice for choice in reversed(question["choices"])}
        return paper.shuffled(list(reversed(once.values())), "rights", question["id"])

    def field_names(self, question, paper):
        return [field_name(question, paper.token(question, left)) for left in paper.choices(question)]

    def whole_key(self, answer, spelled):
        return ""

    def part_keys(self, answer, spelled):
        return (f"{left}:{right}" for left, right in answer)

    def grade(self, question, answer):
        """#{left sides given a right side with the text of their own} / all left sides, from 0 to 1.

        Right sides with the same text are as good as each other. Source: Moodle, question/type/match.
        """
        lefts = {str(choice["id"]): choice for choice in question["choices"] if choice["html"].strip()}
        rights = {choice["id"]: choice["pair"] for choice in question["choices"]}
        given = [(lefts[str(left)], right) for left, right in parts(answer) if right is not None]
        for _left, right in given:
            ids([right], rights)
        matched = frozenset(left["id"] for left, right in given if rights[right] == left["pair"])
        return Graded(Fraction(len(matched), len(lefts)), matched)

    def missing(self, item):
        return self.problem_of_texts([choice.pair for choice in item.choices])
