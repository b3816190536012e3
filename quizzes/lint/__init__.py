"""Suggestions for authors: giveaways, what is missing, what is unclear. None of them blocks publishing."""

from collections.abc import Iterable

from . import rules
from .links import LinkTargets
from .rules import Finding
from .texts import Subject

__all__ = ["Finding", "findings"]


def findings(questions: Iterable) -> list[Finding]:
    """The findings about each of these questions in order, then about all of them together.

    The queries of `LinkTargets` when the choices are prefetched.
    """
    subjects = [Subject(question, list(question.choices.all())) for question in questions]
    targets = LinkTargets(subjects)
    found = []
    for subject in subjects:
        subject.targets = targets
        about = (subject.question.pk, str(subject.question))
        for rule in rules.QUESTION_RULES:
            found += [Finding(rule.name, rule.severity, sentence, *about) for sentence in rule.check(subject)]
    for rule in rules.QUIZ_RULES:
        found += [Finding(rule.name, rule.severity, sentence) for sentence in rule.check(subjects)]
    return found
