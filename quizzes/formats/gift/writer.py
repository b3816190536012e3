"""Questions as GIFT, of which Moodle reads what it supports, and `reader.parse` everything."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from ...kinds.grading.numbers import ANYTHING, NOMINAL
from ..items import Item, ItemChoice, Text, moodle_category
from ..moodle.ordering import GRADING_TYPE_OF
from .comments import FORMAT, PROGRAM, comment, shown

CATEGORY = "$CATEGORY:"

# Moodle does not unescape the items of an ordering, so only what would end or split one is escaped.
_IN_ORDER = re.compile(r"\\(?=[\\:#={}~n\n])|[{}\n]|#(?=###)")
_ESCAPES = str.maketrans({character: f"\\{character}" for character in "\\:#={}~"} | {"\n": "\\n"})


def write(items: Iterable[Item], header: Mapping[str, str]) -> str:
    """A whole file of normal questions of `KINDS_WRITTEN`, without their images, category by category as they come."""
    blocks = ["\n".join(f"// {key}: {value}" for key, value in header.items())] * bool(header)
    category = ""
    for item in items:
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
    return (_line("=", choice, item, 100) for choice in _with_recording(item))


def _numbers(item: Item) -> Iterator[str]:
    yield "\t#"
    for choice in item.choices:
        if choice.text.source == ANYTHING and choice.percent == 0 and choice is item.choices[-1]:
            yield f"\t~{_feedback(choice, item)}"
        else:
            number = choice.text.source.translate(_ESCAPES) + f":{choice.tolerance}" * bool(choice.tolerance)
            yield f"\t={_weight(choice, 100)}{number}{_feedback(choice, item)}"


def _in_order(item: Item) -> Iterator[str]:
    for choice in item.choices:
        escaped = _IN_ORDER.sub(lambda found: "\\n" if found[0] == "\n" else f"\\{found[0]}", choice.text.source)
        # A line that starts with // would be a comment.
        yield (_prefix(choice.text, item) or f"[{choice.text.format}]" * escaped.startswith("//")) + escaped


def _pairs(item: Item) -> Iterator[str]:
    for choice in item.choices:
        left = Text(shown(choice.text.source, item.kind, choice.text.format), choice.text.format)
        right = shown(choice.pair, item.kind).translate(_ESCAPES)
        yield f"\t={_text(left, item) if left.source else ''} -> {right}"


def _line(mark: str, choice: ItemChoice, item: Item, usual: int) -> str:
    # An accepted text is plain whatever its format is, so it goes without one.
    text_format = item.stem.format if item.rules.is_typed else choice.text.format
    text = Text(shown(choice.text.source, item.kind), text_format)
    weight = _weight(choice, None if text.source.startswith("%") else usual)
    return f"\t{mark}{weight}{_text(text, item)}{_feedback(choice, item)}"


def _true_or_false(item: Item) -> Iterator[str]:
    right, wrong = sorted(item.choices, key=lambda choice: -choice.percent)
    before = _feedback(wrong, item) or "#" * bool(right.feedback)
    yield f"\t{right.text.source.upper()}{before}{_feedback(right, item)}"


# By kind: the writer of its answers.
KINDS_WRITTEN = {
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


def _with_recording(item: Item) -> tuple[ItemChoice, ...]:
    """The answers, of which the recorded output is the first."""
    recorded = ItemChoice(0, Text(item.recorded_output, "plain"), Decimal(100))
    return (recorded, *item.choices) if item.recorded_output else item.choices


def _feedback(choice: ItemChoice, item: Item) -> str:
    return f"#{_text(choice.feedback, item)}" if choice.feedback else ""


def _weight(choice: ItemChoice, usual: int | None) -> str:
    return "" if choice.percent == usual else f"%{choice.percent:f}%"


def _text(text: Text, item: Item) -> str:
    """Escaped, with its format where it is not that of the stem."""
    return _prefix(text, item) + text.source.translate(_ESCAPES)


def _prefix(text: Text, item: Item) -> str:
    return f"[{text.format}]" if text.format != item.stem.format or FORMAT.match(text.source) else ""


def _comments(item: Item) -> Iterator[str]:
    """What GIFT has no signs for: short values on one line, then hints and texts that the answers cannot show."""
    numbered = [(str(number), choice) for number, choice in enumerate(item.choices, 1)]
    kinds = [choice.tolerance_kind or NOMINAL for choice in item.choices]
    pairs = [
        ("id", item.external_id),
        *(("tag", tag) for tag in item.tags),
        ("kind", "" if _is_recognised(item) else item.kind),
        ("rule", "" if item.kind == "ordering" else item.rule),
        ("matching", "" if item.matching == item.rules.usual_matching else item.matching),
        ("shuffle", "" if item.shuffle else "off"),
        ("language", item.language),
        ("interpreter", item.interpreter),
        ("read-again", item.read_again),
        ("recorded", "none" if item.kind == "output" and not item.recorded_output else ""),
        ("pinned", ",".join(number for number, choice in numbered if choice.is_pinned)),
        ("offered", ",".join(number for number, choice in numbered if choice.is_offered)),
        ("blanks", ",".join(str(choice.blank) for choice in item.choices if choice.blank)),
        ("tolerance-kinds", ",".join(kinds) if set(kinds) - {NOMINAL} else ""),
    ]
    if short := [comment(key, value) for key, value in pairs if value]:
        yield f"// {' '.join(short)}"
    yield from (f"// {comment(key, value)}" for key, value in _long(item))
    if item.program:
        yield from (f"{PROGRAM} {line}" for line in item.program.split("\n"))


def _is_recognised(item: Item) -> bool:
    """Whether the signs alone are read as its kind."""
    if item.kind == "single":
        return any(choice.percent == 100 for choice in item.choices)
    if item.kind == "short_answer":
        texts = [text.source for choice in item.choices for text in (choice.text, choice.feedback) if text]
        return not any("->" in text for text in texts)
    return item.kind not in ("cloze", "output")


def _long(item: Item) -> Iterator[tuple[str, str]]:
    for hint in item.hints:
        yield "hint", _prefix(hint, item) + hint.source
    for number, choice in enumerate(_with_recording(item), 1):
        source = choice.text.source
        if item.kind != "ordering" and source != shown(source, item.kind, choice.text.format):
            yield "text", f"{number}:{source}"
        if choice.pair != shown(choice.pair, item.kind):
            yield "pair", f"{number}:{choice.pair}"
        if choice.tolerance and item.kind == "cloze":
            yield "tolerance", f"{number}:{choice.tolerance}"
        if choice.feedback and item.kind in ("ordering", "matching"):
            yield "feedback", f"{number}:{_prefix(choice.feedback, item)}{choice.feedback.source}"
