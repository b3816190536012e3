"""One choice of several, the base of multiple choice and true or false. An answer is [id of a choice, …]."""

from ..base import Rules
from ..grading import choices as scoring
from ..grading.answers import Graded, ids
from ..grading.weights import fraction_of
from ..messages import gettext_noop as _


class Single(Rules):
    name, label = "single", _("Single choice")
    # Translators: for readers.
    hint = _("choose one")
    fields = ("shuffle",)
    columns = {"text": _("Choice"), "weight": _("Weight"), "feedback": _("Feedback"), "is_pinned": _("Pinned")}
    scoring_in_files = tuple(scoring.RULES)
    usual_scoring = scoring.SINGLE
    is_ticked = has_distractors = choices_differ = True
    accept_words = _("Accept another choice too: it is now worth the whole point.")

    def problems_of_choices(self, question, choices):
        return self.problems_of_best(choices, _("One of its choices has to be worth the whole point (weight 100)."))

    def laid_out(self, question, paper):
        choices = question["choices"]
        if not question["shuffle"]:
            return choices
        return paper.shuffled(choices, "choices", question["id"], pinned=[choice["pinned"] for choice in choices])

    def grade(self, question, answer):
        weights = {choice["id"]: fraction_of(choice["weight"]) for choice in question["choices"]}
        ticked = ids(answer, weights)
        rule = question["rule"]
        if rule == scoring.SINGLE and len(ticked) > 1:
            raise ValueError("A single choice takes one answer.")
        neutral = {choice["id"] for choice in question["choices"] if choice.get("is_neutral")}
        if neutral:
            weights = scoring.counted(weights, neutral, rule)
        points = scoring.RULES[rule](weights, [choice for choice in ticked if choice in weights])
        return Graded(points, frozenset(ticked))

    def fields_to_accept(self, question):
        found = [choice for choice in question["choices"] if self.is_open(choice)]
        return {"choice": found} if found else {}

    def is_open(self, choice) -> bool:
        """Whether accepting this choice changes anything."""
        return fraction_of(choice["weight"]) < 1

    def accepting(self, question, correction, new_id):
        return [
            {**choice, **self.accepted} if choice["id"] == correction.get("choice") else choice
            for choice in question["choices"]
        ]

    # The values that an accepted choice gets.
    accepted = {"weight": "100"}
