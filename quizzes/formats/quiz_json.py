"""Our own format, JSON with all of a quiz: {"format": "publishing-quiz", "version": 1, "quiz", "questions"}.

Weights are percent as text, texts {"format": …, "text": …}, images {"name": …, "data": base64}. Keys may be left out;
other keys and types are refused, with the number of the question as the line.
"""

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ..kinds import RULES
from ..kinds.messages import gettext_noop as _
from . import items
from .decoding import decode
from .items import HEADER_KEYS, Item, ItemChoice, ItemFile, Text, UnreadableFile, WrongItem, one_line

FORMAT, VERSION = "publishing-quiz", 1

# The keys of each object with the types of their values, in the order in which they are written.
_FILE = {"format": str, "version": int, "quiz": dict, "questions": list}
_QUESTION = {
    "kind": str, "name": str, "external_id": str, "category": str, "tags": list, "stem": dict, "program": str,
    "language": str, "recorded_output": str, "interpreter": str, "choices": list, "explanation": dict, "hints": list,
    "matching": str, "rule": str, "shuffle": bool, "read_again": str, "images": list,
}  # fmt: skip
_CHOICE = {
    "text": dict, "weight": str, "feedback": dict, "pair": str, "tolerance": str, "tolerance_kind": str, "blank": int,
    "pinned": bool, "offered": bool,
}  # fmt: skip
# The fields of `ItemChoice` that hold the same.
_SAME = {
    "pair": "pair", "tolerance": "tolerance", "tolerance_kind": "tolerance_kind", "blank": "blank",
    "pinned": "is_pinned", "offered": "is_offered",
}  # fmt: skip
_TEXT = {"format": str, "text": str}
_IMAGE = {"name": str, "data": str}
_WORDS = {
    str: _("a text"), list: _("a list"), dict: _("an object"), bool: _("true or false"), int: _("a whole number"),
}  # fmt: skip


class _Repeated(str):
    """Stands for an object that has this key twice."""


def read(data: bytes) -> ItemFile:
    """Raises UnreadableFile; an error in one question is in `problems`."""
    whole = _parsed(decode(data))
    if isinstance(whole, dict) and whole.get("format") != FORMAT:
        raise UnreadableFile(_("The file is JSON without “format”: “%(format)s”.", format=FORMAT))
    try:
        given = _object(0, "file", whole, _FILE)
        header = _object(0, "quiz", given.get("quiz", {}), dict.fromkeys(HEADER_KEYS, str))
    except WrongItem as error:
        raise UnreadableFile(error.problem.message) from error
    if given.get("version") != VERSION:
        raise UnreadableFile(_("The file has no “version”: %(version)s.", version=VERSION))
    result = ItemFile({key: one_line(value) for key, value in header.items()})
    for number, question in enumerate(given.get("questions", ()), 1):
        try:
            result.add(_item(number, question))
        except WrongItem as error:
            result.problems.append(error.problem)
    return result


def write(questions: Iterable[Item], header: Mapping[str, str]) -> str:
    whole = {"format": FORMAT, "version": VERSION, "quiz": header, "questions": list(map(_from_item, questions))}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=float)
    except RecursionError as error:
        raise UnreadableFile(_("The file is nested too deeply.")) from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            _("The file is not JSON: %(problem)s on line %(line)s.", problem=error.msg, line=error.lineno)
        ) from error
    except ValueError as error:
        raise UnreadableFile(_("A number in the file is too long.")) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict | _Repeated:
    result = dict(pairs)
    if len(result) == len(pairs):
        return result
    return _Repeated(Counter(key for key, _value in pairs).most_common(1)[0][0])


