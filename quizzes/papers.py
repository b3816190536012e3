"""What a reader is shown: an edition without its key, and with it once it has been handed in.

Each choice carries an opaque token instead of its id, and the choices of a question stand in an order that has nothing
to do with which is right. Both are pure functions of the secret key and the edition, so a paper is the same for
everyone and can be kept by any cache.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString

from publishing import markup

from . import grading

# 64 bits: nobody guesses one, and a paper stays small.
TOKEN_CHARACTERS = 16
HINTS = {"single": "choose one", "multiple": "choose all that apply", "true_false": "true or false"}


def _digest(purpose: str, *parts: int, secret: str | None = None) -> str:
    value = ":".join(map(str, parts))
    return salted_hmac(f"quizzes.papers.{purpose}", value, secret=secret, algorithm="sha256").hexdigest()


def token(edition_id: int, question_id: int, choice_id: int, secret: str | None = None) -> str:
    """What stands for a choice in a page: 16 hexadecimal digits of HMAC-SHA-256 under the secret key."""
    return _digest("choice", edition_id, question_id, choice_id, secret=secret)[:TOKEN_CHARACTERS]


def choices_by_token(edition_id: int, question: Mapping) -> dict[str, int]:
    """Every token that stands for a choice of the question. Papers printed under an earlier secret key still count."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return {
        token(edition_id, question["id"], choice["id"], secret): choice["id"]
        for secret in secrets
        for choice in question["choices"]
    }


def in_order(edition_id: int, question: Mapping) -> list[Mapping]:
    """The choices as they stand on the page: shuffled by a keyed hash, or as the author put them."""
    if not question["shuffle"]:
        return question["choices"]
    return sorted(question["choices"], key=lambda choice: _digest("order", edition_id, question["id"], choice["id"]))


def field_name(question: Mapping) -> str:
    return f"q{question['id']}"


def _single_paragraph(html: str) -> str | None:
    """What is inside the only paragraph, which may stand in a label or legend; None when there is more than that."""
    inner = html.removeprefix("<p>").removesuffix("</p>")
    is_single = html.startswith("<p>") and html.endswith("</p>") and "</p>" not in inner
    return inner if is_single else None


def _split_stem(html: str) -> tuple[str, str]:
    """The first paragraph without its tags, for a legend, and the blocks after it."""
    if not html.startswith("<p>"):
        return "", html
    first, _, rest = html.removeprefix("<p>").partition("</p>")
    return first, rest.strip()


@dataclass(frozen=True)
class PaperChoice:
    """A choice on the paper. `line` is its text when that fits into a label, else `blocks` holds it."""

    token: str
    line: SafeString
    blocks: SafeString
    is_chosen: bool


@dataclass(frozen=True)
class PaperQuestion:
    """A question on the paper. `lead` is the first paragraph of its text, `rest` the blocks after it (code, lists)."""

    number: int
    name: str
    hint: str
    is_multiple: bool
    lead: SafeString
    rest: SafeString
    choices: list[PaperChoice]
    errors: list[str] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        return any(choice.is_chosen for choice in self.choices)


def _halves(html: str) -> tuple[SafeString, SafeString]:
    line = _single_paragraph(html)
    return (markup.stored(""), markup.stored(html)) if line is None else (markup.stored(line), markup.stored(""))


def questions(edition, chosen: Mapping[str, Collection[str]], errors: Mapping[str, list[str]]) -> list[PaperQuestion]:
    """The paper. `chosen` maps field names to the tokens that are ticked, `errors` to what is wrong. No query."""
    paper = []
    for number, question in enumerate(edition.questions, 1):
        name = field_name(question)
        ids = choices_by_token(edition.pk, question)
        ticked = {ids[value] for value in chosen.get(name, ()) if value in ids}
        if question["kind"] != "multiple" and len(ticked) > 1:
            ticked = set()
        lead, rest = _split_stem(question["stem"])
        choices = []
        for choice in in_order(edition.pk, question):
            line, blocks = _halves(choice["html"])
            key = token(edition.pk, question["id"], choice["id"])
            choices.append(PaperChoice(key, line, blocks, choice["id"] in ticked))
        paper.append(
            PaperQuestion(
                number=number,
                name=name,
                hint=HINTS[question["kind"]],
                is_multiple=question["kind"] == "multiple",
                lead=markup.stored(lead),
                rest=markup.stored(rest),
                choices=choices,
                errors=errors.get(name, []),
            )
        )
    return paper


@dataclass(frozen=True)
class ReviewedChoice:
    html: SafeString
    is_chosen: bool
    is_right: bool
    is_partly_right: bool
    feedback: SafeString


@dataclass(frozen=True)
class ReviewedQuestion:
    """A question after the hand-in. `state` is right, partly, wrong or unanswered."""

    number: int
    lead: SafeString
    rest: SafeString
    state: str
    points: str
    choices: list[ReviewedChoice]
    explanation: SafeString


def points_text(points: Fraction) -> str:
    """Points as people write them: "7", "6.5", "0.67"; two decimals at most, never rounded up to the whole."""
    hundredths = points * 100
    rounded = round(hundredths)
    if points.denominator != 1 and rounded % 100 == 0:
        rounded = int(hundredths) if rounded else 1
    return f"{rounded / 100:g}"


def _state(mark: grading.Mark) -> str:
    if not mark.is_answered:
        return "unanswered"
    return "right" if mark.points == 1 else "partly" if mark.points else "wrong"


def review(attempt) -> list[ReviewedQuestion]:
    """What was right, what was not and why, by the edition that was answered. No query beyond the attempt's edition."""
    edition, chosen = attempt.edition, attempt.chosen
    reviewed = []
    for number, (question, mark) in enumerate(
        zip(edition.questions, grading.grade_paper(edition.questions, chosen), strict=True), 1
    ):
        lead, rest = _split_stem(question["stem"])
        choices = []
        for choice in in_order(edition.pk, question):
            weight = grading.fraction_of(choice["weight"])
            is_right = weight == 1 if question["kind"] != "multiple" else weight > 0
            is_chosen = choice["id"] in chosen.get(question["id"], ())
            choices.append(
                ReviewedChoice(
                    html=markup.stored(choice["html"]),
                    is_chosen=is_chosen,
                    is_right=is_right,
                    is_partly_right=weight > 0 and not is_right,
                    feedback=markup.stored(choice["feedback"] if is_chosen else ""),
                )
            )
        reviewed.append(
            ReviewedQuestion(
                number=number,
                lead=markup.stored(lead),
                rest=markup.stored(rest),
                state=_state(mark),
                points=points_text(mark.points),
                choices=choices,
                explanation=markup.stored(question["explanation"]),
            )
        )
    return reviewed
