"""What has to be true of questions before readers are given them: each kind's own rules, as sentences."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from .. import grading
from ..formats.items import BLANK
from ..grading.numbers import NumberProblem, read_number

QUESTIONS_PER_QUIZ = 100
# Keeps the lowest common denominator of all points of a paper below 2^63, and a question on one screen.
CHOICES_PER_QUESTION = 20
# Of all blanks of a text, of which some have lists.
TEXTS_PER_CLOZE = 100
# A browser sends one field for each ticked box, and Django reads no more than 1000 fields.
FIELDS_PER_PAPER = 900


def _of_choices(question, choices) -> list[str]:
    weights, texts = [choice.weight for choice in choices], [choice.text for choice in choices]
    if len(choices) < 2:
        return ["It needs at least two choices."]
    found = []
    if not all(text.strip() for text in texts):
        found.append("One of its choices is empty.")
    fractions = [grading.fraction_of(weight) for weight in weights]
    if any(abs(fraction) > 1 for fraction in fractions):
        found.append("A weight has to lie between -100 and 100 percent.")
    if question.kind == "true_false" and texts != ["True", "False"]:
        found.append("It needs the two choices True and False, in this order.")
    if question.kind == "multiple":
        if not grading.is_whole(grading.fractions_of(weights)):
            total = sum((weight for weight in weights if weight > 0), Decimal())
            found.append(
                f"The weights of its right choices have to add up to 100 percent; they add up to {total.normalize():f}."
                " For equal shares of three, write 33.33333 for each."
            )
    elif question.kind == "true_false" and (right := fractions.count(1)) != 1:
        found.append(f"Exactly one of its choices has to be right (weight 100); {right or 'none'} is.")
    else:
        found += _of_best_weight(choices, "its choices")
    return found


def _of_texts(question, choices) -> list[str]:
    found = []
    if not choices:
        return ["It needs at least one accepted answer."]
    if not all(choice.text.strip() for choice in choices):
        found.append("One of its accepted answers is empty.")
    return found + _of_best_weight(choices) + _of_reach(question, choices)


def _of_reach(question, choices) -> list[str]:
    """Nothing, unless an earlier accepted answer fits everything that a later one with the whole point would.

    `choices` are those of a question with one field, or of one blank. The first that fits decides.
    """
    is_number = question.kind == "numeric" or (question.kind == "cloze" and any(choice.tolerance for choice in choices))
    names = ("text", "weight", "tolerance", "tolerance_kind")
    plain = [{"id": place} | {name: str(getattr(c, name)) for name in names} for place, c in enumerate(choices)]
    asked = {"kind": "numeric" if is_number else "short_answer", "matching": str(question.matching), "choices": plain}
    whole = [choice["text"] for choice in plain if grading.fraction_of(choice["weight"]) == 1]
    if not whole or any(grading.grade(asked, _sample(asked, text)).points == 1 for text in whole):
        return []
    return [f"“{whole[0][:60]}” has the whole point, but an earlier accepted answer fits it, and the first decides."]


def _sample(asked: Mapping, accepted: str) -> str:
    """Something that the accepted answer fits; a star stands for any text or any number."""
    if asked["kind"] == "numeric":
        return "1e307" if accepted.strip() == "*" else accepted
    if asked["matching"] in ("plain", "case"):
        accepted = re.sub(r"(?<!\\)\*+", "", accepted).replace("\\*", "*")
    return accepted if accepted.strip() else "any text"


def _of_best_weight(choices, what: str = "its accepted answers") -> list[str]:
    best = max(grading.fraction_of(choice.weight) for choice in choices)
    return [] if best == Fraction(1) else [f"One of {what} has to be worth the whole point (weight 100)."]


def _of_numbers(question, choices) -> list[str]:
    if not choices:
        return ["It needs at least one accepted number."]
    wrong = [sentence for choice in choices for sentence in _of_number(choice)]
    return wrong + _of_best_weight(choices) + ([] if wrong else _of_reach(question, choices))


def _of_number(choice) -> list[str]:
    if choice.text.strip() == "*":
        return []
    try:
        value, tolerance = read_number(choice.text), read_number(choice.tolerance or "0")
    except NumberProblem as error:
        return [str(error)]
    found = [f"The tolerance {choice.tolerance} is negative."] if tolerance < 0 else []
    if value == 0 and tolerance and choice.tolerance_kind != "nominal":
        found.append("The answer is 0, so give the tolerance as plus or minus.")
    return found


def _of_items(question, choices) -> list[str]:
    if len(choices) < 2:
        return ["It needs at least two items to order."]
    return _of_sameness([choice.text for choice in choices], "items")


def _of_sameness(texts: Sequence[str], what: str) -> list[str]:
    found = [] if all(text.strip() for text in texts) else [f"One of its {what} is empty."]
    twice = [text for text, times in Counter(" ".join(text.split()) for text in texts).items() if times > 1 and text]
    return found + [f"“{text[:60]}” stands twice among its {what}." for text in twice]


def _of_pairs(question, choices) -> list[str]:
    lefts = [choice.text for choice in choices if choice.text.strip()]
    if len(lefts) < 2:
        return ["It needs at least two pairs."]
    found = _of_sameness(lefts, "left sides")
    if not all(choice.pair.strip() for choice in choices):
        found.append("One of its pairs has no right side.")
    return found


def _of_blanks(question, choices) -> list[str]:
    shown = [int(number) for number in BLANK.findall(question.stem)]
    if not shown:
        return ["Its text has no blank; write [[1]] where the first one belongs."]
    if len(shown) > CHOICES_PER_QUESTION:
        return [f"It has {len(shown)} blanks; {CHOICES_PER_QUESTION} is the most."]
    found = [f"Blank [[{number}]] stands twice in its text." for number, times in Counter(shown).items() if times > 1]
    for number in sorted(set(shown)):
        accepted = [choice for choice in choices if choice.blank == number]
        if not accepted:
            found.append(f"Blank [[{number}]] has no accepted answer.")
        elif not all(choice.text.strip() for choice in accepted):
            found.append(f"An accepted answer of blank [[{number}]] is empty.")
        else:
            found += _of_one_blank(question, number, accepted)
    strays = sorted({choice.blank or 0 for choice in choices} - set(shown))
    return found + [
        f"There are answers for blank {number or '(none)'}, which its text does not have." for number in strays
    ]


def _of_one_blank(question, number: int, accepted) -> list[str]:
    if any(choice.is_offered for choice in accepted):
        return _of_list(number, accepted)
    is_number = any(choice.tolerance for choice in accepted)
    wrong = [sentence for choice in accepted for sentence in _of_number(choice)] if is_number else []
    found = [f"Blank [[{number}]]: {sentence}" for sentence in wrong or _of_reach(question, accepted)]
    return found + _of_best_weight(accepted, f"the accepted answers of blank [[{number}]]")


def _of_list(number: int, offered) -> list[str]:
    found = []
    if not all(choice.is_offered for choice in offered):
        found.append("either all of its texts are in the list, or none.")
    if len(offered) < 2:
        found.append("a list needs at least two texts.")
    if any(choice.tolerance for choice in offered):
        found.append("a text of a list has no tolerance.")
    found = [f"Blank [[{number}]]: {sentence}" for sentence in found]
    found += _of_sameness([choice.text for choice in offered], f"texts of blank [[{number}]]")
    return found + _of_best_weight(offered, f"the texts of blank [[{number}]]")


def _of_output(question, choices) -> list[str]:
    missing = [
        words
        for words, value in [
            ("the program", question.program),
            ("its recorded output", question.recorded_output),
            ("the interpreter it was run with", question.interpreter),
        ]
        if not value.strip()
    ]
    if missing:
        return [f"It lacks {' and '.join(missing)}."]
    if question.is_recording_stale:
        return ["The program has changed since its output was recorded. Run it, and record what it prints now."]
    return []


_RULES: dict[str, Callable] = {
    "single": _of_choices,
    "multiple": _of_choices,
    "true_false": _of_choices,
    "short_answer": _of_texts,
    "numeric": _of_numbers,
    "ordering": _of_items,
    "matching": _of_pairs,
    "cloze": _of_blanks,
    "output": _of_output,
}


def problems_of_question(question, choices: Sequence) -> list[str]:
    """What keeps a question with these choices from being asked and graded, as sentences; empty when nothing does.

    Takes rows, stored or not. No query.
    """
    most = TEXTS_PER_CLOZE if question.kind == "cloze" else CHOICES_PER_QUESTION
    if len(choices) > most:
        return [f"It has {len(choices)} choices; {most} is the most."]
    found = [] if question.stem.strip() else ["It asks nothing: its text is empty."]
    if question.rule and question.rule not in grading.rules_of(question.kind):
        found.append("This rule of scoring does not go with this kind of question.")
    return found + _RULES[question.kind](question, choices)


def _fields(question, choices) -> int:
    """How many fields of a form a browser sends for it at the most."""
    if question.kind in ("multiple", "ordering", "matching"):
        return len(choices)
    return len(set(BLANK.findall(question.stem))) if question.kind == "cloze" else 1


def problems(quiz, placements: Sequence) -> list[str]:
    """What keeps these questions from being published, as sentences that name the question; empty when nothing does."""
    found, fields = [], 0
    for number, placement in enumerate(placements, 1):
        question, choices = placement.question, list(placement.question.choices.all())
        found += [
            f"Question {number} (“{question}”): {sentence}" for sentence in problems_of_question(question, choices)
        ]
        fields += _fields(question, choices)
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
