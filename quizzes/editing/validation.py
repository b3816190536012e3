"""What blocks publishing, as sentences."""

from collections.abc import Sequence

from .. import kinds

QUESTIONS_PER_QUIZ = 100
# A browser sends one field for each ticked box, and Django accepts at most 1,000.
FIELDS_PER_PAPER = 900
MOST_CHOICES = max(rules.most for rules in kinds.RULES.values())


def problems_of_question(question, choices: Sequence) -> list[str]:
    """Why a question with these choices, saved or not, cannot be published."""
    rules = kinds.rules_of(question.kind)
    if len(choices) > rules.most:
        return [f"There are {len(choices)} choices. The limit is {rules.most}."]
    found = [] if question.stem.strip() else ["The question text is missing."]
    if question.rule and question.rule not in rules.scoring:
        found.append("This kind of question cannot be scored by this rule.")
    return found + rules.problems(question, choices)


def problems(quiz, placements: Sequence) -> list[str]:
    """Why a quiz with these questions cannot be published."""
    found, fields = [], 0
    for number, placement in enumerate(placements, 1):
        question, choices = placement.question, list(placement.question.choices.all())
        found += [f"Question {number} (“{question}”): {text}" for text in problems_of_question(question, choices)]
        fields += kinds.rules_of(question.kind).field_count(question, choices)
    if not placements:
        found.append("Add a question first.")
    if len(placements) > QUESTIONS_PER_QUIZ or fields > FIELDS_PER_PAPER:
        found.append(
            f"A quiz can have at most {QUESTIONS_PER_QUIZ} questions and {FIELDS_PER_PAPER} boxes. Split it in two."
        )
    always = sum(placement.is_always for placement in placements)
    if quiz.draw_count and not always <= quiz.draw_count <= len(placements):
        found.append(
            f"Cannot draw {quiz.draw_count} of {len(placements)} questions if {always} of them are on every paper."
        )
    return found
