"""One <question> of Moodle XML as an item."""

import base64
import binascii
import html
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from decimal import Decimal

from ...kinds import rules_of
from ...kinds.cloze.rules import BLANK
from ...kinds.grading.numbers import ANYTHING, TOLERANCE_KINDS
from ...kinds.grading.texts import MODES
from .. import cloze
from ..gift.answer_syntax import checked_number
from ..items import (
    MARKUP_REMOVED,
    MAX_IMAGE_BYTES,
    WEIGHT,
    Item,
    ItemChoice,
    Text,
    WrongItem,
    check_images,
    has_markup,
    is_image,
    one_line,
    what_is_missing,
    without_markup,
)
from . import ordering
from .nodes import Node

WORDS = ("True", "False")
MAX_BLANKS, MAX_OFFERED = 99, 1000
FORMATS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}


def item_from(node: Node, kind: str, category: str, notes: list[str]) -> Item:
    """The question, without what our fields hold in vain for its kind. Adds to `notes`. Raises WrongItem."""
    own = node.child("publishing") or Node("publishing", {}, node.line)
    stem, images = _images(node, _text(node.child("questiontext"), "html") or Text("", "html"), notes)
    fields = {"stem": stem, "shuffle": own.text_of("shuffle") != "off"} | KINDS_READ[kind](node, own, stem, notes)
    rules = rules_of(fields["kind"])
    matching = _one_of(own, "matching", MODES) or fields.pop("matching", rules.usual_matching)
    rule = _one_of(own, "rule", rules.scoring_in_files) or fields.pop("rule", "")
    item = Item(
        line=node.line,
        name=one_line(node.text_of("name", "text")),
        explanation=_text(node.child("generalfeedback"), "html"),
        hints=tuple(filter(None, (_text(hint, "html") for hint in node.all("hint")))),
        external_id=one_line(node.text_of("idnumber")),
        tags=tuple(filter(None, (one_line(tag.text_of("text")) for tag in node.below("tag")))),
        category=category,
        read_again=one_line(own.text_of("read_again")),
        images=images,
        **fields | {"choices": tuple(fields["choices"]), "matching": matching, "rule": rule},
    )
    if missing := what_is_missing(item):
        raise WrongItem(node.line, missing)
    return item


def _text(node: Node | None, inherited: str) -> Text | None:
    """The <text> of an element in its format; None when there is nothing in it."""
    if node is None:
        return None
    source = node.text_of("text") or ("" if node.child("text") else node.text.strip())
    named = node.attributes.get("format")
    return Text(source, inherited if named is None else FORMATS.get(named, "html")) if source else None


def _one_of(own: Node, name: str, known: Collection[str]) -> str:
    value = own.text_of(name)
    if value and value not in known:
        raise WrongItem(own.line, f"The {name} “{value[:40]}” does not go with a question of this kind.")
    return value


def _weight(node: Node) -> Decimal:
    typed = node.attributes.get("fraction", "0").strip()
    if not WEIGHT.fullmatch(typed) or abs(Decimal(typed)) > 100:
        raise WrongItem(node.line, f"The fraction “{typed[:40]}” is not a number between -100 and 100.")
    return Decimal(typed)


def _answer(node: Node, inherited: str) -> ItemChoice:
    text = _text(node, inherited)
    if text is None:
        raise WrongItem(node.line, "An answer is empty.")
    return ItemChoice(node.line, text, _weight(node), feedback=_feedback(node, inherited))


def _feedback(node: Node, inherited: str) -> Text | None:
    return _text(node.child("feedback"), inherited)


def _accepted(node: Node, notes: list[str]) -> ItemChoice:
    """An accepted text, which readers type: without the markup of an HTML editor."""
    choice = _answer(node, "plain")
    named, source = node.attributes.get("format", ""), choice.text.source
    if named == "html" or (not named and has_markup(source)):
        source = without_markup(source)
    if source != choice.text.source and MARKUP_REMOVED not in notes:
        notes.append(MARKUP_REMOVED)
    return replace(choice, text=Text(source, "plain"))


def _is_true(text: str) -> bool:
    return text.strip().lower() in ("true", "1")


def _choices(node: Node, own: Node, stem: Text, notes: list[str]) -> dict:
    return {
        "kind": "single" if _is_true(node.text_of("single") or "true") else "multiple",
        "shuffle": _is_true(node.text_of("shuffleanswers")),
        "choices": [
            replace(_answer(answer, stem.format), is_pinned=_is_true(answer.attributes.get("pinned", "")))
            for answer in node.all("answer")
        ],
    }


