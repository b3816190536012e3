"""Freeze the questions of a quiz, with their Markdown rendered, into the bundle of an edition.

A bundle is plain JSON with all that showing, grading and reviewing need, and never changes:

    {"format": 2, "title": str, "draw": int | null, "shuffle_questions": bool, "time_limit": minutes | null,
     "layout": "page" | "one", "questions": [question, …]}

A question is {"id", "kind", "rule", "matching", "shuffle", "always", "stem", "explanation", "hints": [html],
"read_again": {"article": id, "anchor": str} | null, "choices": [choice, …]}, for predict-the-output also "program",
"program_html", "language" and "interpreter". A choice has "id", "weight" (percent as text: "50", "147/25") and
"feedback", and by kind: "html" and "pinned" (choices, items, left sides), "text" (accepted answer), "tolerance" and
"tolerance_kind" (numbers, in a cloze too), "pair", "blank", "offered" (true where a blank has a list). Stem,
explanation, html and feedback are clean HTML; in a stem a character from U+E001 on stands for a blank.
"""

from collections.abc import Sequence

from articles.models import Uploads
from publishing.text import markdown

from .. import kinds

BUNDLE_FORMAT = 2


def _html(source: str) -> str:
    return str(markdown.render_article(source, Uploads(source).resolve).html).strip() if source.strip() else ""


def _question(placement) -> dict:
    question = placement.question
    return {
        "id": question.pk,
        "kind": str(question.kind),
        "always": placement.is_always,
        "explanation": _html(question.explanation),
        "hints": [_html(hint) for hint in question.hint_list],
        "read_again": {"article": question.article_id, "anchor": question.anchor} if question.article_id else None,
        **kinds.rules_of(question.kind).frozen(question, list(question.choices.all()), _html),
    }


def bundle(quiz, placements: Sequence) -> dict:
    """Freeze a quiz. One query for each text with a picture."""
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
    """A stored bundle of any format in the current one, so that old attempts can still be reviewed."""
    if stored["format"] >= BUNDLE_FORMAT:
        return stored
    questions = [
        _QUESTION_1 | question | {"choices": [{"pinned": False} | choice for choice in question["choices"]]}
        for question in stored["questions"]
    ]
    return _FORMAT_1 | stored | {"questions": questions, "format": BUNDLE_FORMAT}
