"""An attempt for its template: each question with the answer, whether it is right, and why."""

from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import ngettext
from django.utils.translation import pgettext_lazy as pgettext

from publishing.text import markdown

from .. import kinds
from ..editing.snapshots import EditionSnapshot, QuizSnapshot
from ..kinds.base_forms import split_stem
from ..kinds.forms import FORMS

STATE_MARKS = {"right": "✓", "partly": "◐", "wrong": "✗", "unanswered": "–"}
STATE_NAMES = {
    "right": pgettext("answer", "right"),
    "partly": pgettext("answer", "partly right"),
    "wrong": pgettext("answer", "wrong"),
    "unanswered": pgettext("answer", "not answered"),
    "disregarded": pgettext("answer", "not counted"),
}


def points_text(points: Fraction) -> str:
    """Points with at most two decimals: "7", "6.5", "0.67". A fraction is not rounded to a whole number.

    The decimal sign is that of the language.
    """
    hundredths = points * 100
    rounded = round(hundredths)
    if points != int(points) and rounded % 100 == 0:
        rounded = int(hundredths) if rounded else 1
    return number_format(f"{rounded / 100:g}")


def time_taken(attempt) -> str:
    """How long after the start it was submitted; "" without a time limit."""
    seconds = attempt.seconds
    if not seconds:
        return ""
    if seconds < 90:
        words = ngettext("%(count)s second after the start", "%(count)s seconds after the start", seconds)
        return words % {"count": seconds}
    minutes = round(seconds / 60)
    words = ngettext("%(count)s minute after the start", "%(count)s minutes after the start", minutes)
    return words % {"count": minutes}


def _questions(attempt, edition: EditionSnapshot) -> list[dict]:
    """The questions of an attempt in the reader's order, with the choices in the reader's order."""
    if not attempt.order:
        return edition.questions
    by_id = {question["id"]: question for question in edition.questions}
    return [kinds.rules_of(by_id[pk]["kind"]).as_laid_out(by_id[pk], order) for pk, order in attempt.order]


def review(attempt, edition: EditionSnapshot, quiz: QuizSnapshot) -> list[dict]:
    """Every question, graded with all corrections.

    `state` is right, partly, wrong, unanswered or disregarded, and `mark` its sign; `notes` are the corrections,
    `read_again` is {"url", "title", "heading"} or None, `feedback` is that of the answer. The kind adds what its
    templates show.
    """
    corrections = quiz.corrections_for(edition)
    articles = {article["pk"]: article for article in quiz.readable_articles}
    reviewed = []
    for number, question in enumerate(_questions(attempt, edition), 1):
        answer, forms = attempt.answers.get(str(question["id"])), FORMS[question["kind"]]
        corrected = kinds.corrected(question, corrections)
        mark = kinds.grade_paper([corrected or question], attempt.answers)[0]
        state = mark.state if corrected else "disregarded"
        lead, rest = split_stem(question["stem"])
        reviewed.append(
            {
                "number": number,
                "id": question["id"],
                "kind": question["kind"],
                "lead": markdown.stored(lead),
                "rest": markdown.stored(rest),
                "state": state,
                "state_name": STATE_NAMES[state],
                "mark": STATE_MARKS.get(state, "·"),
                "points": mark.points,
                "points_text": points_text(mark.points),
                "explanation": markdown.stored(question["explanation"]),
                "read_again": _read_again(question, articles),
                "notes": [correction for correction in corrections if correction["question"] == question["id"]],
                "feedback": [
                    markdown.stored(choice["feedback"])
                    for choice in question["choices"]
                    if choice["feedback"] and choice["id"] in mark.matched
                ],
                "template": forms.template.format("reviewed"),
                "print_template": forms.template.format("printed"),
                **forms.reviewed(corrected or question, answer, mark),
            }
        )
    return reviewed


def _read_again(question, articles) -> dict | None:
    target = question["read_again"]
    article = articles.get(target["article"]) if target else None
    if article is None:
        return None
    heading = article["headings"].get(target["anchor"], "")
    url = f"{article['url']}#{target['anchor']}" if heading else article["url"]
    return {"url": url, "title": article["title"], "heading": heading}
