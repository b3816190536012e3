"""Grading a question of any kind, and a paper of them, from an edition's bundle and raw answers.

The shapes of an answer, by kind:

- single, multiple, true_false: [id of a choice, …]
- short_answer, numeric, output: the text as typed
- ordering: [id of each choice], in the reader's order
- matching: {id of a left side: id of the choice whose right side it was given}
- cloze: {number of a blank: the text as typed, or as chosen from a list}; a blank whose accepted answers have a
  tolerance takes a number

Keys may be numbers, or texts as JSON has them. None, an empty list, an empty mapping and blank text are no answer.
"""

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

from . import choices, numbers, ordering, texts
from .weights import clamped, fraction_of

Answer = str | Collection[int] | Mapping[str | int, int | str] | None
NOBODY = frozenset[int]()
CHOICE_KINDS = ("single", "true_false", "multiple")


class Graded(NamedTuple):
    """`points` from 0 to 1, and the ids of the choices that the answer `matched`, whose feedback the reader is shown.

    These are the ticked choices; the accepted variant that fits, for a cloze one for each blank; the left sides that
    were paired rightly; the items in their own place.
    """

    points: Fraction
    matched: frozenset[int] = NOBODY


class Mark(NamedTuple):
    """What one question earned: `points` from 0 to 1, whether it was answered, and what the answer `matched`."""

    question: int
    points: Fraction
    is_answered: bool
    matched: frozenset[int] = NOBODY

    @property
    def state(self) -> str:
        """ "right" (the whole point), "partly", "wrong" or "unanswered"."""
        if not self.is_answered:
            return "unanswered"
        if self.points == 1:
            return "right"
        return "partly" if self.points > 0 else "wrong"


def rules_of(kind: str) -> tuple[str, ...]:
    """The rules that an author may choose from for a question of this kind; none where the weights decide."""
    if kind == "ordering":
        return tuple(ordering.RULES)
    return (choices.RIGHT_MINUS_WRONG, choices.WEIGHTED_SUM, choices.ALL_OR_NOTHING) if kind == "multiple" else ()


def rule_for(kind: str, weights: Collection[Fraction], wanted: str = "") -> str:
    """The rule to freeze with a question: the one that its author wants, or the one that its weights say.

    `weights` matter for "multiple" only (`choices.derived_rule`). An ordering that wants none has all pairs compared.
    A single choice and true or false have one rule, and the other kinds have none (""), whatever is wanted. Raises
    ValueError for a rule that a multiple response or an ordering does not have.
    """
    rules = rules_of(kind)
    if not rules:
        return choices.SINGLE if kind in CHOICE_KINDS else ""
    if wanted and wanted not in rules:
        raise ValueError(f"A question of kind {kind!r} has no rule {wanted!r}.")
    if kind == "ordering":
        return wanted or ordering.DEFAULT_ORDERING_RULE
    return wanted or choices.derived_rule(weights)


def number_blanks(question: Mapping) -> set[int]:
    """The blanks of a cloze that are compared as numbers: those with a tolerance, which may be "0"."""
    return {choice["blank"] for choice in question["choices"] if choice.get("tolerance")}


def offered_texts(question: Mapping) -> dict[int, list[str]]:
    """The blanks of a cloze whose text is chosen from a list, with the texts of each in the author's order."""
    found: dict[int, list[str]] = {}
    for choice in question["choices"]:
        if choice.get("offered"):
            found.setdefault(choice["blank"], []).append(choice["text"])
    return found


def is_answer(answer: Answer) -> bool:
    """Whether anything was answered: not None, nothing empty, no blank text, and not a mapping of blank texts only."""
    if isinstance(answer, str):
        return bool(answer.strip())
    if isinstance(answer, Mapping):
        return any(is_answer(part) if isinstance(part, str) else part is not None for part in answer.values())
    return bool(answer)


def grade(question: Mapping, answer: Answer) -> Graded:
    """The points of an answer, and what it matched. Without an answer, 0 and nothing.

    `question` is one of an edition's bundle, and may come from `repairs.repaired`. Raises KeyError for a choice, a
    left side or a blank that the question does not have, and ValueError for an answer of another shape, for an
    ordering with an item missing or twice, for two choices where one is asked for, and (NumberProblem) for a text that
    is not a number. Forms check all of that first.
    """
    return _GRADERS[question["kind"]](question, answer) if is_answer(answer) else Graded(Fraction())


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


def _grade_choices(question: Mapping, answer: Answer) -> Graded:
    weights = {choice["id"]: fraction_of(choice["weight"]) for choice in question["choices"]}
    ticked = _ids(answer, weights)
    rule = question["rule"]
    if rule == choices.SINGLE and len(ticked) > 1:
        raise ValueError("A single choice takes one answer.")
    neutral = {choice["id"] for choice in question["choices"] if choice.get("is_neutral")}
    if neutral:
        weights = choices.counted(weights, neutral, rule)
    return Graded(choices.RULES[rule](weights, [choice for choice in ticked if choice in weights]), frozenset(ticked))


