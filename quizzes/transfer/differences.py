"""A question as lines of text, and what changed between two versions of it."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from ..formats.items import Item, ItemChoice


def between(before: Item, after: Item) -> list[tuple[str, str]]:
    """All lines of both texts: ("-", line) is only in `before`, ("+", line) only in `after`, (" ", line) in both."""
    old, new = list(_lines(before)), list(_lines(after))
    found = []
    for operation, start, end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
        if operation == "equal":
            found += [(" ", line) for line in old[start:end]]
        else:
            found += [("-", line) for line in old[start:end]] + [("+", line) for line in new[new_start:new_end]]
    return found


def _lines(item: Item) -> Iterator[str]:
    yield from _labelled("Name", item.name)
    yield from item.stem.source.split("\n")
    yield from _labelled("Program", f"{item.language}\n{item.program}" if item.program else "")
    yield from _labelled("Output", item.recorded_output)
    for choice in item.choices:
        yield from _choice_lines(item, choice)
    yield from _labelled("Explanation", item.explanation.source if item.explanation else "")
    for hint in item.hints:
        yield from _labelled("Hint", hint.source)
    yield from _labelled("Kind", item.kind)
    yield from _labelled("Compared as", item.matching)
    yield from _labelled("Scored by", item.rule)
    yield from _labelled("Shuffled", "" if item.shuffle else "no")
    yield from _labelled("Interpreter", item.interpreter)
    yield from _labelled("Read again", item.read_again)
    yield from _labelled("Tags", ", ".join(item.tags))
    yield from _labelled("Folder", item.category)


def _choice_lines(item: Item, choice: ItemChoice) -> Iterator[str]:
    marks = [f"blank {choice.blank}"] * bool(choice.blank)
    marks += [] if choice.weight is None else [f"{choice.weight.normalize():f} %"]
    marks += [f"± {choice.tolerance} {choice.tolerance_kind}"] * bool(choice.tolerance)
    marks += ["pinned"] * choice.is_pinned
    pair = f" → {choice.pair}" if choice.pair else ""
    said = f" ({', '.join(marks)})" if marks else ""
    yield from f"• {choice.text.source}{pair}{said}".split("\n")
    yield from _labelled("  Feedback", choice.feedback.source if choice.feedback else "")


def _labelled(label: str, value: str) -> Iterator[str]:
    if value:
        yield from f"{label}: {value}".split("\n")
