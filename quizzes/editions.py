"""What readers are asked: a quiz's questions checked, rendered and frozen.

The bundle of an edition is plain JSON: {"format": 1, "title": str, "questions": [{"id", "kind", "rule", "shuffle",
"stem", "explanation", "choices": [{"id", "html", "weight", "feedback"}]}]}. Stem, explanation, html and feedback are
clean HTML, weights are percent as text. Nothing in it is ever changed.
"""

from collections.abc import Iterable
from decimal import Decimal

from articles.models import Image
from publishing import markup

from . import grading

BUNDLE_FORMAT = 1
QUESTIONS_PER_QUIZ = 100
# Keeps the lowest common denominator of all points of a paper below 2^63, and a question on one screen.
CHOICES_PER_QUESTION = 20
# A browser sends one field for each ticked box, and Django reads no more than 1000 fields.
FIELDS_PER_PAPER = 900


def problems_of_choices(kind: str, weights: list[Decimal], texts: list[str]) -> list[str]:
    """What keeps a question with these choices from being graded, as sentences; empty when nothing does."""
    if len(weights) < 2:
        return ["It needs at least two choices."]
    if len(weights) > CHOICES_PER_QUESTION:
        return [f"It has {len(weights)} choices; {CHOICES_PER_QUESTION} is the most."]
    found = []
    if not all(text.strip() for text in texts):
        found.append("One of its choices is empty.")
    fractions = [grading.fraction_of(weight) for weight in weights]
    if any(abs(fraction) > 1 for fraction in fractions):
        found.append("A weight has to lie between -100 and 100 percent.")
    if kind == "true_false" and texts != ["True", "False"]:
        found.append("It needs the two choices True and False, in this order.")
    if kind == "multiple":
        if not grading.is_whole(fractions):
            total = sum((weight for weight in weights if weight > 0), Decimal())
            found.append(f"The weights of its right choices have to add up to 100 percent; they add up to {total:g}.")
    elif (right := fractions.count(1)) != 1:
        found.append(f"Exactly one of its choices has to be right (weight 100); {right or 'none'} is.")
    return found


def problems(questions: Iterable) -> list[str]:
    """What keeps these questions from being published, as sentences that name the question; empty when nothing does."""
    found, fields, number = [], 0, 0
    for number, question in enumerate(questions, 1):
        choices = list(question.choices.all())
        texts, weights = [choice.text for choice in choices], [choice.weight for choice in choices]
        wrong = problems_of_choices(question.kind, weights, texts)
        if not question.stem.strip():
            wrong.append("It asks nothing: its text is empty.")
        found += [f"Question {number} (“{question}”): {sentence}" for sentence in wrong]
        fields += len(choices) if question.kind == "multiple" else 1
    if not number:
        found.append("A quiz without questions cannot be published.")
    if number > QUESTIONS_PER_QUIZ or fields > FIELDS_PER_PAPER:
        found.append(
            f"A quiz has at most {QUESTIONS_PER_QUIZ} questions with {FIELDS_PER_PAPER} boxes. Make two of it."
        )
    return found


def _html(source: str) -> str:
    return str(markup.render_article(source, Image.resolve).html).strip() if source.strip() else ""


def _percent(weight: Decimal) -> str:
    return f"{weight.normalize():f}"


def bundle(title: str, questions: Iterable) -> dict:
    """Freeze questions with their choices. Costs no query when they are prefetched, and one for each image."""
    return {
        "format": BUNDLE_FORMAT,
        "title": title,
        "questions": [
            {
                "id": question.pk,
                "kind": str(question.kind),
                "rule": grading.rule_for(
                    question.kind, [grading.fraction_of(choice.weight) for choice in question.choices.all()]
                ),
                "shuffle": question.shuffle and question.kind != "true_false",
                "stem": _html(question.stem),
                "explanation": _html(question.explanation),
                "choices": [
                    {
                        "id": choice.pk,
                        "html": _html(choice.text),
                        "weight": _percent(choice.weight),
                        "feedback": _html(choice.feedback),
                    }
                    for choice in question.choices.all()
                ],
            }
            for question in questions
        ],
    }
