"""Our own format, JSON that holds all of a quiz: {"format": "publishing-quiz", "version": 1, "quiz", "questions"}.

Weights are percent as text, texts {"format": …, "text": …}, images {"name": …, "data": base64}. What a question does
not have may be left out. What is not part of the format is refused, with the number of the question as its line.
"""

import base64
import binascii
import json
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from ..kinds import RULES, rules_of
from ..kinds.base import Rules
from ..kinds.grading.numbers import ANYTHING, TOLERANCE_KINDS
from ..kinds.grading.texts import MODES
from .decoding import decode
from .gift.answer_syntax import checked_number
from .items import (
    HEADER_KEYS,
    MAX_IMAGE_BYTES_TOGETHER,
    TEXT_FORMATS,
    UNFIT,
    WEIGHT,
    Item,
    ItemChoice,
    ItemFile,
    Problem,
    Text,
    UnreadableFile,
    WrongItem,
    check_images,
    fit,
    normal,
    one_line,
    what_is_missing,
)

FORMAT, VERSION = "publishing-quiz", 1

_LINES = ("name", "external_id", "category", "language", "interpreter", "read_again")
_FREE = ("program", "recorded_output")
_ITEM_KEYS = (
    "kind", "name", "external_id", "category", "tags", "stem", "program", "language", "recorded_output", "interpreter",
    "choices", "explanation", "hints", "matching", "rule", "shuffle", "read_again", "images",
)  # fmt: skip
_TEXT_KEYS = ("format", "text")
_CHOICE_KEYS = ("text", "weight", "feedback", "pair", "tolerance", "tolerance_kind", "blank", "pinned", "offered")


class _Object(dict):
    """A JSON object that remembers a key it has twice."""

    twice: str | None = None

    @classmethod
    def from_pairs(cls, pairs: list[tuple[str, Any]]) -> "_Object":
        result = cls(pairs)
        if len(result) != len(pairs):
            seen: set[str] = set()
            result.twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        return result


def read(data: bytes) -> ItemFile:
    """Read a whole file. Raises UnreadableFile; what is wrong with one question is in `problems`."""
    whole = _parsed(data)
    if not isinstance(whole, _Object) or whole.get("format") != FORMAT:
        raise UnreadableFile(f"The file is JSON, but it does not say that its format is “{FORMAT}”.")
    if type(whole.get("version")) is not int or whole["version"] != VERSION:
        raise UnreadableFile(f"The file does not say that its version is {VERSION}; no other is read.")
    try:
        file = _Part(0, whole, "file", ("format", "version", "quiz", "questions"))
        result = ItemFile(header=_header(whole.get("quiz", _Object())))
        questions = file.get("questions", [])
    except WrongItem as error:
        raise UnreadableFile(error.message) from error
    image_bytes = 0
    for number, question in enumerate(questions, 1):
        try:
            item = _item(number, question)
            image_bytes += sum(len(data) for _, data in item.images)
            if image_bytes > MAX_IMAGE_BYTES_TOGETHER:
                raise WrongItem(number, "With its images, those of the file are larger than 5 MB together.")
        except WrongItem as error:
            result.problems.append(Problem(error.line, error.message))
        else:
            result.items.append(item)
    return result


def write(items: Iterable[Item], header: Mapping[str, str] | None = None) -> str:
    """A whole file, indented. Questions that lack something (`items.what_is_missing`) are left out."""
    said = {key: one_line(header[key]) for key in HEADER_KEYS if header and header.get(key)}
    questions = [_question(item) for item in map(normal, items) if not what_is_missing(item)]
    whole = {"format": FORMAT, "version": VERSION, "quiz": said, "questions": questions}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _parsed(data: bytes) -> Any:
    text = decode(data)
    try:
        return json.loads(text, object_pairs_hook=_Object.from_pairs, parse_constant=_NotANumber)
    except RecursionError as error:
        raise UnreadableFile("The file nests deeper than any quiz needs.") from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"The file is not JSON: {error.msg} on line {error.lineno}.") from error
    except ValueError as error:
        raise UnreadableFile("The file holds a number that is too long.") from error


class _NotANumber(str):
    """NaN and Infinity, which are of no type that is asked for."""


class _Part:
    """An object of the file. Its methods give what stands under a key; all raise WrongItem for what is not so."""

    def __init__(self, number: int, value: Any, name: str, keys: Collection[str]):
        self.number = number
        self.held: _Object = self.of_type(value, _Object, name)
        if self.held.twice is not None:
            raise self.wrong(f"“{self.held.twice[:40]}” stands twice in the same {name}.")
        if unknown := [key for key in self.held if key not in keys]:
            raise self.wrong(f"“{unknown[0][:40]}” is nothing that a {name} has.")

    def wrong(self, message: str) -> WrongItem:
        return WrongItem(self.number, message)

    def of_type(self, value: Any, wanted: type, name: str) -> Any:
        words = {str: "a text", list: "a list", _Object: "an object", bool: "true or false", int: "a whole number"}
        if type(value) is not wanted:
            raise self.wrong(f"“{name}” is not {words[wanted]}.")
        if wanted is str and (found := UNFIT.search(value)):
            raise self.wrong(f"“{name}” holds the character U+{ord(found[0]):04X}, which no text can hold.")
        return value

    def get(self, key: str, default: Any = "") -> Any:
        """What has the type of the default, by default a text."""
        return self.of_type(self.held.get(key, default), type(default), key)

    def line(self, key: str) -> str:
        return one_line(self.get(key))

    def one_of(self, key: str, known: Collection[str], default: str = "") -> str:
        chosen = self.get(key, default)
        if chosen not in known and (chosen or key == "kind"):
            if not known:
                raise self.wrong(f"“{key}” does not belong to a question of this kind.")
            raise self.wrong(f"“{key}” is “{chosen[:40]}”; it can be {', '.join(known)}.")
        return chosen or default

    def parts(self, key: str, name: str, keys: Collection[str]) -> list["_Part"]:
        return [_Part(self.number, value, name, keys) for value in self.get(key, [])]

    def text(self, key: str) -> Text | None:
        return _text(_Part(self.number, self.held[key], key, _TEXT_KEYS)) if key in self.held else None


