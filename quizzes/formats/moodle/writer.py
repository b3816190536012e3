"""Questions as Moodle XML, of which Moodle reads what it supports, and `xml.read` everything."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from xml.sax.saxutils import quoteattr  # noqa: S406 - writes, reads nothing

from ...kinds.grading.numbers import NOMINAL
from ..items import Item, ItemChoice, Text, WrongItem, moodle_category, normal
from . import cloze
from .ordering import GRADING_TYPE_OF
from .questions import FORMATS

NAME_OF_FORMAT = {ours: theirs for theirs, ours in FORMATS.items()}


def write(items: Iterable[Item], header: Mapping[str, str]) -> str:
    """A whole file of normal questions of `KINDS_WRITTEN`."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    if header:
        lines += ["<publishing>", *(_element(key, value) for key, value in header.items()), "</publishing>"]
    category = ""
    for item in items:
        if item.category != category:
            category = item.category
            text = _element("text", moodle_category(category))
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
    for choice in item.choices:
        yield _answer(replace(choice, text=replace(choice.text, source=choice.text.source.lower())))


def _texts(item: Item) -> Iterator[str]:
    yield _element("usecase", "0" if item.matching == "plain" else "1")
    if item.recorded_output:
        yield _text("answer", Text(item.recorded_output, "plain"), fraction="100", recorded="true")
    yield from map(_answer, item.choices)


def _numbers(item: Item) -> Iterator[str]:
    return (_answer(choice, choice.tolerance or "0") for choice in item.choices)


def _pairs(item: Item) -> Iterator[str]:
    yield _shuffle(item)
    for choice in item.choices:
        right = f"<answer>{_element('text', choice.pair)}</answer>"
        yield _text("subquestion", choice.text, right, _feedback(choice))


def _in_order(item: Item) -> Iterator[str]:
    yield "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype>"
    yield _element("selectcount", str(len(item.choices)))
    yield _element("gradingtype", GRADING_TYPE_OF[item.rule])
    yield "<showgrading>SHOW</showgrading><numberingstyle>none</numberingstyle>"
    for number, choice in enumerate(item.choices, 1):
        yield _text("answer", choice.text, _feedback(choice), fraction=str(number))


# By kind: Moodle's type, and the writer of its answers.
KINDS_WRITTEN = {
    "single": ("multichoice", _choices),
    "multiple": ("multichoice", _choices),
    "true_false": ("truefalse", _true_or_false),
    "short_answer": ("shortanswer", _texts),
    "numeric": ("numerical", _numbers),
    "ordering": ("ordering", _in_order),
    "matching": ("matching", _pairs),
    "cloze": ("multianswer", lambda item: ()),
    "output": ("shortanswer", _texts),
}


def _shuffle(item: Item) -> str:
    return _element("shuffleanswers", "true" if item.shuffle else "false")


def _answer(choice: ItemChoice, tolerance: str = "", **attributes: str) -> str:
    for name, is_set in (("pinned", choice.is_pinned), ("offered", choice.is_offered)):
        if is_set:
            attributes[name] = "true"
    if tolerance:
        kind = {"kind": choice.tolerance_kind} if choice.tolerance_kind not in ("", NOMINAL) else {}
        tolerance = _element("tolerance", tolerance, **kind)
    return _text("answer", choice.text, tolerance, _feedback(choice), fraction=f"{choice.percent:f}", **attributes)


def _feedback(choice: ItemChoice) -> str:
    return _text("feedback", choice.feedback) if choice.feedback else ""


def _own(item: Item, stem: str) -> Iterator[str]:
    """What Moodle does not have. `stem` is the text as Moodle sees it."""
    is_usual = item.matching in (item.rules.usual_matching, *["case"] * ("matching" in item.rules.fields))
    needs_own_stem = item.kind == "cloze" and not _is_complete(stem, item)
    elements = {
        "kind": item.kind if item.kind == "output" else "",
        **{name: getattr(item, name) for name in ("program", "language", "interpreter", "read_again")},
        "matching": "" if is_usual and not (needs_own_stem and item.matching == "case") else item.matching,
        "rule": "" if item.kind == "ordering" else item.rule,
        "shuffle": "off" if not item.shuffle and item.kind in ("true_false", "ordering") else "",
    }
    yield from (_element(name, value) for name, value in elements.items() if value)
    if needs_own_stem:
        yield _text("stem", item.stem)
        yield from (_answer(choice, choice.tolerance, blank=str(choice.blank)) for choice in item.choices)


def _is_complete(stem: str, item: Item) -> bool:
    """Whether Moodle's notation, read again, has the same blanks."""
    try:
        again = normal(replace(item, **cloze.read(replace(item.stem, source=stem), 0, [])))
    except WrongItem:
        return False
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
