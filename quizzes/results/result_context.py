"""What a reader got right, what not, and why: an attempt as a template shows it."""

from dataclasses import dataclass, field
from fractions import Fraction

from django.utils.safestring import SafeString

from publishing.text import markdown

from .. import grading
from ..grading import repairs
from ..taking.paper_context import pieces, split_stem
from ..taking.snapshots import EditionSnapshot, QuizSnapshot

STATE_MARKS = {"right": "✓", "partly": "◐", "wrong": "✗", "unanswered": "–"}


@dataclass(frozen=True)
class ReviewedChoice:
    html: SafeString
    is_chosen: bool
    is_right: bool
    is_partly_right: bool
    feedback: SafeString


@dataclass(frozen=True)
class ReviewedPart:
    """An item, a pair or a blank: what stood there, what was answered, what is right."""

    html: SafeString
    given: str
    right: str
    is_right: bool
    number: int = 0


@dataclass(frozen=True)
class ReviewedQuestion:
    """A question after the hand-in. `state` is right, partly, wrong, unanswered or disregarded.

    By kind: `choices`; `given` and `accepted`, what was typed and what would have been right; `parts`, the items in the
    reader's order with `right_order`, the pairs, or the text with its blanks; `laid` and `options`, for paper, the
    items and the right sides as they lay before the reader. `feedback` is what belongs to the answer.
    `notes` says what was repaired since, `read_again` is {"url", "title", "heading"} or None.
    """

    number: int
    id: int
    kind: str
    lead: SafeString
    rest: SafeString
    state: str
    points: str
    explanation: SafeString
    read_again: dict | None
    notes: list[dict]
    program: SafeString = markdown.stored("")
    interpreter: str = ""
    choices: list[ReviewedChoice] = field(default_factory=list)
    given: str = ""
    accepted: list[str] = field(default_factory=list)
    parts: list[ReviewedPart] = field(default_factory=list)
    right_order: list[SafeString] = field(default_factory=list)
    laid: list[SafeString] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    feedback: list[SafeString] = field(default_factory=list)

    @property
    def mark(self) -> str:
        return STATE_MARKS.get(self.state, "·")


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
    found = []
    for pk, order in attempt.order:
        place = {choice: number for number, choice in enumerate(order)}
        choices = sorted(by_id[pk]["choices"], key=lambda choice: place.get(choice["id"], len(place)))
        # The right order of the items to order is what they are graded by.
        found.append(by_id[pk] if by_id[pk]["kind"] == "ordering" else by_id[pk] | {"choices": choices})
    return found


def review(attempt, edition: EditionSnapshot, quiz: QuizSnapshot) -> list[ReviewedQuestion]:
    """Every question with its verdict, graded with all that was repaired until now. No query."""
    known = quiz.repairs_for(edition)
    readable = {article["pk"]: article for article in quiz.readable_articles}
    reviewed = []
    for number, question in enumerate(asked(attempt, edition), 1):
        answer = attempt.answers.get(str(question["id"]))
        repaired = repairs.repaired(question, known)
        mark = grading.grade_paper([repaired or question], attempt.answers)[0]
        lead, rest = split_stem(question["stem"])
        is_cloze = question["kind"] == "cloze"
        reviewed.append(
            ReviewedQuestion(
                number=number,
                id=question["id"],
                kind=question["kind"],
                lead=markdown.stored(lead),
                rest=markdown.stored("" if is_cloze else rest),
                state=mark.state if repaired else "disregarded",
                points=points_text(mark.points),
                explanation=markdown.stored(question["explanation"]),
                read_again=_read_again(question, readable),
                notes=[repair for repair in known if repair["question"] == question["id"]],
                program=markdown.stored(question.get("program_html", "")),
                interpreter=question.get("interpreter", ""),
                feedback=_feedback(question, mark),
                laid=_laid(attempt, question),
                options=sorted({choice["pair"] for choice in question["choices"] if choice.get("pair")}),
                **_PARTS[question["kind"]](repaired or question, answer, mark),
            )
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


def _laid(attempt, question) -> list[SafeString]:
    """The items of an ordering as they lay before the reader."""
    if question["kind"] != "ordering":
        return []
    by_id = {choice["id"]: choice["html"] for choice in question["choices"]}
    order = next((order for pk, order in attempt.order if pk == question["id"]), sorted(by_id))
    return [markdown.stored(by_id[pk]) for pk in order]


def _feedback(question, mark) -> list[SafeString]:
    """What belongs to a typed answer; that of choices stands beside them."""
    if question["kind"] in ("single", "multiple", "true_false"):
        return []
    texts = [choice["feedback"] for choice in question["choices"] if choice["id"] in mark.matched]
    return [markdown.stored(text) for text in texts if text]


def _choices(question, answer, mark):
    chosen, reviewed = set(answer or ()), []
    for choice in question["choices"]:
        weight = grading.fraction_of(choice["weight"])
        # One that was repaired counts neither for nor against; the note beside the question says why.
        is_neutral = choice.get("is_neutral", False)
        is_right = (weight > 0 if question["kind"] == "multiple" else weight == 1) and not is_neutral
        reviewed.append(
            ReviewedChoice(
                html=markdown.stored(choice["html"]),
                is_chosen=choice["id"] in chosen,
                is_right=is_right,
                is_partly_right=weight > 0 and not is_right and not is_neutral,
                feedback=markdown.stored(choice["feedback"] if choice["id"] in chosen else ""),
            )
        )
    return {"choices": reviewed}


def _typed(question, answer, mark):
    accepted = [c["text"] for c in question["choices"] if grading.fraction_of(c["weight"]) == 1 and c["text"] != "*"]
    return {"given": answer or "", "accepted": accepted}


def _items(question, answer, mark):
    by_id = {choice["id"]: choice for choice in question["choices"]}
    parts = [
        ReviewedPart(markdown.stored(by_id[pk]["html"]), "", "", pk in mark.matched, place)
        for place, pk in enumerate(answer or (), 1)
    ]
    return {"parts": parts, "right_order": [markdown.stored(choice["html"]) for choice in question["choices"]]}


def _pairs(question, answer, mark):
    by_id = {str(choice["id"]): choice for choice in question["choices"]}
    given = {left: by_id[str(right)]["pair"] for left, right in (answer or {}).items()}
    return {
        "parts": [
            ReviewedPart(markdown.stored(c["html"]), given.get(key, ""), c["pair"], c["id"] in mark.matched)
            for key, c in by_id.items()
            if c["html"]
        ]
    }


def _blanks(question, answer, mark):
    accepted: dict[int, list] = {}
    for choice in question["choices"]:
        if grading.fraction_of(choice["weight"]) == 1:
            accepted.setdefault(choice["blank"], []).append(choice)
    whole = {number: {choice["id"] for choice in choices} for number, choices in accepted.items()}
    _, rest = split_stem(question["stem"])
    parts = []
    for html, number in pieces(rest):
        right = " or ".join(choice["text"] for choice in accepted.get(number, ()) if choice["text"] != "*")
        is_right = bool(whole.get(number, set()) & mark.matched)
        parts.append(ReviewedPart(markdown.stored(html), (answer or {}).get(str(number), ""), right, is_right, number))
    return {"parts": parts}


_PARTS = {
    **dict.fromkeys(("single", "multiple", "true_false"), _choices),
    **dict.fromkeys(("short_answer", "numeric", "output"), _typed),
    "ordering": _items,
    "matching": _pairs,
    "cloze": _blanks,
}