def _true_or_false(node: Node, own: Node, stem: Text, notes: list[str]) -> dict:
    answers = [_answer(answer, stem.format) for answer in node.all("answer")]
    words = [html.unescape(answer.text.source).strip().lower() for answer in answers]
    if words == ["false", "true"]:
        answers.reverse()
    elif words != ["true", "false"] and len(answers) == 2:
        notes.append("Its answers are not called true and false; the first was taken for true.")
    if len(answers) == 2:
        answers = [replace(answer, text=Text(word, "plain")) for answer, word in zip(answers, WORDS, strict=True)]
    return {"kind": "true_false", "choices": answers}


def _short_answer(node: Node, own: Node, stem: Text, notes: list[str]) -> dict:
    if own.text_of("kind") == "output":
        return _output(node, own)
    answers = [_accepted(answer, notes) for answer in node.all("answer")]
    return {
        "kind": "short_answer",
        "choices": answers,
        "matching": "case" if _is_true(node.text_of("usecase")) else "plain",
    }


def _output(node: Node, own: Node) -> dict:
    """A program's output, in which white space counts. One <answer> is what was recorded."""
    answers, recorded = [], ""
    for answer in node.all("answer"):
        source = answer.child("text").text if answer.child("text") else ""
        if _is_true(answer.attributes.get("recorded", "")):
            recorded = source
        else:
            answers.append(replace(_answer(answer, "plain"), text=Text(source, "plain")))
    program = own.child("program")
    return {
        "kind": "output",
        "choices": answers,
        "recorded_output": recorded,
        "program": program.text if program else "",
        "language": one_line(own.text_of("language")),
        "interpreter": one_line(own.text_of("interpreter")),
    }


def _numbers(node: Node, own: Node, stem: Text, notes: list[str]) -> dict:
    choices = [
        _with_tolerance(replace(_accepted(answer, notes), feedback=_feedback(answer, stem.format)), answer)
        for answer in node.all("answer")
    ]
    if next(node.below("unit"), None):
        notes.append("Its units were left out; an answer is a bare number.")
    return {"kind": "numeric", "choices": choices}


def _with_tolerance(choice: ItemChoice, answer: Node) -> ItemChoice:
    """An accepted number with its <tolerance>; `*` takes none."""
    if choice.text.source == ANYTHING:
        return choice
    value, tolerance = checked_number(answer.line, choice.text.source, answer.text_of("tolerance"))
    node = answer.child("tolerance")
    kind = node.attributes.get("kind", "nominal") if node else "nominal"
    if kind not in TOLERANCE_KINDS:
        raise WrongItem(answer.line, f"The tolerance is none of {', '.join(TOLERANCE_KINDS)}.")
    return replace(choice, text=Text(value, "plain"), tolerance=tolerance, tolerance_kind=kind)


def _pairs(node: Node, own: Node, stem: Text, notes: list[str]) -> dict:
    choices = []
    for pair in node.all("subquestion"):
        left = _text(pair, stem.format) or Text("", stem.format)
        right = one_line(pair.text_of("answer", "text"))
        if not right:
            raise WrongItem(pair.line, "A pair has no right side.")
        choices.append(ItemChoice(pair.line, left, feedback=_feedback(pair, stem.format), pair=right))
    return {"kind": "matching", "choices": choices, "shuffle": _is_true(node.text_of("shuffleanswers"))}


def _in_order(node: Node, own: Node, stem: Text, notes: list[str]) -> dict:
    choices = []
    for answer in node.all("answer"):
        text = _text(answer, stem.format)
        if text is None:
            raise WrongItem(answer.line, "An item to order is empty.")
        choices.append(ItemChoice(answer.line, text, feedback=_feedback(answer, stem.format)))
    graded = _said_of_order(node, "gradingtype")
    rule = ordering.rule_of(graded)
    if rule is None and graded:
        raise WrongItem(node.line, f"The grading type “{graded[:40]}” is unknown.")
    if rule is None:
        notes.append(ordering.SAYS_NO_RULE)
    select = _said_of_order(node, "selecttype", "logical")
    try:
        notes += ordering.notes_on(select, _said_of_order(node, "selectcount", "studentsee"), len(choices))
    except ValueError as error:
        raise WrongItem(node.line, str(error)) from error
    return {"kind": "ordering", "choices": choices, "rule": rule or ordering.MOODLE_DEFAULT}


def _said_of_order(node: Node, *names: str) -> str:
    """What an ordering says under one of these names, which some programs write with capitals (gradingType)."""
    return next((child.text.strip() for child in node.children if child.name.lower() in names), "")


