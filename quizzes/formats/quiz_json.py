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

from ..grading.numbers import ANYTHING, TOLERANCE_KINDS
from ..grading.texts import MODES
from ..kinds import RULES, rules_of
from ..kinds.base import Rules
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
    "kind", "stem", "choices", "explanation", "hints", "tags", "matching", "rule", "shuffle", "images", *_LINES, *_FREE,
)  # fmt: skip
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
        _check_keys(0, whole, ("format", "version", "quiz", "questions"), "file")
        result = ItemFile(header=_header(whole.get("quiz", _Object())))
        questions = _of_type(0, whole.get("questions", []), list, "questions")
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


def _of_type(line: int, value: Any, wanted: type, name: str) -> Any:
    """The value, if it is of that type and no other. Raises WrongItem."""
    words = {str: "a text", list: "a list", _Object: "an object", bool: "true or false", int: "a whole number"}
    if type(value) is not wanted:
        raise WrongItem(line, f"“{name}” is not {words[wanted]}.")
    if wanted is str and (found := UNFIT.search(value)):
        raise WrongItem(line, f"“{name}” holds the character U+{ord(found[0]):04X}, which no text can hold.")
    return value


def _check_keys(line: int, value: _Object, known: Iterable[str], name: str) -> None:
    if value.twice is not None:
        raise WrongItem(line, f"“{value.twice[:40]}” stands twice in the same {name}.")
    if unknown := [key for key in value if key not in known]:
        raise WrongItem(line, f"“{unknown[0][:40]}” is nothing that a {name} has.")


def _header(value: Any) -> dict[str, str]:
    header = _of_type(0, value, _Object, "quiz")
    _check_keys(0, header, HEADER_KEYS, "quiz")
    return {key: one_line(_of_type(0, text, str, key)) for key, text in header.items()}


def _item(number: int, value: Any) -> Item:
    question = _of_type(number, value, _Object, "question")
    _check_keys(number, question, _ITEM_KEYS, "question")
    kind = _one_of(number, question, "kind", RULES, "")
    stem = _text(number, question.get("stem"), "stem")
    texts = {name: _of_type(number, question.get(name, ""), str, name) for name in (*_LINES, *_FREE)}
    texts |= {name: one_line(texts[name]) for name in _LINES}
    rules = rules_of(kind)
    typed = rules.usual_matching
    item = Item(
        line=number,
        kind=kind,
        stem=stem,
        choices=tuple(_choice(number, choice, rules) for choice in _list(number, question, "choices")),
        explanation=_text(number, question["explanation"], "explanation") if "explanation" in question else None,
        hints=tuple(_text(number, hint, "hint") for hint in _list(number, question, "hints")),
        tags=tuple(one_line(_of_type(number, tag, str, "tag")) for tag in _list(number, question, "tags")),
        matching=_one_of(number, question, "matching", MODES if typed else (), typed),
        rule=_one_of(number, question, "rule", rules.scoring_in_files, ""),
        shuffle=_of_type(number, question.get("shuffle", True), bool, "shuffle"),
        images=tuple(_image(number, image) for image in _list(number, question, "images")),
        **texts,
    )
    check_images(item.images, number)
    if missing := what_is_missing(item):
        raise WrongItem(number, missing)
    return item


def _list(number: int, question: _Object, name: str) -> list:
    return _of_type(number, question.get(name, []), list, name)


def _one_of(number: int, value: _Object, name: str, known: Collection[str], default: str) -> str:
    chosen = _of_type(number, value.get(name, default), str, name)
    if chosen not in known and (chosen or name == "kind"):
        if not known:
            raise WrongItem(number, f"“{name}” does not belong to a question of this kind.")
        raise WrongItem(number, f"“{name}” is “{chosen[:40]}”; it can be {', '.join(known)}.")
    return chosen or default


def _text(number: int, value: Any, name: str, *, keeps_space: bool = False) -> Text:
    text = _of_type(number, value, _Object, name)
    _check_keys(number, text, ("format", "text"), "text")
    text_format = _one_of(number, text, "format", TEXT_FORMATS, "markdown")
    source = fit(_of_type(number, text.get("text", ""), str, name))
    return Text(source if keeps_space else source.strip(), text_format)


def _choice(number: int, value: Any, rules: Rules) -> ItemChoice:
    choice = _of_type(number, value, _Object, "choice")
    _check_keys(number, choice, _CHOICE_KEYS, "choice")
    weight = _of_type(number, choice.get("weight", "0"), str, "weight")
    if not WEIGHT.fullmatch(weight) or abs(Decimal(weight)) > 100:
        raise WrongItem(number, f"The weight “{weight[:40]}” is not a number between -100 and 100, written as text.")
    text = Text("", "plain")
    if "text" in choice:
        text = _text(number, choice["text"], "text", keeps_space=rules.keeps_space)
    tolerance = _of_type(number, choice.get("tolerance", ""), str, "tolerance")
    if rules.is_number(tolerance) and text.source.strip() != ANYTHING:
        checked_number(number, text.source, tolerance)
    blank = choice.get("blank")
    if blank is not None and not 1 <= _of_type(number, blank, int, "blank") <= 99:
        raise WrongItem(number, "“blank” is a number from 1 to 99.")
    return ItemChoice(
        line=number,
        text=text,
        weight=Decimal(weight),
        feedback=_text(number, choice["feedback"], "feedback") if "feedback" in choice else None,
        pair=one_line(_of_type(number, choice.get("pair", ""), str, "pair")),
        tolerance=tolerance,
        tolerance_kind=_one_of(number, choice, "tolerance_kind", TOLERANCE_KINDS, ""),
        blank=blank,
        is_pinned=_of_type(number, choice.get("pinned", False), bool, "pinned"),
        is_offered=_of_type(number, choice.get("offered", False), bool, "offered"),
    )


def _image(number: int, value: Any) -> tuple[str, bytes]:
    image = _of_type(number, value, _Object, "image")
    _check_keys(number, image, ("name", "data"), "image")
    name = _of_type(number, image.get("name"), str, "name")
    try:
        return name, base64.b64decode(_of_type(number, image.get("data"), str, "data"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise WrongItem(number, f"The image “{name[:80]}” is not written as base64.") from error


def _question(item: Item) -> dict[str, Any]:
    """What there is to say; what is empty or usual is left out."""
    whole = {
        "kind": item.kind,
        "name": item.name,
        "external_id": item.external_id,
        "category": item.category,
        "tags": list(item.tags),
        "stem": _from_text(item.stem),
        **{name: getattr(item, name) for name in ("program", "language", "recorded_output", "interpreter")},
        "choices": [_from_choice(choice) for choice in item.choices],
        "explanation": item.explanation and _from_text(item.explanation),
        "hints": [_from_text(hint) for hint in item.hints],
        "matching": item.matching,
        "rule": item.rule,
        "shuffle": None if item.shuffle else False,
        "read_again": item.read_again,
        "images": [{"name": name, "data": base64.b64encode(data).decode()} for name, data in item.images],
    }
    return {key: value for key, value in whole.items() if value or value is False}


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
