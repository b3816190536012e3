"""What a second pair of eyes would say of a question: giveaways, what is missing, what is unclear.

Nothing found here keeps a quiz from being published (that is editing/validation.py); it is advice. The rules are pure
functions over rows and over what is known of this site's addresses.

texts  what a question's Markdown holds: words, code, pictures, links
rules  the rules, each with its name, its severity and its sentences
links  what the links of some questions lead to
"""

from collections.abc import Iterable, Sequence

from . import links, rules
from .rules import Finding, Rule, every_rule
from .texts import Subject

__all__ = ["Finding", "Rule", "every_rule", "findings", "of_question", "of_quiz"]


def findings(questions: Iterable, known: links.Known | None = None) -> list[Finding]:
    """What is to be said of these questions, one after another, and then of all of them together. No query.

    Takes rows with their choices prefetched. Without `known`, links are not looked at.
    """
    subjects = [Subject(question, list(question.choices.all()), known) for question in questions]
    single = [
        Finding.by(rule, said, subject)
        for subject in subjects
        for rule in rules.QUESTION_RULES
        for said in rule(subject)
    ]
    return single + [Finding.by(rule, said) for rule in rules.QUIZ_RULES for said in rule(subjects)]


def of_quiz(quiz, questions: Sequence | None = None) -> list[Finding]:
    """The same for a quiz as it is now. At most four queries, and two less with its `questions`."""
    questions = quiz.questions_in_order() if questions is None else questions
    return findings(questions, links.look_up(questions))


def of_question(question) -> list[Finding]:
    """The same for one question, apart from its quizzes. At most four queries."""
    return findings([question], links.look_up([question]))
