"""Mending a question that readers have already answered: what is graded then, while the edition stays as it is.

A repair is plain data: {"question": id, "action": "disregard" | "accept", "choice": id | None, "text": str, "blank":
int | None, …}; what else it holds (when, why) is not read here.
"""

from collections.abc import Collection, Mapping

from .numbers import NumberProblem, read_number
from .weights import fraction_of

DISREGARD, ACCEPT = "disregard", "accept"
_TEXT_KINDS = ("short_answer", "numeric", "output", "cloze")


def repaired(question: Mapping, repairs: Collection[Mapping]) -> Mapping | None:
    """The question as it is to be graded after the repairs, in their order; those of other questions do not matter.

    None when it is disregarded: it leaves the score and the maximum. "accept" gives one more choice of a single choice
    or of true or false the whole point. In a multiple response the choice gets "is_neutral": True and counts neither
    for nor against; when no right choice is left, nothing is asked any more, and the question is disregarded. A text
    becomes one more accepted variant with weight 100, a number one without a tolerance. It stands before the variants
    that are worth less, since the first one that fits decides, and has a negative id (-1, -2, …, by its place among
    the question's repairs).

    A choice or a blank that this edition of the question does not have changes nothing, and neither does a text where
    it asks for a number or for a text of a list. The question itself is never
    changed. Raises ValueError for another action, and for "accept" on an ordering or a matching.
    """
    mine = [repair for repair in repairs if repair["question"] == question["id"]]
    for number, repair in enumerate(mine, 1):
        if repair["action"] == DISREGARD:
            return None
        if repair["action"] != ACCEPT:
            raise ValueError(f"There is no repair {repair['action']!r}.")
        question = {**question, "choices": _accepting(question, repair, -number)}
    return None if mine and _asks_nothing(question) else question


def _accepting(question: Mapping, repair: Mapping, new_id: int) -> list[Mapping]:
    kind, choices = question["kind"], question["choices"]
    if kind in _TEXT_KINDS:
        return _with_variant(question, repair, new_id)
    if kind == "multiple":
        change = {"is_neutral": True}
    elif kind in {"single", "true_false"}:
        change = {"weight": "100"}
    else:
        raise ValueError(f"A question of kind {kind!r} cannot accept more.")
    return [{**choice, **change} if choice["id"] == repair.get("choice") else choice for choice in choices]


def _with_variant(question: Mapping, repair: Mapping, new_id: int) -> list[Mapping]:
    choices, blank = question["choices"], repair.get("blank")
    variant = {"id": new_id, "weight": "100", "feedback": "", "text": repair["text"]}
    is_number = question["kind"] == "numeric"
    if question["kind"] == "cloze":
        here = [choice for choice in choices if choice["blank"] == blank]
        if not here:
            return list(choices)
        variant["blank"] = blank
        is_number = any(choice.get("tolerance") for choice in here)
        if any(choice.get("offered") for choice in here):
            if all(choice["text"] != repair["text"] for choice in here):
                return list(choices)
            variant["offered"] = True
    if is_number:
        if not _is_number(repair["text"]):
            return list(choices)
        variant |= {"tolerance": "0", "tolerance_kind": "nominal"}
    worth_less = (
        at
        for at, choice in enumerate(choices)
        if choice.get("blank") == variant.get("blank") and fraction_of(choice["weight"]) < 1
    )
    at = next(worth_less, len(choices))
    return [*choices[:at], variant, *choices[at:]]


def _is_number(text: str) -> bool:
    try:
        read_number(text)
    except NumberProblem:
        return False
    return True


def _asks_nothing(question: Mapping) -> bool:
    return question["kind"] == "multiple" and not any(
        fraction_of(choice["weight"]) > 0 and not choice.get("is_neutral") for choice in question["choices"]
    )
