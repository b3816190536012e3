"""One <question> of Moodle XML as an item."""

import html
import re
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from ...kinds.cloze.rules import BLANK
from ...kinds.grading.numbers import NOMINAL
from ...kinds.messages import gettext_noop as _
from .. import items
from ..items import MARKUP_REMOVED, Item, ItemChoice, Text, WrongItem, one_line, without_markup
from . import cloze, ordering
from .nodes import Node

WORDS = ("True", "False")
MAX_BLANKS, MAX_OFFERED = 99, 1000
FORMATS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}


class Question(NamedTuple):
    """A <question>, its <publishing>, its text, and the notes on what it loses."""

    node: Node
    own: Node
    stem: Text
    notes: list[str]

    def answers(self) -> list[ItemChoice]:
        return [_answer(answer, self.stem.format) for answer in self.node.findall("answer")]


def item_from(node: Node, kind: str, category: str, notes: list[str]) -> Item:
    """The question, of a type in `KINDS_READ`. Adds to `notes`. Raises WrongItem."""
    own = node.find("publishing")
    own = Node("publishing", {}, node.line) if own is None else own
    stem, images = _images(node, _text(node.find("questiontext"), "html") or Text("", "html"), notes)
    fields = {"stem": stem, "shuffle": own.text_of("shuffle") != "off"}
    fields |= KINDS_READ[kind](Question(node, own, stem, notes))
    fields |= {name: value for name in ("matching", "rule") if (value := own.text_of(name))}
    item = Item(
        line=node.line,
        name=one_line(node.text_of("name/text")),
        explanation=_text(node.find("generalfeedback"), "html"),
        hints=tuple(filter(None, (_text(hint, "html") for hint in node.findall("hint")))),
        external_id=one_line(node.text_of("idnumber")),
        tags=tuple(filter(None, (one_line(tag.text_of("text")) for tag in node.iter("tag")))),
        category=category,
        program=own.findtext("program", ""),
        images=tuple(images.items()),
        **{name: one_line(own.text_of(name)) for name in ("language", "interpreter", "read_again")},
        **fields | {"choices": tuple(fields["choices"])},
    )
    return items.checked(item)


def _text(node: Node | None, inherited: str) -> Text | None:
    """The <text> of an element in its format; None if it is empty."""
    if node is None:
        return None
    source = node.text_of("text") or ("" if node.find("text") is not None else node.text.strip())
    named = node.get("format")
    return Text(source, inherited if named is None else FORMATS.get(named, "html")) if source else None


def _part(node: Node, inherited: str) -> ItemChoice:
    """An answer or an item to order, with its feedback."""
    text = _text(node, inherited)
    if text is None:
        raise WrongItem(node.line, _("An answer is empty."))
    return ItemChoice(node.line, text, feedback=_text(node.find("feedback"), inherited))


def _answer(node: Node, inherited: str) -> ItemChoice:
    tolerance, blank = node.find("tolerance"), node.get("blank", "")
    return replace(
        _part(node, inherited),
        weight=items.weight_of(node.line, node.get("fraction", "0").strip()),
        is_pinned=_is_true(node.get("pinned", "")),
        is_offered=_is_true(node.get("offered", "")),
        tolerance=node.text_of("tolerance"),
        tolerance_kind="" if tolerance is None else tolerance.get("kind", NOMINAL),
        blank=int(blank[:9]) if blank.isascii() and blank.isdigit() else None,
    )


def _accepted(question: Question) -> list[ItemChoice]:
    """Texts that readers type, so without the markup of an HTML editor."""
    choices = []
    for node, choice in zip(question.node.findall("answer"), question.answers(), strict=True):
        named, source = node.get("format", ""), choice.text.source
        if named == "html" or (not named and items.has_markup(source)):
            source = without_markup(source)
        if source != choice.text.source and MARKUP_REMOVED not in question.notes:
            question.notes.append(MARKUP_REMOVED)
        choices.append(replace(choice, text=Text(source, "plain")))
    return choices


def _is_true(text: str) -> bool:
    return text.strip().lower() in ("true", "1")


def _choices(question: Question) -> dict:
    return {
        "kind": "single" if _is_true(question.node.text_of("single") or "true") else "multiple",
        "shuffle": _is_true(question.node.text_of("shuffleanswers")),
        "choices": question.answers(),
    }


def _true_or_false(question: Question) -> dict:
    answers = question.answers()
    words = [html.unescape(answer.text.source).strip().lower() for answer in answers]
    if words == ["false", "true"]:
        answers.reverse()
    elif words != ["true", "false"] and len(answers) == 2:
        question.notes.append(_("Its answers are not called true and false; the first was taken for true."))
    if len(answers) == 2:
        answers = [replace(answer, text=Text(word, "plain")) for answer, word in zip(answers, WORDS, strict=True)]
    return {"kind": "true_false", "choices": answers}


def _short_answer(question: Question) -> dict:
    if question.own.text_of("kind") == "output":
        return _output(question)
    matching = "case" if _is_true(question.node.text_of("usecase")) else "plain"
    return {"kind": "short_answer", "choices": _accepted(question), "matching": matching}


