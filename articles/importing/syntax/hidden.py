"""Parts of a text that no rule may change: each is a mark in the text until it is put back."""

import re
from collections import Counter

from publishing.transfer.notes import Kind, Notes

# Noncharacters, which no text has: they are taken out of the source first.
START, END, BREAK, UNKNOWN = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
_MARK = re.compile(f"{START}(\\d+){END}")
_RESERVED = re.compile(f"[{START}{END}{BREAK}{UNKNOWN}]")


def without_marks(text: str) -> str:
    return _RESERVED.sub("", text)


class Hidden:
    def __init__(self):
        self.parts: list[str] = []
        # The most colons with which a line of them begins: boxes around them need more.
        self.colons = 0

    def hide(self, text: str) -> str:
        """A mark for `text`, which may have marks itself."""
        part = self.restore(text)
        if part.startswith(":::"):
            self.colons = max(self.colons, len(part) - len(part.lstrip(":")))
        self.parts.append(part)
        return f"{START}{len(self.parts) - 1}{END}"

    def restore(self, text: str) -> str:
        return _MARK.sub(lambda mark: self.parts[int(mark[1])], text)

    def plain(self, text: str) -> str:
        """As it is in a caption or a title: on one line."""
        return " ".join(self.restore(text).split())


class Found:
    """Counts what was met; one note for each kind of it."""

    def __init__(self):
        self.changed: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()

    def tell(self, notes: Notes) -> None:
        for counts, say in ((self.changed, notes.add), (self.lost, notes.lose)):
            for what, number in counts.items():
                say(Kind.SYNTAX, f"{what} ({number}×)" if number > 1 else what)


def block(text: str) -> str:
    """`text` with a blank line before and after it, where there is none; see `separated`."""
    return f"{BREAK}{text}{BREAK}"


_LINK = re.compile(rf"!?\[([^\[\]\n]{{0,500}})\]\([^()\s]{{0,500}}{UNKNOWN}[^()\n]{{0,500}}\)")
_DEFINITION = re.compile(rf"^[ \t>]*\[([^\]\n]{{1,200}})\]:[^\n{UNKNOWN}]{{0,500}}{UNKNOWN}[^\n]*\n?", re.MULTILINE)
_USE = re.compile(r"\[([^\[\]\n]{1,500})\](?:\[([^\[\]\n]{0,200})\])?(?![(:])")


def without_unknown(text: str) -> str:
    """`text` without links to addresses of which a part is not known; their words stay."""
    if UNKNOWN not in text:
        return text
    text = _LINK.sub(r"\1", text)
    labels = {" ".join(label.lower().split()) for label in _DEFINITION.findall(text)}
    if labels:
        text = _DEFINITION.sub("", text)

        def plain(use: re.Match) -> str:
            return use[1] if " ".join((use[2] or use[1]).lower().split()) in labels else use[0]

        text = _USE.sub(plain, text)
    return text.replace(UNKNOWN, "")


_PREFIX = re.compile(r"[ \t>]*")
_MARKER = re.compile(r"([ \t>]*)((?:[-*+]|\d{1,9}[.)])[ \t]+)?")


def prefix_of(line: str) -> str:
    """What the lines after `line` begin with to stay in its quote and its list item."""
    found = _MARKER.match(line)
    return found[1] + " " * len(found[2] or "")


def separated(text: str) -> str:
    """`text` with blank lines in place of the signs that `block` left."""
    if BREAK not in text:
        return text
    out, is_due = [], False
    for line in text.split("\n"):
        first, *parts = line.split(BREAK)
        prefix = prefix_of(first)
        is_lead = bool(parts) and first.strip(" \t>") and _MARKER.fullmatch(first)
        if not is_lead and (first.strip(" \t>") or not parts):
            is_due = _put(out, first, prefix, is_due=is_due)
        for part in parts:
            is_due = is_due or not is_lead
            if part.strip():
                lead, is_lead = (first if is_lead else prefix), False
                is_due = _put(out, lead + part.lstrip(" ").rstrip(), prefix, is_due=is_due)
    return "\n".join(out)


def _put(out: list[str], line: str, prefix: str, *, is_due: bool) -> bool:
    """Add `line`, after a blank one if that is due. Is one due still?"""
    if line.strip(" \t>") and is_due and out and out[-1].strip(" \t>"):
        out.append(_PREFIX.match(prefix)[0].rstrip())
    out.append(line)
    return is_due and not line.strip(" \t>")
