"""What blocks publishing, as sentences."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from .. import kinds
from ..kinds.words import translated

QUESTIONS_PER_QUIZ = 100
# A browser sends one field for each ticked box, and Django accepts at most 1,000.
FIELDS_PER_PAPER = 900
MOST_CHOICES = max(rules.most for rules in kinds.RULES.values())


def problems_of_question(question, choices: Sequence) -> list[str]:
    """Why a question with these choices, saved or not, cannot be published."""
    rules = kinds.rules_of(question.kind)
    if len(choices) > rules.most:
        return [_("There are %(count)s choices. The limit is %(most)s.") % {"count": len(choices), "most": rules.most}]
    found = [] if question.stem.strip() else [_("The question text is missing.")]
    if question.rule and question.rule not in rules.scoring:
        found.append(_("This kind of question cannot be scored by this rule."))
    return found + [translated(problem) for problem in rules.problems(question, choices)]


def problems(quiz, placements: Sequence) -> list[str]:
    """Why a quiz with these questions cannot be published."""
    found, fields = [], 0
    for number, placement in enumerate(placements, 1):
        question, choices = placement.question, list(placement.question.choices.all())
        for problem in problems_of_question(question, choices):
            said = {"number": number, "question": question, "problem": problem}
            found.append(_("Question %(number)s (“%(question)s”): %(problem)s") % said)
        fields += kinds.rules_of(question.kind).field_count(question, choices)
    if not placements:
        found.append(_("Add a question first."))
    if len(placements) > QUESTIONS_PER_QUIZ or fields > FIELDS_PER_PAPER:
        most = {"questions": QUESTIONS_PER_QUIZ, "boxes": FIELDS_PER_PAPER}
        found.append(_("A quiz can have at most %(questions)s questions and %(boxes)s boxes. Split it in two.") % most)
    always = sum(placement.is_always for placement in placements)
    if quiz.draw_count and not always <= quiz.draw_count <= len(placements):
        words = _("Cannot draw %(drawn)s of %(count)s questions if %(always)s of them are on every paper.")
        found.append(words % {"drawn": quiz.draw_count, "count": len(placements), "always": always})
    return found
