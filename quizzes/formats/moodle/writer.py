"""Questions written as Moodle XML, so that Moodle reads what it has and `moodle_xml.read` reads all of it."""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
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

    Questions that lack something (`items.what_is_missing`) are left out, and kinds that Moodle has not got.
    Characters that XML cannot hold are dropped.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    if said := [_element(key, one_line(header[key])) for key in HEADER_KEYS if header and header.get(key)]:
        lines += ["<publishing>", *said, "</publishing>"]
    current = ""
    for item in map(normal, items):
        if item.kind not in KINDS_WRITTEN or what_is_missing(item):
            continue
        wanted = item.category or one_line(category)
        if wanted != current:
            current = wanted
            text = _element("text", moodle_category(current))
            lines += ['<question type="category">', f"<category>{text}</category>", "</question>"]
        lines += _question(item)
    return "\n".join([*lines, "</quiz>"]) + "\n"


def _question(item: Item) -> Iterator[str]:
    kind, write_answers = KINDS_WRITTEN[item.kind]
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
    yield from write_answers(item)
    yield from (_text("hint", hint) for hint in item.hints)
    if item.tags:
        tags = "".join(f"<tag>{_element('text', tag)}</tag>" for tag in item.tags)
        yield f"<tags>{tags}</tags>"
    if own := list(_own(item, stem.source)):
        yield from ("<publishing>", *own, "</publishing>")
    yield "</question>"


def _choices(item: Item) -> Iterator[str]:
    yield _element("single", "false" if item.rules.takes_several else "true")
    yield from (_shuffle(item), "<answernumbering>none</answernumbering>", *map(_answer, item.choices))


def _true_or_false(item: Item) -> Iterator[str]:
    return (_answer(replace(choice, text=_lower(choice.text))) for choice in item.choices)


def _texts(item: Item) -> Iterator[str]:
    yield _element("usecase", "0" if item.matching == "plain" else "1")
    if item.recorded_output:
        yield _text("answer", Text(item.recorded_output, "plain"), fraction="100", recorded="true")
    yield from map(_answer, item.choices)


def _numbers(item: Item) -> Iterator[str]:
    return map(_number, item.choices)


def _pairs(item: Item) -> Iterator[str]:
    yield from (_shuffle(item), *map(_pair, item.choices))


def _in_order(item: Item) -> Iterator[str]:
    yield "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype>"
    yield _element("selectcount", str(len(item.choices)))
    yield _element("gradingtype", GRADING_TYPE_OF[item.rule])
    yield "<showgrading>SHOW</showgrading><numberingstyle>none</numberingstyle>"
    yield from (_item(number, choice) for number, choice in enumerate(item.choices, 1))


def _in_text(item: Item) -> Iterator[str]:
    return iter(())


# By kind: the type of Moodle, and how its answers are written. What XML has not got is left out.
KINDS_WRITTEN: dict[str, tuple[str, Callable[[Item], Iterator[str]]]] = {
    "single": ("multichoice", _choices),
    "multiple": ("multichoice", _choices),
    "true_false": ("truefalse", _true_or_false),
    "short_answer": ("shortanswer", _texts),
    "numeric": ("numerical", _numbers),
    "ordering": ("ordering", _in_order),
    "matching": ("matching", _pairs),
    "cloze": ("multianswer", _in_text),
    "output": ("shortanswer", _texts),
}


def _shuffle(item: Item) -> str:
    return _element("shuffleanswers", "true" if item.shuffle else "false")


def _lower(text: Text) -> Text:
    return replace(text, source=text.source.lower())


def _answer(choice: ItemChoice, **attributes: str) -> str:
    if choice.is_pinned:
        attributes["pinned"] = "true"
    if choice.is_offered:
        attributes["offered"] = "true"
    tolerance = _tolerance(choice) if choice.tolerance else ""
    return _text("answer", choice.text, tolerance, _feedback(choice), fraction=f"{choice.percent:f}", **attributes)


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
