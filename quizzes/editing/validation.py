"""What has to be true of questions before readers are given them, as sentences."""

from collections.abc import Sequence

from .. import kinds

QUESTIONS_PER_QUIZ = 100
# A browser sends one field for each ticked box, and Django reads no more than 1000 fields.
FIELDS_PER_PAPER = 900
# Of one question of any kind.
MOST_CHOICES = max(rules.most for rules in kinds.RULES.values())


def problems_of_question(question, choices: Sequence) -> list[str]:
    """What keeps a question with these choices from being asked and graded, as sentences; empty when nothing does.

    Takes rows, stored or not. No query.
    """
    rules = kinds.rules_of(question.kind)
    if len(choices) > rules.most:
        return [f"It has {len(choices)} choices; {rules.most} is the most."]
    found = [] if question.stem.strip() else ["It asks nothing: its text is empty."]
    if question.rule and question.rule not in rules.scoring:
        found.append("This rule of scoring does not go with this kind of question.")
    return found + rules.problems(question, choices)


def problems(quiz, placements: Sequence) -> list[str]:
    """What keeps these questions from being published, as sentences that name the question; empty when nothing does."""
    found, fields = [], 0
    for number, placement in enumerate(placements, 1):
        question, choices = placement.question, list(placement.question.choices.all())
        found += [
            f"Question {number} (“{question}”): {sentence}" for sentence in problems_of_question(question, choices)
        ]
        fields += kinds.rules_of(question.kind).boxes(question, choices)
    if not placements:
        found.append("A quiz without questions cannot be published.")
    if len(placements) > QUESTIONS_PER_QUIZ or fields > FIELDS_PER_PAPER:
        found.append(
            f"A quiz has at most {QUESTIONS_PER_QUIZ} questions with {FIELDS_PER_PAPER} boxes. Make two of it."
        )
    always = sum(placement.is_always for placement in placements)
    if quiz.draw_count and not always <= quiz.draw_count <= len(placements):
        found.append(
            f"{quiz.draw_count} questions are to be drawn, of {len(placements)} with {always} that are always there."
        )
    return found
