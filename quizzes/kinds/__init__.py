"""The kinds of questions: their registry, grading and corrections.

A kind is a folder: rules.py defines its drafts, editions, grading, corrections and files, and is pure; forms.py
(`forms.FORMS`) shows it to readers and reads what they send. A new kind has an entry here and in forms.py, its
templates, and an entry in each file format that supports it.
"""

from collections.abc import Collection, Mapping
from fractions import Fraction

from .base import Rules
from .cloze.rules import Cloze
from .grading.answers import Answer, Graded, Mark, is_answer
from .matching.rules import Matching
from .multiple.rules import Multiple
from .numeric.rules import Numeric
from .ordering.rules import Ordering
from .output.rules import Output
from .short_answer.rules import ShortAnswer
from .single.rules import Single
from .true_false.rules import TrueFalse

DISREGARD, ACCEPT = "disregard", "accept"

# In the order in which authors choose from them.
RULES: dict[str, Rules] = {
    rules.name: rules
    for rules in (
        Single(), Multiple(), TrueFalse(), ShortAnswer(), Numeric(), Ordering(), Matching(), Cloze(), Output(),
    )
}  # fmt: skip


def rules_of(kind: str) -> Rules:
    """Raises KeyError for an unknown kind."""
    return RULES[kind]


def grade(question: Mapping, answer: Answer) -> Graded:
    """The points of an answer, and what it matched. Without an answer, 0 and nothing.

    `question` comes from an edition's bundle or from `corrected`. Keys of an answer are numbers, or texts as in JSON.
    Raises KeyError for a choice, left side or blank that the question does not have, and ValueError for any other
    answer that the forms refuse, such as an incomplete order or (NumberProblem) a text that is not a number.
    """
    return rules_of(question["kind"]).grade(question, answer) if is_answer(answer) else Graded(Fraction())


def grade_paper(questions: Collection[Mapping], answers: Mapping[str | int, Answer]) -> list[Mark]:
    """A mark for each question, in their order. `answers` maps ids of questions, as numbers or texts, to answers.

    Answers to other questions are ignored. Raises as `grade`.
    """
    marks = []
    for question in questions:
        key = question["id"]
        answer = answers.get(key, answers.get(str(key)))
        graded = grade(question, answer)
        marks.append(Mark(key, graded.points, is_answer(answer), graded.matched))
    return marks


def corrected(question: Mapping, corrections: Collection[Mapping]) -> Mapping | None:
    """The question with its corrections, in their order, as a copy; those of other questions are ignored.

    A correction is plain data: {"question": id, "action": "disregard" | "accept", "choice": id | None, "text": str,
    "blank": int | None, …}.

    None when the question is disregarded: it leaves the score and the maximum. "accept" gives a choice the whole
    point; in a multiple choice it is "is_neutral" and ignored, and without a right choice the question is disregarded.
    A text becomes an accepted answer with weight 100, a number without a tolerance, before those that are worth less.
    Its id is negative (-1, -2, …, by its place among the question's corrections).

    A choice, blank or text that this edition of the question cannot accept changes nothing. Raises ValueError for
    another action, and for "accept" on an ordering or a matching.
    """
    mine = [correction for correction in corrections if correction["question"] == question["id"]]
    rules = rules_of(question["kind"])
    for number, correction in enumerate(mine, 1):
        if correction["action"] == DISREGARD:
            return None
        if correction["action"] != ACCEPT:
            raise ValueError(f"There is no correction {correction['action']!r}.")
        question = {**question, "choices": rules.accepting(question, correction, -number)}
    return None if mine and rules.is_void(question) else question
