"""A paper as a template shows it: the questions without their key, with what the reader has answered so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from publishing.text import markdown

from .. import grading
from ..editing.freezing import BLANK_MARK, FIRST_BLANK, LAST_BLANK
from .papers import Paper, field_name

HINTS = {
    "single": "choose one",
    "multiple": "choose all that apply",
    "true_false": "true or false",
    "short_answer": "type an answer",
    "numeric": "type a number",
    "ordering": "put in order",
    "matching": "match the pairs",
    "cloze": "fill the blanks",
    "output": "predict the output",
}


@dataclass(frozen=True)
class Words:
    """A short text. `line` is what is inside its only paragraph, which fits into a label; else `blocks` holds it."""

    line: SafeString
    blocks: SafeString


@dataclass(frozen=True)
class PaperChoice:
    token: str
    words: Words
    is_chosen: bool


@dataclass(frozen=True)
class PaperItem:
    """An item to order, with the letter by which the selects name it."""

    token: str
    letter: str
    words: Words


@dataclass(frozen=True)
class PaperPair:
    """A left side, its field, and the token of what it was paired with."""

    name: str
    words: Words
    chosen: str


@dataclass(frozen=True)
class Piece:
    """A part of a text with blanks: HTML, and then a blank unless `name` is empty. `options` are those of a list."""

    html: SafeString
    name: str = ""
    number: int = 0
    value: str = ""
    is_number: bool = False
    options: Sequence[str] = ()


@dataclass(frozen=True)
class PaperQuestion:
    """A question on the paper. `lead` is the first paragraph of its text, `rest` the blocks after it (code, lists).

    By kind: `choices`; `value`, what was typed; `items` and `places`, the tokens in the reader's order; `pairs` and
    `options`, (token, text) of the right sides; `pieces`, the text after the lead with its blanks; `program`.
    """

    number: int
    name: str
    kind: str
    hint: str
    lead: SafeString
    rest: SafeString
    hints: list[SafeString] = field(default_factory=list)
    choices: list[PaperChoice] = field(default_factory=list)
    value: str = ""
    items: list[PaperItem] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    pairs: list[PaperPair] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    program: SafeString = markdown.stored("")
    errors: list[str] = field(default_factory=list)
    is_answered: bool = False

    @property
    def is_multiple(self) -> bool:
        return self.kind == "multiple"


def words(html: str) -> Words:
    inner = html.removeprefix("<p>").removesuffix("</p>")
    is_single = html.startswith("<p>") and html.endswith("</p>") and "</p>" not in inner
    line, blocks = (inner, "") if is_single else ("", html)
    return Words(markdown.stored(line), markdown.stored(blocks))


def split_stem(html: str) -> tuple[str, str]:
    """The first paragraph without its tags, for a legend, and the blocks after it. A blank belongs to no legend."""
    first, _, rest = html.removeprefix("<p>").partition("</p>")
    if not html.startswith("<p>") or any(FIRST_BLANK <= character <= LAST_BLANK for character in first):
        return "", html
    return first, rest.strip()


def pieces(html: str) -> list[tuple[str, int]]:
    """Text with blanks as (HTML, number of the blank after it); the last number is 0."""
    found, start = [], 0
    for position, character in enumerate(html):
        if FIRST_BLANK <= character <= LAST_BLANK:
            found.append((html[start:position], ord(character) - BLANK_MARK))
            start = position + 1
    return [*found, (html[start:], 0)]


def _choices(paper, question, sent):
    ticked = set(sent.get(field_name(question), ()))
    if question["kind"] != "multiple" and len(ticked) > 1:
        ticked = set()
    tokens = [(paper.token(question, choice), choice) for choice in paper.choices(question)]
    return {"choices": [PaperChoice(token, words(choice["html"]), token in ticked) for token, choice in tokens]}


def _typed(paper, question, sent):
    shown = {"value": "".join(sent.get(field_name(question), ())[:1])}
    return shown | {"program": markdown.stored(question["program_html"])} if question["kind"] == "output" else shown


def _items(paper, question, sent):
    items = [
        PaperItem(paper.token(question, choice), chr(ord("A") + place), words(choice["html"]))
        for place, choice in enumerate(paper.choices(question))
    ]
    places = list(sent.get(field_name(question), ()))[: len(items)]
    return {"items": items, "places": places + [""] * (len(items) - len(places))}


def _pairs(paper, question, sent):
    pairs = []
    for left in paper.choices(question):
        name = field_name(question, paper.token(question, left))
        pairs.append(PaperPair(name, words(left["html"]), "".join(sent.get(name, ())[:1])))
    rights = paper.right_sides(question)
    return {"pairs": pairs, "options": [(paper.token(question, right, "right"), right["pair"]) for right in rights]}


def _blanks(paper, question, sent):
    _, rest = split_stem(question["stem"])
    shown, numeric, offered = [], grading.number_blanks(question), paper.offered_texts(question)
    for html, number in pieces(rest):
        name = field_name(question, number)
        value = "".join(sent.get(name, ())[:1]) if number else ""
        name = name if number else ""
        shown.append(Piece(markdown.stored(html), name, number, value, number in numeric, offered.get(number, ())))
    return {"pieces": shown}


_PARTS = {
    **dict.fromkeys(("single", "multiple", "true_false"), _choices),
    **dict.fromkeys(("short_answer", "numeric", "output"), _typed),
    "ordering": _items,
    "matching": _pairs,
    "cloze": _blanks,
}


def questions(paper: Paper, sent: Mapping[str, Sequence[str]], errors: Mapping[str, list[str]]) -> list[PaperQuestion]:
    """The paper. `sent` maps field names to the values that were sent, `errors` to what is wrong. No query."""
    shown = []
    for number, question in enumerate(paper.questions, 1):
        name, (lead, rest) = field_name(question), split_stem(question["stem"])
        shown.append(
            PaperQuestion(
                number=number,
                name=name,
                kind=question["kind"],
                hint=HINTS[question["kind"]],
                lead=markdown.stored(lead),
                rest=markdown.stored("" if question["kind"] == "cloze" else rest),
                hints=[markdown.stored(hint) for hint in question["hints"]],
                errors=errors.get(name, []),
                is_answered=any(value.strip() for part in paper.field_names(question) for value in sent.get(part, ())),
                **_PARTS[question["kind"]](paper, question, sent),
            )
        )
    return shown