def _blanks(node: Node, own: Node, stem: Text, notes: list[str]) -> dict:
    if own_stem := _text(own.child("stem"), stem.format):
        choices = []
        for answer in own.all("answer"):
            is_offered = _is_true(answer.attributes.get("offered", ""))
            choice = replace(_answer(answer, stem.format), blank=_blank(answer), is_offered=is_offered)
            choices.append(_with_tolerance(choice, answer) if answer.child("tolerance") else choice)
        return {"kind": "cloze", "stem": own_stem, "choices": choices}
    found = cloze.read(stem, node.line)
    notes += found.notes
    stem = replace(stem, source=found.stem)
    return {"kind": "cloze", "stem": stem, "choices": found.choices, "matching": found.matching}


def _lists(node: Node, own: Node, stem: Text, notes: list[str]) -> dict:
    """Lists (gapselect) and words to drag (ddwtos): [[2]] stands for the second text, beside those of its group."""
    listed = [*node.all("selectoption"), *node.all("dragbox")]
    texts = [without_markup(option.text_of("text")).strip() for option in listed]
    groups = [option.text_of("group") or "1" for option in listed]
    choices: list[ItemChoice] = []

    def blank(found: re.Match) -> str:
        right, number = int(found[1]) - 1, choices[-1].blank + 1 if choices else 1
        if number > MAX_BLANKS or len(choices) > MAX_OFFERED:
            raise WrongItem(node.line, f"It has more than {MAX_BLANKS} blanks or {MAX_OFFERED} texts in its lists.")
        if right >= len(listed):
            raise WrongItem(node.line, f"Its text has {found[0]}, but there are {len(listed)} texts to choose from.")
        here = dict.fromkeys(text for text, group in zip(texts, groups, strict=True) if group == groups[right])
        for text in here:
            weight = Decimal(100 if text == texts[right] else 0)
            choices.append(ItemChoice(node.line, Text(text, "plain"), weight, blank=number, is_offered=True))
        return f"[[{number}]]"

    stem = replace(stem, source=BLANK.sub(blank, stem.source))
    if not choices:
        raise WrongItem(node.line, "It has no blank.")
    if node.child("dragbox"):
        notes.append("Its words were dragged into place; they are chosen from lists now.")
    return {"kind": "cloze", "stem": stem, "choices": choices}


def _blank(answer: Node) -> int:
    typed = answer.attributes.get("blank", "")
    if not typed.isascii() or not typed.isdigit() or not 1 <= int(typed[:9]) <= 99:
        raise WrongItem(answer.line, "An accepted answer belongs to no blank.")
    return int(typed)


# How the types of Moodle are read: what they know of a question's fields, kind, stem and choices among them.
KINDS_READ: dict[str, Callable[[Node, Node, Text, list[str]], dict]] = {
    "multichoice": _choices,
    "truefalse": _true_or_false,
    "shortanswer": _short_answer,
    "numerical": _numbers,
    "matching": _pairs,
    "match": _pairs,
    "multianswer": _blanks,
    "cloze": _blanks,
    "gapselect": _lists,
    "ddwtos": _lists,
    "ordering": _in_order,
}


def _images(node: Node, stem: Text, notes: list[str]) -> tuple[Text, tuple[tuple[str, bytes], ...]]:
    """The files in its texts, and the one beside them that old versions of Moodle wrote; the stem shows that one."""
    images: dict[str, bytes] = {}
    for file in node.below("file"):
        _add_image(images, file.attributes.get("name", ""), file, notes)
    old = node.child("image_base64")
    if old and (name := node.text_of("image").rpartition("/")[2]):
        _add_image(images, name, old, notes)
        tag = f'<img src="@@PLUGINFILE@@/{html.escape(name)}" alt="">'
        stem = Text(f"{stem.source}\n{tag}".strip(), stem.format)
    check_images(images.items(), node.line)
    return stem, tuple(images.items())


def _add_image(images: dict[str, bytes], name: str, file: Node, notes: list[str]) -> None:
    encoded = "".join(file.text.split())
    if len(encoded) > MAX_IMAGE_BYTES * 4 // 3 + 4:
        raise WrongItem(file.line, f"The image “{name[:80]}” is larger than 1 MB, which is the most.")
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WrongItem(file.line, f"The file “{name[:80]}” is not written as base64.") from error
    if not is_image(data):
        notes.append(f"“{name[:80]}” was left out; only PNG, JPEG, GIF and WebP images are taken.")
    elif images.setdefault(name, data) != data:
        raise WrongItem(file.line, f"There are two different images called “{name[:80]}”.")
