"""What a reader got right, what not, and why: an attempt as a template shows it."""

from fractions import Fraction

from publishing.text import markdown

from .. import kinds
from ..editing.snapshots import EditionSnapshot, QuizSnapshot
from ..kinds.base_forms import split_stem
from ..kinds.forms import forms_of

STATE_MARKS = {"right": "✓", "partly": "◐", "wrong": "✗", "unanswered": "–"}


def points_text(points: Fraction) -> str:
    """Points as people write them: "7", "6.5", "0.67"; two decimals at most, never rounded up to the whole."""
    hundredths = points * 100
    rounded = round(hundredths)
    if points.denominator != 1 and rounded % 100 == 0:
        rounded = int(hundredths) if rounded else 1
    return f"{rounded / 100:g}"


def asked(attempt, edition: EditionSnapshot) -> list[dict]:
    """The questions of an attempt in the reader's order, the choices as the reader saw them."""
    if not attempt.order:
        return edition.questions
    by_id = {question["id"]: question for question in edition.questions}
    return [kinds.rules_of(by_id[pk]["kind"]).as_laid_out(by_id[pk], order) for pk, order in attempt.order]


def review(attempt, edition: EditionSnapshot, quiz: QuizSnapshot) -> list[dict]:
    """Every question with its verdict, graded with all that was corrected until now. No query.

    `state` is right, partly, wrong, unanswered or disregarded, and `mark` its sign; `notes` says what was corrected
    since, `read_again` is {"url", "title", "heading"} or None, `feedback` is what belongs to the answer. What else
    there is comes from the kind, and is shown by its templates.
    """
    known = quiz.corrections_for(edition)
    readable = {article["pk"]: article for article in quiz.readable_articles}
    reviewed = []
    for number, question in enumerate(asked(attempt, edition), 1):
        answer, forms = attempt.answers.get(str(question["id"])), forms_of(question["kind"])
        corrected = kinds.corrected(question, known)
        mark = kinds.grade_paper([corrected or question], attempt.answers)[0]
        state = mark.state if corrected else "disregarded"
        lead, rest = split_stem(question["stem"])
        reviewed.append(
            {
                "number": number,
                "id": question["id"],
                "kind": question["kind"],
                "lead": markdown.stored(lead),
                "rest": markdown.stored(forms.rest(rest)),
                "state": state,
                "mark": STATE_MARKS.get(state, "·"),
                "points": points_text(mark.points),
                "explanation": markdown.stored(question["explanation"]),
                "read_again": _read_again(question, readable),
                "notes": [correction for correction in known if correction["question"] == question["id"]],
                "feedback": [markdown.stored(text) for text in forms.feedback(question, mark.matched) if text],
                "template": forms.result_template,
                "print_template": forms.print_template,
                **forms.reviewed(corrected or question, answer, mark),
            }
        )
    return reviewed


def _read_again(question, readable) -> dict | None:
    named = question["read_again"]
    article = readable.get(named["article"]) if named else None
    if article is None:
        return None
    heading = article["headings"].get(named["anchor"], "")
    url = f"{article['url']}#{named['anchor']}" if heading else article["url"]
    return {"url": url, "title": article["title"], "heading": heading}