def _grade_ordering(question: Mapping, answer: Answer) -> Graded:
    places = {choice["id"]: place for place, choice in enumerate(question["choices"])}
    order = _ids(answer, places)
    if len(order) != len(places):
        raise ValueError("An order holds every item.")
    matched = frozenset(choice for position, choice in enumerate(order) if places[choice] == position)
    if len(order) < 2:
        return Graded(Fraction(1), matched)
    rule = ordering.RULES[question.get("rule") or ordering.DEFAULT_ORDERING_RULE]
    return Graded(rule([places[choice] for choice in order]), matched)


def _grade_matching(question: Mapping, answer: Answer) -> Graded:
    """#{left sides given a right side with the text of their own} / all left sides, from 0 to 1.

    Right sides with the same text are as good as each other. Source: Moodle, question/type/match.
    """
    lefts = {str(choice["id"]): choice for choice in question["choices"] if choice["html"].strip()}
    rights = {choice["id"]: choice["pair"] for choice in question["choices"]}
    given = [(lefts[str(left)], right) for left, right in _parts(answer) if right is not None]
    _ids([left["id"] for left, _ in given], rights)
    for _, right in given:
        _ids([right], rights)
    matched = frozenset(left["id"] for left, right in given if rights[right] == left["pair"])
    return Graded(Fraction(len(matched), len(lefts)), matched)


def _grade_text(question: Mapping, answer: Answer) -> Graded:
    """The weight of the first accepted text that fits, from 0 to 1. Source: Moodle, question/type/shortanswer."""
    usual = texts.LINES if question["kind"] == "output" else texts.PLAIN
    fits = texts.matcher(question.get("matching") or usual, _text(answer))
    return _first(question["choices"], lambda choice: fits(choice["text"]))


def _grade_numeric(question: Mapping, answer: Answer) -> Graded:
    """The weight of the first number in whose interval the answer lies, from 0 to 1.

    Source: Moodle, question/type/numerical.
    """
    number = numbers.read_number(_text(answer))
    return _first(
        question["choices"],
        lambda choice: numbers.is_accepted(
            number, choice["text"], choice.get("tolerance", ""), choice.get("tolerance_kind", "")
        ),
    )


def _grade_cloze(question: Mapping, answer: Answer) -> Graded:
    """Σ f / B over the B blanks, each graded like a short answer, a number or by the text chosen; from 0 to 1.

    f is 0 for a blank left empty.

    Source: Moodle, question/type/multianswer, with blanks of equal weight.
    """
    blanks: dict[str, list[Mapping]] = {}
    for choice in question["choices"]:
        blanks.setdefault(str(choice["blank"]), []).append(choice)
    numeric = {str(blank) for blank in number_blanks(question)}
    offered = {str(blank) for blank in offered_texts(question)}
    graded = []
    for blank, typed in _parts(answer):
        part = {**question, "choices": blanks[str(blank)]}
        if not is_answer(_text(typed)):
            continue
        if str(blank) in offered:
            graded.append(_first(part["choices"], lambda choice, typed=typed: choice["text"] == typed))
        else:
            graded.append(_grade_numeric(part, typed) if str(blank) in numeric else _grade_text(part, typed))
    points = sum((part.points for part in graded), Fraction()) / len(blanks)
    return Graded(points, NOBODY.union(*(part.matched for part in graded)))


def _first(variants: Collection[Mapping], fits: Callable[[Mapping], bool]) -> Graded:
    for choice in variants:
        if fits(choice):
            return Graded(clamped(fraction_of(choice["weight"])), frozenset([choice["id"]]))
    return Graded(Fraction())


def _ids(answer: Answer, known: Mapping[int, object]) -> list[int]:
    """The answer as a list of different ids, all of them known."""
    if isinstance(answer, str | Mapping) or not isinstance(answer, Collection):
        raise ValueError("The answer is a list of choices.")
    if not all(type(choice) is int for choice in answer):
        raise ValueError("A choice is named by its id.")
    if len(set(answer)) != len(answer):
        raise ValueError("A choice stands twice in the answer.")
    for choice in answer:
        if choice not in known:
            raise KeyError(choice)
    return list(answer)


def _parts(answer: Answer) -> list[tuple[str | int, int | str]]:
    if not isinstance(answer, Mapping):
        raise ValueError("The answer is a mapping.")
    if len({str(part) for part in answer}) != len(answer):
        raise ValueError("A part of the question stands twice in the answer.")
    return list(answer.items())


def _text(answer: object) -> str:
    if not isinstance(answer, str):
        raise ValueError("The answer is a text.")
    return answer


_GRADERS: dict[str, Callable[[Mapping, Answer], Graded]] = {
    "single": _grade_choices,
    "multiple": _grade_choices,
    "true_false": _grade_choices,
    "short_answer": _grade_text,
    "numeric": _grade_numeric,
    "ordering": _grade_ordering,
    "matching": _grade_matching,
    "cloze": _grade_cloze,
    "output": _grade_text,
}
