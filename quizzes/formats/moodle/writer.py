"""Questions written as Moodle XML, so that Moodle reads what it has and `moodle_xml.read` reads all of it."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from xml.sax.saxutils import quoteattr  # noqa: S406 - writes, reads nothing

from .. import cloze
from ..items import (
    HEADER_KEYS,
    Item,
    ItemChoice,
    Text,
    WrongItem,
    moodle_category,
    normal,
    one_line,
    what_is_missing,
)
from .ordering import GRADING_TYPE_OF
from .questions import FORMATS

NAME_OF_FORMAT = {ours: theirs for theirs, ours in FORMATS.items()}


def write(items: Iterable[Item], category: str = "", header: Mapping[str, str] | None = None) -> str:
    """A whole file. `category` is where questions without one go.

    Questions that lack something (`items.what_is_missing`) are left out. Characters that XML cannot hold are dropped.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    if said := [_element(key, one_line(header[key])) for key in HEADER_KEYS if header and header.get(key)]:
        lines += ["<publishing>", *said, "</publishing>"]
    current = ""
    for item in map(normal, items):
        if what_is_missing(item):
            continue
        wanted = item.category or one_line(category)
        if wanted != current:
            current = wanted
            text = _element("text", moodle_category(current))
            lines += ['<question type="category">', f"<category>{text}</category>", "</question>"]
        lines += _question(item)
    return "\n".join([*lines, "</quiz>"]) + "\n"


def _question(item: Item) -> Iterator[str]:
    kind, answers = _kind_and_answers(item)
    stem = item.stem
    if item.kind == "cloze":
        stem = replace(stem, source=cloze.write(stem, item.choices, item.matching))
    yield f"<question type={quoteattr(kind)}>"
    yield f"<name>{_element('text', item.name)}</name>"
    files = [
        _element("file", base64.b64encode(data).decode(), name=name, path="/", encoding="base64")
        for name, data in item.images
    ]
    yield _text("questiontext", stem, *files)
    yield _text("generalfeedback", item.explanation or Text("", stem.format))
    yield "<defaultgrade>1</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>"
    yield _element("idnumber", item.external_id)
    yield from answers
    yield from (_text("hint", hint) for hint in item.hints)
    if item.tags:
        tags = "".join(f"<tag>{_element('text', tag)}</tag>" for tag in item.tags)
        yield f"<tags>{tags}</tags>"
    if own := list(_own(item, stem.source)):
        yield from ("<publishing>", *own, "</publishing>")
    yield "</question>"


def _kind_and_answers(item: Item) -> tuple[str, Iterable[str]]:
    choices = item.choices
    shuffle = _element("shuffleanswers", "true" if item.shuffle else "false")
    if item.kind in ("single", "multiple"):
        single = _element("single", "true" if item.kind == "single" else "false")
        return "multichoice", [single, shuffle, "<answernumbering>none</answernumbering>", *map(_answer, choices)]
    if item.kind == "true_false":
        return "truefalse", [_answer(replace(choice, text=_lower(choice.text))) for choice in choices]
    if item.kind == "short_answer":
        return "shortanswer", [_element("usecase", "0" if item.matching == "plain" else "1"), *map(_answer, choices)]
    if item.kind == "output":
        return "shortanswer", [_element("usecase", "1"), *_recording(item), *map(_answer, choices)]
    if item.kind == "numeric":
        return "numerical", map(_number, choices)
    if item.kind == "matching":
        return "matching", [shuffle, *map(_pair, choices)]
    if item.kind == "ordering":
        layout = "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype>"
        count = _element("selectcount", str(len(choices)))
        grading = _element("gradingtype", GRADING_TYPE_OF[item.rule])
        shown = "<showgrading>SHOW</showgrading><numberingstyle>none</numberingstyle>"
        items = (_item(number, choice) for number, choice in enumerate(choices, 1))
        return "ordering", [layout, count, grading, shown, *items]
    return "multianswer", []


def _lower(text: Text) -> Text:
    return replace(text, source=text.source.lower())


def _answer(choice: ItemChoice, **attributes: str) -> str:
    if choice.is_pinned:
        attributes["pinned"] = "true"
    if choice.is_offered:
        attributes["offered"] = "true"
    tolerance = _tolerance(choice) if choice.tolerance else ""
    return _text("answer", choice.text, tolerance, _feedback(choice), fraction=f"{choice.percent:f}", **attributes)


def _recording(item: Item) -> Iterator[str]:
    if item.recorded_output:
        yield _text("answer", Text(item.recorded_output, "plain"), fraction="100", recorded="true")


def _number(choice: ItemChoice) -> str:
    return _text("answer", choice.text, _tolerance(choice), _feedback(choice), fraction=f"{choice.percent:f}")


def _tolerance(choice: ItemChoice) -> str:
    kind = {"kind": choice.tolerance_kind} if choice.tolerance_kind not in ("", "nominal") else {}
    return _element("tolerance", choice.tolerance or "0", **kind)


def _pair(choice: ItemChoice) -> str:
    right = f"<answer>{_element('text', choice.pair)}</answer>"
    return _text("subquestion", choice.text, right, _feedback(choice))


def _item(number: int, choice: ItemChoice) -> str:
    return _text("answer", choice.text, _feedback(choice), fraction=str(number))


def _feedback(choice: ItemChoice) -> str:
    return _text("feedback", choice.feedback) if choice.feedback else ""


def _own(item: Item, stem: str) -> Iterator[str]:
    """What Moodle has not got. `stem` is the text as Moodle sees it."""
    if item.kind == "output":
        yield _element("kind", item.kind)
    for name in ("program", "language", "interpreter", "read_again"):
        if value := getattr(item, name):
            yield _element(name, value)
    if item.matching not in (item.rules.usual_matching, *["case"] * ("matching" in item.rules.fields)):
        yield _element("matching", item.matching)
    if item.rule and item.kind != "ordering":
        yield _element("rule", item.rule)
    if not item.shuffle and item.kind in ("true_false", "ordering"):
        yield _element("shuffle", "off")
    if item.kind == "cloze" and not _says_it_all(stem, item):
        if item.matching == "case":
            yield _element("matching", "case")
        yield _text("stem", item.stem)
        yield from (_answer(choice, blank=str(choice.blank)) for choice in item.choices)


def _says_it_all(stem: str, item: Item) -> bool:
    """Whether Moodle's notation, read again, gives the same blanks."""
    try:
        found = cloze.read(replace(item.stem, source=stem), 0)
    except WrongItem:
        return False
    again = normal(replace(item, stem=replace(item.stem, source=found.stem), choices=tuple(found.choices)))
    return (again.stem, again.choices) == (item.stem, item.choices)


def _text(name: str, text: Text, /, *others: str, **attributes: str) -> str:
    attributes["format"] = NAME_OF_FORMAT[text.format]
    return f"{_start(name, attributes)}{_element('text', text.source)}{''.join(others)}</{name}>"


def _element(name: str, content: str, /, **attributes: str) -> str:
    return f"{_start(name, attributes)}{_cdata(content)}</{name}>"


def _start(name: str, attributes: Mapping[str, str]) -> str:
    return f"<{name}{''.join(f' {key}={quoteattr(value)}' for key, value in attributes.items())}>"


def _cdata(content: str) -> str:
    if not any(character in content for character in "<>&"):
        return content
    return f"<![CDATA[{content.replace(']]>', ']]]]><![CDATA[>')}]]>"
