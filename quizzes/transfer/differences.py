"""What changed between two versions of a question, as lines of text."""

from difflib import unified_diff

from ..formats.items import Item, ItemChoice


def between(before: Item, after: Item) -> list[tuple[str, str]]:
    """All lines of both versions: "-" and a line only in `before`, "+" only in `after`, " " in both."""
    old, new = _lines(before), _lines(after)
    # Three lines of header; the context is long enough for the whole text.
    lines = list(unified_diff(old, new, n=len(old) + len(new)))[3:]
    return [(line[0], line[1:]) for line in lines]


def _lines(item: Item) -> list[str]:
    labelled = [
        ("Name", item.name),
        ("", item.stem.source),
        ("Program", f"{item.language}\n{item.program}" if item.program else ""),
        ("Output", item.recorded_output),
    ]
    for choice in item.choices:
        labelled += [("", _choice(choice)), ("  Feedback", choice.feedback and choice.feedback.source)]
    labelled += [
        ("Explanation", item.explanation and item.explanation.source),
        *(("Hint", hint.source) for hint in item.hints),
        ("Kind", item.kind),
        ("Comparison", item.matching),
        ("Scoring", item.rule),
        ("Shuffled", "" if item.shuffle else "no"),
        ("Interpreter", item.interpreter),
        ("Article", item.read_again),
        ("Tags", ", ".join(item.tags)),
        ("Category", item.category),
    ]
    return "\n".join(f"{label}: {text}" if label else text for label, text in labelled if text).split("\n")


def _choice(choice: ItemChoice) -> str:
    marks = []
    if choice.blank:
        marks.append(f"blank {choice.blank}")
    if choice.weight is not None:
        marks.append(f"{choice.weight.normalize():f} %")
    if choice.tolerance:
        marks.append(f"± {choice.tolerance} {choice.tolerance_kind}")
    if choice.is_pinned:
        marks.append("pinned")
    pair = f" → {choice.pair}" if choice.pair else ""
    return f"• {choice.text.source}{pair}" + (f" ({', '.join(marks)})" if marks else "")