def _output(question: Question) -> dict:
    """A program's output, in which white space counts. One <answer> is what was recorded."""
    answers, recorded = [], ""
    for answer in question.node.findall("answer"):
        source = answer.findtext("text", "")
        if _is_true(answer.get("recorded", "")):
            recorded = source
        else:
            answers.append(replace(_answer(answer, "plain"), text=Text(source, "plain")))
    return {"kind": "output", "choices": answers, "recorded_output": recorded}


def _numbers(question: Question) -> dict:
    if question.node.find(".//unit") is not None:
        question.notes.append(_("Its units were left out; answers are plain numbers."))
    return {"kind": "numeric", "choices": _accepted(question)}


def _pairs(question: Question) -> dict:
    choices, inherited = [], question.stem.format
    for pair in question.node.findall("subquestion"):
        left, right = _text(pair, inherited) or Text("", inherited), one_line(pair.text_of("answer/text"))
        if not right:
            raise WrongItem(pair.line, _("A pair has no right side."))
        choices.append(ItemChoice(pair.line, left, feedback=_text(pair.find("feedback"), inherited), pair=right))
    return {"kind": "matching", "choices": choices, "shuffle": _is_true(question.node.text_of("shuffleanswers"))}


def _in_order(question: Question) -> dict:
    node = question.node
    choices = [_part(answer, question.stem.format) for answer in node.findall("answer")]
    # Some programs write the names with capitals (gradingType).
    found = {child.tag.lower(): child.text.strip() for child in reversed(node)}
    select = found.get("selecttype", found.get("logical", ""))
    count = found.get("selectcount", found.get("studentsee", ""))
    rule, notes = ordering.rule_and_notes(node.line, found.get("gradingtype", ""), select, count, len(choices))
    question.notes.extend(notes)
    return {"kind": "ordering", "choices": choices, "rule": rule}


def _blanks(question: Question) -> dict:
    if own_stem := _text(question.own.find("stem"), question.stem.format):
        choices = [_answer(answer, question.stem.format) for answer in question.own.findall("answer")]
        return {"kind": "cloze", "stem": own_stem, "choices": choices}
    return {"kind": "cloze", **cloze.read(question.stem, question.node.line, question.notes)}


def _lists(question: Question) -> dict:
    """Lists (gapselect) and words to drag (ddwtos): [[2]] is the second text, in a list with those of its group."""
    line, choices = question.node.line, []
    options = [*question.node.findall("selectoption"), *question.node.findall("dragbox")]
    listed = [(option.text_of("group") or "1", without_markup(option.text_of("text")).strip()) for option in options]

    def blank(found: re.Match) -> str:
        number = choices[-1].blank + 1 if choices else 1
        if number > MAX_BLANKS or len(choices) > MAX_OFFERED:
            raise WrongItem(
                line,
                _(
                    "It has more than %(max_blanks)s blanks or %(max_offered)s texts in its lists.",
                    max_blanks=MAX_BLANKS,
                    max_offered=MAX_OFFERED,
                ),
            )
        if int(found[1]) > len(listed):
            raise WrongItem(
                line,
                _(
                    "Its text has %(blank)s, but there are %(count)s texts to choose from.",
                    blank=found[0],
                    count=len(listed),
                ),
            )
        group, right = listed[int(found[1]) - 1]
        for text in dict.fromkeys(text for other, text in listed if other == group):
            weight = Decimal(100 if text == right else 0)
            choices.append(ItemChoice(line, Text(text, "plain"), weight, blank=number, is_offered=True))
        return f"[[{number}]]"

    stem = replace(question.stem, source=BLANK.sub(blank, question.stem.source))
    if not choices:
        raise WrongItem(line, _("It has no blank."))
    if question.node.find("dragbox") is not None:
        question.notes.append(_("Its words were dragged into place; they are chosen from lists now."))
    return {"kind": "cloze", "stem": stem, "choices": choices}


# By Moodle's type: the reader of the fields of an item that depend on it, kind and choices among them.
KINDS_READ = {
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


def _images(node: Node, stem: Text, notes: list[str]) -> tuple[Text, dict[str, bytes]]:
    """The files in its texts, and the one of old versions of Moodle, which is added to the stem."""
    images = {}
    for file in node.iter("file"):
        _add_image(images, file.get("name", ""), file, notes)
    old = node.find("image_base64")
    if old is not None and (name := node.text_of("image").rpartition("/")[2]):
        _add_image(images, name, old, notes)
        tag = f'<img src="@@PLUGINFILE@@/{html.escape(name)}" alt="">'
        stem = Text(f"{stem.source}\n{tag}".strip(), stem.format)
    return stem, images


def _add_image(images: dict[str, bytes], name: str, file: Node, notes: list[str]) -> None:
    encoded = "".join(file.text.split())
    if len(encoded) > items.MAX_IMAGE_BYTES * 4 // 3 + 4:
        raise WrongItem(file.line, _("The image “%(name)s” is larger than 1 MB.", name=name[:80]))
    data = items.image_data(file.line, name, encoded)
    if not items.is_image(data):
        notes.append(_("“%(name)s” was left out; only PNG, JPEG, GIF and WebP images are taken.", name=name[:80]))
    elif images.setdefault(name, data) != data:
        raise WrongItem(file.line, _("There are two different images called “%(name)s”.", name=name[:80]))
