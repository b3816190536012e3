"""What readers are asked: a quiz's questions rendered and frozen.

The bundle of an edition is plain JSON, and all that asking, grading and explaining need:

    {"format": 2, "title": str, "draw": int | null, "shuffle_questions": bool, "time_limit": minutes | null,
     "layout": "page" | "one", "questions": [question, …]}

A question is {"id", "kind", "rule", "matching", "shuffle", "always", "stem", "explanation", "hints": [html],
"read_again": {"article": id, "anchor": str} | null, "choices": [choice, …]}, for predict-the-output also "program",
"program_html", "language" and "interpreter". A choice has "id", "weight" (percent as text: "50", "147/25") and
"feedback", and by kind: "html" and "pinned" (choices, items, left sides), "text" (what is accepted), "tolerance" and
"tolerance_kind" (numbers, in a cloze too), "pair", "blank", "offered"
(true where a blank has a list). Stem, explanation, html and feedback are clean HTML; in a
stem one character from U+E001 on stands for a blank. Nothing in a bundle is ever changed.
"""

from collections.abc import Sequence
from decimal import Decimal

from articles.models import Image
from publishing.text import markdown

from .. import grading
from ..formats.items import BLANK

BUNDLE_FORMAT = 2
# Private characters that no text may hold itself: the n-th after this one stands for blank n.
BLANK_MARK = 0xE000
FIRST_BLANK, LAST_BLANK = chr(BLANK_MARK + 1), chr(BLANK_MARK + 99)


def _html(source: str) -> str:
    return str(markdown.render_article(source, Image.resolve).html).strip() if source.strip() else ""


def _stem(question) -> str:
    source = question.stem
    if question.kind == "cloze":
        source = BLANK.sub(lambda found: chr(BLANK_MARK + int(found[1])), source)
    return _html(source)


def _percent(weight: Decimal) -> str:
    return f"{weight.normalize():f}"


def _choice(kind: str, choice) -> dict:
    data = {"id": choice.pk, "weight": _percent(choice.weight), "feedback": _html(choice.feedback)}
    match kind:
        case "short_answer":
            return data | {"text": choice.text}
        case "numeric":
            tolerance = {"tolerance": choice.tolerance or "0", "tolerance_kind": str(choice.tolerance_kind)}
            return data | {"text": choice.text.strip()} | tolerance
        case "matching":
            return data | {"html": _html(choice.text), "pair": choice.pair}
        case "cloze":
            number = {"tolerance": choice.tolerance, "tolerance_kind": str(choice.tolerance_kind)}
            offered = {"offered": True} if choice.is_offered else {}
            return data | {"blank": choice.blank, "text": choice.text} | (number if choice.tolerance else {}) | offered
        case _:
            return data | {"html": _html(choice.text), "pinned": choice.is_pinned}


def _rule(question, choices) -> str:
    if question.kind == "ordering":
        return str(question.rule) or grading.DEFAULT_ORDERING_RULE
    weights = grading.fractions_of([choice.weight for choice in choices])
    return grading.rule_for(str(question.kind), weights, str(question.rule))


def _frozen_choices(question, choices) -> list[dict]:
    frozen = [_choice(question.kind, choice) for choice in choices]
    if question.kind == "multiple":
        exact = grading.fractions_of([choice.weight for choice in choices])
        for data, fraction in zip(frozen, exact, strict=True):
            if grading.fraction_of(data["weight"]) != fraction:
                data["weight"] = str(fraction * 100)
    return frozen


def _question(placement) -> dict:
    question = placement.question
    choices = list(question.choices.all())
    data = {
        "id": question.pk,
        "kind": str(question.kind),
        "rule": _rule(question, choices),
        "matching": "lines" if question.kind == "output" else str(question.matching),
        "shuffle": question.shuffle and question.kind != "true_false",
        "always": placement.is_always,
        "stem": _stem(question),
        "explanation": _html(question.explanation),
        "hints": [_html(hint) for hint in question.hint_list],
        "read_again": {"article": question.article_id, "anchor": question.anchor} if question.article_id else None,
        "choices": _frozen_choices(question, choices),
    }
    if question.kind == "output":
        fence = "`" * 8
        data |= {
            "program": question.program,
            "program_html": _html(f"{fence}{question.language}\n{question.program.rstrip()}\n{fence}"),
            "language": question.language,
            "interpreter": question.interpreter,
            "choices": [{"id": 0, "weight": "100", "feedback": "", "text": question.recorded_output}],
        }
    return data


def bundle(quiz, placements: Sequence) -> dict:
    """Freeze a quiz with its questions. Costs no query when they are prefetched, and one for each image."""
    return {
        "format": BUNDLE_FORMAT,
        "title": quiz.title,
        "draw": quiz.draw_count,
        "shuffle_questions": quiz.shuffle_questions,
        "time_limit": quiz.time_limit,
        "layout": str(quiz.layout),
        "questions": [_question(placement) for placement in placements],
    }


_FORMAT_1 = {"draw": None, "shuffle_questions": False, "time_limit": None, "layout": "page"}
_QUESTION_1 = {"matching": "", "always": False, "hints": [], "read_again": None}


def upgraded(stored: dict) -> dict:
    """A stored bundle of any format as one of today's, so that what was handed in years ago is still understood."""
    if stored["format"] >= BUNDLE_FORMAT:
        return stored
    questions = [
        _QUESTION_1 | question | {"choices": [{"pinned": False} | choice for choice in question["choices"]]}
        for question in stored["questions"]
    ]
    return _FORMAT_1 | stored | {"questions": questions, "format": BUNDLE_FORMAT}