def _text(part: _Part) -> Text:
    return Text(fit(part.get("text")), part.one_of("format", TEXT_FORMATS, "markdown"))


def _header(value: Any) -> dict[str, str]:
    quiz = _Part(0, value, "quiz", HEADER_KEYS)
    return {key: quiz.line(key) for key in quiz.held}


def _item(number: int, value: Any) -> Item:
    part = _Part(number, value, "question", _ITEM_KEYS)
    kind = part.one_of("kind", RULES)
    rules = rules_of(kind)
    item = Item(
        line=number,
        kind=kind,
        stem=_stripped(_text(_Part(number, part.held.get("stem"), "stem", _TEXT_KEYS))),
        choices=tuple(_choice(choice, rules) for choice in part.parts("choices", "choice", _CHOICE_KEYS)),
        explanation=_stripped(part.text("explanation")),
        hints=tuple(_stripped(_text(hint)) for hint in part.parts("hints", "hint", _TEXT_KEYS)),
        tags=tuple(one_line(part.of_type(tag, str, "tag")) for tag in part.get("tags", [])),
        matching=part.one_of("matching", MODES if rules.usual_matching else (), rules.usual_matching),
        rule=part.one_of("rule", rules.scoring_in_files),
        shuffle=part.get("shuffle", True),
        images=tuple(_image(image) for image in part.parts("images", "image", ("name", "data"))),
        **{name: part.line(name) for name in _LINES},
        **{name: part.get(name) for name in _FREE},
    )
    check_images(item.images, number)
    if missing := what_is_missing(item):
        raise WrongItem(number, missing)
    return item


def _stripped(text: Text | None) -> Text | None:
    return text and Text(text.source.strip(), text.format)


def _choice(part: _Part, rules: Rules) -> ItemChoice:
    weight, tolerance = part.get("weight", "0"), part.get("tolerance")
    if not WEIGHT.fullmatch(weight) or abs(Decimal(weight)) > 100:
        raise part.wrong(f"The weight “{weight[:40]}” is not a number between -100 and 100, written as text.")
    text = part.text("text") or Text("", "plain")
    text = text if rules.keeps_space else _stripped(text)
    if rules.is_number(tolerance) and text.source.strip() != ANYTHING:
        checked_number(part.number, text.source, tolerance)
    blank = part.get("blank", 0) if part.held.get("blank") is not None else None
    if blank is not None and not 1 <= blank <= 99:
        raise part.wrong("“blank” is a number from 1 to 99.")
    return ItemChoice(
        line=part.number,
        text=text,
        weight=Decimal(weight),
        feedback=_stripped(part.text("feedback")),
        pair=part.line("pair"),
        tolerance=tolerance,
        tolerance_kind=part.one_of("tolerance_kind", TOLERANCE_KINDS),
        blank=blank,
        is_pinned=part.get("pinned", False),
        is_offered=part.get("offered", False),
    )


def _image(part: _Part) -> tuple[str, bytes]:
    name = part.of_type(part.held.get("name"), str, "name")
    try:
        return name, base64.b64decode(part.of_type(part.held.get("data"), str, "data"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise part.wrong(f"The image “{name[:80]}” is not written as base64.") from error


def _question(item: Item) -> dict[str, Any]:
    """What there is to say; what is empty or usual is left out."""
    whole = {name: getattr(item, name) for name in ("kind", "matching", "rule", *_LINES, *_FREE)} | {
        "tags": list(item.tags),
        "stem": _from_text(item.stem),
        "choices": [_from_choice(choice) for choice in item.choices],
        "explanation": item.explanation and _from_text(item.explanation),
        "hints": [_from_text(hint) for hint in item.hints],
        "shuffle": None if item.shuffle else False,
        "images": [{"name": name, "data": base64.b64encode(data).decode()} for name, data in item.images],
    }
    return {key: whole[key] for key in _ITEM_KEYS if whole[key] or whole[key] is False}


def _from_text(text: Text) -> dict[str, str]:
    return {"format": text.format, "text": text.source}


def _from_choice(choice: ItemChoice) -> dict[str, Any]:
    whole = {
        "text": _from_text(choice.text) if choice.text.source else None,
        "weight": None if choice.weight is None else f"{choice.weight:f}",
        "feedback": choice.feedback and _from_text(choice.feedback),
        "pair": choice.pair,
        "tolerance": choice.tolerance,
        "tolerance_kind": choice.tolerance_kind,
        "blank": choice.blank,
        "pinned": choice.is_pinned,
        "offered": choice.is_offered,
    }
    return {key: value for key, value in whole.items() if value}
