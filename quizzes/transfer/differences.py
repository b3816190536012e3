"""What changed between two versions of a question, as lines of text."""

from difflib import unified_diff

from django.utils.translation import gettext as _

from ..formats.items import Item, ItemChoice


def between(before: Item, after: Item) -> list[tuple[str, str]]:
    """All lines of both versions: "-" and a line only in `before`, "+" only in `after`, " " in both."""
    old, new = _lines(before), _lines(after)
    # Three lines of header; the context is long enough for the whole text.
    lines = list(unified_diff(old, new, n=len(old) + len(new)))[3:]
    return [(line[0], line[1:]) for line in lines]


def _lines(item: Item) -> list[str]:
    labelled = [
        (_("Name"), item.name),
        ("", item.stem.source),
        (_("Program"), f"{item.language}\n{item.program}" if item.program else ""),
        (_("Output"), item.recorded_output),
    ]
    for choice in item.choices:
        labelled += [("", _choice(choice)), (f"  {_('Feedback')}", choice.feedback and choice.feedback.source)]
    labelled += [
        (_("Explanation"), item.explanation and item.explanation.source),
        *((_("Hint"), hint.source) for hint in item.hints),
        (_("Kind"), item.kind),
        (_("Comparison"), item.matching),
        (_("Scoring"), item.rule),
        (_("Shuffled"), "" if item.shuffle else _("no")),
        (_("Interpreter"), item.interpreter),
        (_("Article"), item.read_again),
        (_("Tags"), ", ".join(item.tags)),
        (_("Category"), item.category),
    ]
    return "\n".join(f"{label}: {text}" if label else text for label, text in labelled if text).split("\n")


def _choice(choice: ItemChoice) -> str:
    marks = []
    if choice.blank:
        marks.append(_("blank %(number)s") % {"number": choice.blank})
    if choice.weight is not None:
        marks.append(f"{choice.weight.normalize():f} %")
    if choice.tolerance:
        marks.append(f"± {choice.tolerance} {choice.tolerance_kind}")
    if choice.is_pinned:
        marks.append(_("pinned"))
    pair = f" → {choice.pair}" if choice.pair else ""
    return f"• {choice.text.source}{pair}" + (f" ({', '.join(marks)})" if marks else "")