def _typed(line: int, name: str, value: Any, wanted: type) -> Any:
    """The value. Raises WrongItem for another type and for a text with a forbidden character."""
    if isinstance(value, _Repeated):
        raise WrongItem(line, _("“%(value)s” appears twice in the same %(name)s.", value=value[:40], name=name))
    if type(value) is not wanted:
        raise WrongItem(line, _("“%(name)s” is not %(type)s.", name=name, type=_WORDS[wanted]))
    if wanted is str and (found := items.FORBIDDEN.search(value)):
        raise WrongItem(
            line,
            _("“%(name)s” has the character U+%(code)s, which is not allowed.", name=name, code=f"{ord(found[0]):04X}"),
        )
    return value


def _object(line: int, name: str, value: Any, types: Mapping[str, type]) -> dict[str, Any]:
    """The value, an object with no other keys and types than these. Raises WrongItem."""
    for key, part in _typed(line, name, value, dict).items():
        if key not in types:
            raise WrongItem(line, _("“%(key)s” is not a key of a %(name)s.", key=key[:40], name=name))
        if key != "blank" or part is not None:
            _typed(line, key, part, types[key])
    return value


def _text(line: int, name: str, value: Any) -> Text:
    given = _object(line, name, value, _TEXT)
    text_format = given.get("format") or "markdown"
    items.check_option(line, "format", text_format, items.TEXT_FORMATS)
    return Text(given.get("text", ""), text_format)


def _item(line: int, value: Any) -> Item:
    given = _object(line, "question", value, _QUESTION)
    kind = given.get("kind", "")
    items.check_option(line, "kind", kind, RULES)
    item = Item(
        line=line,
        kind=kind,
        stem=_text(line, "stem", given.get("stem")),
        choices=tuple(_choice(line, choice) for choice in given.get("choices", ())),
        explanation=_text(line, "explanation", given["explanation"]) if "explanation" in given else None,
        hints=tuple(_text(line, "hint", hint) for hint in given.get("hints", ())),
        tags=tuple(_typed(line, "tag", tag, str) for tag in given.get("tags", ())),
        shuffle=given.get("shuffle", True),
        images=tuple(_image(line, image) for image in given.get("images", ())),
        **{name: one_line(given.get(name, "")) for name in (*items.LINES, "matching", "rule")},
        **{name: given.get(name, "") for name in items.VERBATIM},
    )
    return items.checked(item)


def _choice(line: int, value: Any) -> ItemChoice:
    given = _object(line, "choice", value, _CHOICE)
    return ItemChoice(
        line=line,
        text=_text(line, "text", given["text"]) if "text" in given else Text("", "plain"),
        weight=items.weight_of(line, given.get("weight", "0")),
        feedback=_text(line, "feedback", given["feedback"]) if "feedback" in given else None,
        **{name: given[key] for key, name in _SAME.items() if key in given},
    )


def _image(line: int, value: Any) -> tuple[str, bytes]:
    given = _object(line, "image", value, _IMAGE)
    name = given.get("name", "")
    return name, items.image_data(line, name, given.get("data", ""))


def _from_item(item: Item) -> dict[str, Any]:
    """Without what is empty or usual."""
    whole = {name: getattr(item, name) for name in ("kind", "matching", "rule", *items.LINES, *items.VERBATIM)} | {
        "tags": list(item.tags),
        "stem": _from_text(item.stem),
        "choices": [_from_choice(choice) for choice in item.choices],
        "explanation": _from_text(item.explanation),
        "hints": [_from_text(hint) for hint in item.hints],
        "shuffle": None if item.shuffle else False,
        "images": [{"name": name, "data": base64.b64encode(data).decode()} for name, data in item.images],
    }
    return {key: whole[key] for key in _QUESTION if whole[key] or whole[key] is False}


def _from_text(text: Text | None) -> dict[str, str] | None:
    return {"format": text.format, "text": text.source} if text else None


def _from_choice(choice: ItemChoice) -> dict[str, Any]:
    whole = {
        "text": _from_text(choice.text) if choice.text.source else None,
        "weight": None if choice.weight is None else f"{choice.weight:f}",
        "feedback": _from_text(choice.feedback),
        **{key: getattr(choice, name) for key, name in _SAME.items()},
    }
    return {key: value for key, value in whole.items() if value}
