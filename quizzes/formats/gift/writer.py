"""Questions written as GIFT, so that Moodle reads what it has and `gift.parse` reads all of it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from ...kinds.grading.numbers import ANYTHING
from ..items import (
    HEADER_KEYS,
    Item,
    ItemChoice,
    Text,
    moodle_category,
    normal,
    one_line,
    what_is_missing,
)
from ..moodle.ordering import GRADING_TYPE_OF
from .comments import FORMAT, PROGRAM, comment, shown

CATEGORY = "$CATEGORY:"

# Moodle reads the items of an ordering as they stand, so only what would end or split one is escaped.
_IN_ORDER = re.compile(r"\\(?=[\\:#={}~n\n])|[{}\n]|#(?=###)")
_ESCAPES = str.maketrans({character: f"\\{character}" for character in "\\:#={}~"} | {"\n": "\\n"})


def write(items: Iterable[Item], header: Mapping[str, str] | None = None) -> str:
    """A whole file, category by category as the items come.

    Questions that lack something (`items.what_is_missing`) are left out, and kinds and images that GIFT cannot hold.
    """
    blocks = []
    if lines := [
        f"// {key}: {one_line(header[key])}" for key in HEADER_KEYS if header and one_line(header.get(key, ""))
    ]:
        blocks.append("\n".join(lines))
    category = ""
    for item in map(normal, items):
        if item.kind not in KINDS_WRITTEN or what_is_missing(item):
            continue
        if item.category != category:
            category = item.category
            blocks.append(f"{CATEGORY} {moodle_category(category)}")
        blocks.append("\n".join([*_comments(item), _question(item)]))
    return "\n\n".join(blocks) + "\n"


def _question(item: Item) -> str:
    name = f"::{item.name.translate(_ESCAPES)}::" if item.name else ""
    head = ""
    if item.kind == "ordering":
        head = f">{len(item.choices)} ALL VERTICAL {GRADING_TYPE_OF[item.rule]} SHOW none"
    stem = f"{name}[{item.stem.format}]{item.stem.source.translate(_ESCAPES)}{{{head}"
    lines = [stem, *KINDS_WRITTEN[item.kind](item)]
    if item.explanation:
        lines.append(f"\t####{_text(item.explanation, item)}")
    return "\n".join([*lines, "}"])


def _choices(item: Item) -> Iterator[str]:
    # Without a ~ they would be short answers; a text that starts like a weight needs one before it.
    needs_tilde = all(choice.percent == 100 for choice in item.choices)
    for number, choice in enumerate(item.choices):
        is_right = not item.rules.takes_several and choice.percent == 100 and not (needs_tilde and number)
        yield _line("=", choice, item, 100) if is_right else _line("~", choice, item, 0)


def _texts(item: Item) -> Iterator[str]:
    if item.recorded_output.strip():
        yield _line("=", _recording(item), item, 100)
    yield from (_line("=", choice, item, 100) for choice in item.choices)


def _numbers(item: Item) -> Iterator[str]:
    yield "\t#"
    yield from (_number(choice, item, is_last=choice is item.choices[-1]) for choice in item.choices)


def _in_order(item: Item) -> Iterator[str]:
    return (_item_in_order(choice.text, item) for choice in item.choices)


def _pairs(item: Item) -> Iterator[str]:
    return (_pair(choice, item) for choice in item.choices)


def _line(mark: str, choice: ItemChoice, item: Item, usual: int) -> str:
    # An accepted text is plain whatever its format is, so it goes without one.
    text_format = item.stem.format if item.rules.is_typed else choice.text.format
    text = Text(shown(choice.text.source, item.kind), text_format)
    is_plain = choice.percent == usual and not text.source.startswith("%")
    return f"\t{mark}{'' if is_plain else _weight(choice.percent)}{_text(text, item)}{_feedback(choice, item)}"


def _pair(choice: ItemChoice, item: Item) -> str:
    left = Text(shown(choice.text.source, item.kind, choice.text.format), choice.text.format)
    right = shown(choice.pair, item.kind)
    return f"\t={_text(left, item) if left.source else ''} -> {right.translate(_ESCAPES)}"


def _item_in_order(text: Text, item: Item) -> str:
    escaped = _IN_ORDER.sub(lambda found: "\\n" if found[0] == "\n" else f"\\{found[0]}", text.source)
    # A line that starts with // would be a comment.
    return (_prefix(text, item) or f"[{text.format}]" * escaped.startswith("//")) + escaped


def _number(choice: ItemChoice, item: Item, *, is_last: bool) -> str:
    if choice.text.source == ANYTHING and choice.percent == 0 and is_last:
        return f"\t~{_feedback(choice, item)}"
    weight = "" if choice.percent == 100 else _weight(choice.percent)
    tolerance = f":{choice.tolerance}" if choice.tolerance else ""
    return f"\t={weight}{choice.text.source.translate(_ESCAPES)}{tolerance}{_feedback(choice, item)}"


def _true_or_false(item: Item) -> Iterator[str]:
    right, wrong = sorted(item.choices, key=lambda choice: -choice.percent)
    before = _feedback(wrong, item) or "#" * bool(right.feedback)
    yield f"\t{right.text.source.upper()}{before}{_feedback(right, item)}"


# How the answers of each kind are written. What GIFT has not got is left out.
KINDS_WRITTEN: dict[str, Callable[[Item], Iterator[str]]] = {
    "single": _choices,
    "multiple": _choices,
    "true_false": _true_or_false,
    "short_answer": _texts,
    "numeric": _numbers,
    "ordering": _in_order,
    "matching": _pairs,
    "cloze": _texts,
    "output": _texts,
}


def _recording(item: Item) -> ItemChoice:
    return ItemChoice(0, Text(item.recorded_output, "plain"), Decimal(100))


def _feedback(choice: ItemChoice, item: Item) -> str:
    return f"#{_text(choice.feedback, item)}" if choice.feedback else ""


def _weight(weight: Decimal) -> str:
    return f"%{weight:f}%"


def _text(text: Text, item: Item) -> str:
    """Escaped, with its format where it is not that of the stem."""
    return _prefix(text, item) + text.source.translate(_ESCAPES)


def _prefix(text: Text, item: Item) -> str:
    return f"[{text.format}]" if text.format != item.stem.format or FORMAT.match(text.source) else ""


def _comments(item: Item) -> Iterator[str]:
    said = [comment("id", item.external_id)] * bool(item.external_id) + [comment("tag", tag) for tag in item.tags]
    said += _said(item)
    if said:
        yield f"// {' '.join(said)}"
    for key, value in _long(item):
        yield f"// {comment(key, value)}"
    if item.program:
        yield from (f"{PROGRAM} {line}" for line in item.program.split("\n"))


def _said(item: Item) -> Iterator[str]:
    """What is short enough to share a line."""
    if item.kind not in ("true_false", "numeric", "matching", "ordering", *_kinds_by_signs(item)):
        yield comment("kind", item.kind)
    if item.rule and item.kind != "ordering":
        yield comment("rule", item.rule)
    if item.matching != item.rules.usual_matching:
        yield comment("matching", item.matching)
    if not item.shuffle:
        yield comment("shuffle", "off")
    for key, value in (("language", item.language), ("interpreter", item.interpreter), ("read-again", item.read_again)):
        if value:
            yield comment(key, value)
    if item.kind == "output" and not item.recorded_output.strip():
        yield comment("recorded", "none")
    lists = {
        "pinned": [str(number) for number, choice in enumerate(item.choices, 1) if choice.is_pinned],
        "offered": [str(number) for number, choice in enumerate(item.choices, 1) if choice.is_offered],
        "blanks": [str(choice.blank) for choice in item.choices if choice.blank],
        "tolerance-kinds": [choice.tolerance_kind or "nominal" for choice in item.choices],
    }
    for key, values in lists.items():
        if values and set(values) != {"nominal"}:
            yield comment(key, ",".join(values))


def _kinds_by_signs(item: Item) -> Iterator[str]:
    """The kinds that a reader would take the answers for without being told."""
    if item.kind == "single" and any(choice.percent == 100 for choice in item.choices):
        yield "single"
    if item.kind == "multiple":
        yield "multiple"
    if not any(
        "->" in choice.text.source or (choice.feedback and "->" in choice.feedback.source) for choice in item.choices
    ):
        yield "short_answer"


def _long(item: Item) -> Iterator[tuple[str, str]]:
    """Hints, and what the answers cannot show as it is."""
    for hint in item.hints:
        yield "hint", _prefix(hint, item) + hint.source
    answers = item.choices
    if item.kind == "output" and item.recorded_output.strip():
        answers = (_recording(item), *answers)
    for number, choice in enumerate(answers, 1):
        source = choice.text.source
        if item.kind != "ordering" and source != shown(source, item.kind, choice.text.format):
            yield "text", f"{number}:{source}"
        if choice.pair != shown(choice.pair, item.kind):
            yield "pair", f"{number}:{choice.pair}"
        if choice.tolerance and item.kind == "cloze":
            yield "tolerance", f"{number}:{choice.tolerance}"
        if choice.feedback and item.kind in ("ordering", "matching"):
            yield "feedback", f"{number}:{_prefix(choice.feedback, item)}{choice.feedback.source}"
