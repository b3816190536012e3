"""The kinds of questions, and what holds for a question of any kind.

A kind is a folder: rules.py says what it is in drafts, editions, grading, corrections and files, and is pure; forms.py
(`forms.forms_of`) shows it to readers and reads what they send. A new kind is named once here and once there, has its
templates, and an entry in each file format that can hold it.
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
    """What a kind says about itself. Raises KeyError for an unknown one."""
    return RULES[kind]


def grade(question: Mapping, answer: Answer) -> Graded:
    """The points of an answer, and what it matched. Without an answer, 0 and nothing.

    `question` is one of an edition's bundle, and may come from `corrected`. Keys of an answer may be numbers, or texts
    as JSON has them. Raises KeyError for a choice, a left side or a blank that the question does not have, and
    ValueError for an answer of another shape, for an ordering with an item missing or twice, for two choices where one
    is asked for, and (NumberProblem) for a text that is not a number. Forms check all of that first.
    """
    return rules_of(question["kind"]).grade(question, answer) if is_answer(answer) else Graded(Fraction())


def grade_paper(questions: Collection[Mapping], answers: Mapping[str | int, Answer]) -> list[Mark]:
    """A mark for each question, in their order. `answers` maps ids of questions, as numbers or as texts, to answers.

    Raises what `grade` raises. Answers to questions that are not among them are ignored.
    """
    marks = []
    for question in questions:
        key = question["id"]
        answer = answers.get(key, answers.get(str(key)))
        graded = grade(question, answer)
        marks.append(Mark(key, graded.points, is_answer(answer), graded.matched))
    return marks


def corrected(question: Mapping, corrections: Collection[Mapping]) -> Mapping | None:
    """The question as it is to be graded after the corrections, in their order; those of other questions do not matter.

    A correction is plain data: {"question": id, "action": "disregard" | "accept", "choice": id | None, "text": str,
    "blank": int | None, …}; what else it holds (when, why) is not read here.

    None when it is disregarded: it leaves the score and the maximum. "accept" gives one more choice of a single choice
    or of true or false the whole point. In a multiple response the choice gets "is_neutral": True and counts neither
    for nor against; when no right choice is left, nothing is asked any more, and the question is disregarded. A text
    becomes one more accepted variant with weight 100, a number one without a tolerance. It stands before the variants
    that are worth less, since the first one that fits decides, and has a negative id (-1, -2, …, by its place among
    the question's corrections).

    A choice or a blank that this edition of the question does not have changes nothing, and neither does a text where
    it asks for a number or for a text of a list. The question itself is never changed. Raises ValueError for another
    action, and for "accept" on an ordering or a matching.
    """
    mine = [correction for correction in corrections if correction["question"] == question["id"]]
    rules = rules_of(question["kind"])
    for number, correction in enumerate(mine, 1):
        if correction["action"] == DISREGARD:
            return None
        if correction["action"] != ACCEPT:
            raise ValueError(f"There is no correction {correction['action']!r}.")
        question = {**question, "choices": rules.accepting(question, correction, -number)}
    return None if mine and rules.asks_nothing(question) else question
