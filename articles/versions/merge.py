"""Three-way merge of what two people made of the same article: by paragraph, and field by field. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# A paragraph with the empty lines after it.
_PARAGRAPH = re.compile(r"(?:[^\n]+(?:\n(?!\s*\n))?)+(?:\n\s*\n|\n|$)|\n+")


@dataclass(frozen=True)
class Piece:
    """A part of a merged text. If both people changed it, `theirs` is the other one's text, else None."""

    mine: str | list
    theirs: str | list | None = None

    @property
    def is_conflict(self) -> bool:
        return self.theirs is not None


@dataclass(frozen=True)
class Merge:
    """Merged fields; where both changed the same, they hold mine. `conflicts` has the pieces of these fields."""

    fields: dict
    conflicts: dict[str, list[Piece]]


def merge_fields(base: dict, mine: dict, theirs: dict) -> Merge:
    """Merge two sets of fields that were made from `base`. `body` is merged by paragraph, lists by their elements."""
    fields, conflicts = {}, {}
    for name in mine:
        values = base.get(name), mine[name], theirs.get(name)
        is_text = name == "body"
        pieces = merge_texts(*(value or "" for value in values)) if is_text else [_merged_value(*values)]
        parts = [piece.mine for piece in pieces]
        fields[name] = "".join(parts) if is_text else parts[0]
        if any(piece.is_conflict for piece in pieces):
            conflicts[name] = pieces
    return Merge(fields, conflicts)


def _merged_value(base, mine, theirs) -> Piece:
    if mine == theirs or theirs == base:
        return Piece(mine)
    if mine == base:
        return Piece(theirs)
    if isinstance(mine, list):
        return _merged_list(base or [], mine, theirs or [])
    return Piece(mine, "" if theirs is None else theirs)


def _merged_list(base: list, mine: list, theirs: list) -> Piece:
    """What both kept and what either added, in the order of whoever changed it; a conflict if both did, differently."""
    merged = [value for value in mine if value in theirs or value not in base]
    merged += [value for value in theirs if value not in base and value not in merged]
    before, ours, others = (
        [value for value in one if value in base and value in merged] for one in (base, mine, theirs)
    )
    if others in (before, ours):
        return Piece(merged)
    ordered = [value for value in theirs if value in merged]
    ordered += [value for value in mine if value in merged and value not in ordered]
    return Piece(ordered) if ours == before else Piece(merged, ordered)


def merge_texts(base: str, mine: str, theirs: str) -> list[Piece]:
    """The pieces of the merged text, in order. Changes of different paragraphs are both in it.

    New paragraphs that both put at one place are both kept, mine first.
    """
    if mine == theirs or theirs == base:
        return [Piece(mine)]
    if mine == base:
        return [Piece(theirs)]
    # With the same end: a paragraph does not change because one is added after it.
    old, ours, others = (paragraphs(text.rstrip("\n") + "\n\n") for text in (base, mine, theirs))
    edits = _edits(old, ours), _edits(old, others)
    pieces, position = [], 0
    while position <= len(old):
        added = [found.added.get(position, []) for found in edits]
        pieces += [Piece(text) for text in _both(*added)]
        if position == len(old):
            break
        end = _end_of_change(edits, position)
        results = [found.result(old, position, end) for found in edits]
        unchanged = "".join(old[position:end])
        pieces.append(_merged_value(unchanged, *results))
        position = end
    *others, last = _joined(piece for piece in pieces if piece.mine or piece.is_conflict) or [Piece("")]
    return [*others, last if last.is_conflict else Piece(last.mine.rstrip("\n") + _end(mine))]


def _end(text: str) -> str:
    return text[len(text.rstrip("\n")) :]


def paragraphs(text: str) -> list[str]:
    """The paragraphs, each with the empty lines that follow it. Joined they are `text`."""
    return _PARAGRAPH.findall(text)


class _Edits:
    """What one side did: `changed` maps ranges of the old paragraphs to new text, `added` gaps to new paragraphs."""

    def __init__(self):
        self.changed: dict[tuple[int, int], list[str]] = {}
        self.added: dict[int, list[str]] = {}

    def result(self, old, start, end) -> str:
        """What became of the old paragraphs from `start` to `end`, with what was added between them."""
        text, position = [], start
        ranges = {first: (last, new) for (first, last), new in self.changed.items()}
        while position < end:
            text += self.added.get(position, []) if position > start else []
            last, new = ranges.get(position, (position + 1, [old[position]]))
            text += new
            position = last
        return "".join(text)


def _edits(old: list[str], new: list[str]) -> _Edits:
    edits = _Edits()
    for tag, start, end, first, last in _opcodes(old, new):
        if tag == "insert":
            edits.added[start] = new[first:last]
        elif tag == "replace" and end - start == last - first:
            # As many as before: each was changed for itself.
            for offset in range(end - start):
                if old[start + offset] != new[first + offset]:
                    edits.changed[start + offset, start + offset + 1] = [new[first + offset]]
        elif tag == "replace" and end - start < last - first:
            # The last new ones were added.
            for offset in range(end - start):
                edits.changed[start + offset, start + offset + 1] = [new[first + offset]]
            edits.added[end] = new[first + end - start : last]
        elif tag != "equal":
            edits.changed[start, end] = new[first:last]
    return edits


def _opcodes(old, new):
    """Like `SequenceMatcher.get_opcodes`; in what is as long as before, the same places are compared.

    Equal paragraphs at the start and at the end stay: otherwise one of two equal paragraphs may be found at the
    place of the other.
    """
    head = next((n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), None)
    if head is None:
        head = min(len(old), len(new))
    limit = min(len(old), len(new)) - head
    tail = next((n for n in range(limit) if old[-1 - n] != new[-1 - n]), limit)
    old_end, new_end = len(old) - tail, len(new) - tail
    if head:
        yield "equal", 0, head, 0, head
    middle, changed = old[head:old_end], new[head:new_end]
    matcher = SequenceMatcher(None, middle, changed, autojunk=False)
    same_places = sum(one == other for one, other in zip(middle, changed, strict=False))
    found = matcher.get_opcodes()
    matched = sum(end - start for tag, start, end, *_ in found if tag == "equal")
    if len(middle) == len(changed) and same_places >= matched:
        found = [("replace", 0, len(middle), 0, len(changed))] if middle else []
    for tag, start, end, first, last in found:
        yield tag, start + head, end + head, first + head, last + head
    if tail:
        yield "equal", old_end, len(old), new_end, len(new)


def _end_of_change(edits, start: int) -> int:
    """The end of the smallest range from `start` that no changed range of either side crosses."""
    end, before = start + 1, start
    while end != before:
        before = end
        for found in edits:
            for first, last in found.changed:
                if first < end and last > end:
                    end = last
    return end


def _both(mine: list[str], theirs: list[str]) -> list[str]:
    return mine if mine == theirs else mine + theirs


def _joined(pieces) -> list[Piece]:
    """With neighbours that are no conflict as one."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and not piece.is_conflict and not joined[-1].is_conflict:
            joined[-1] = Piece(joined[-1].mine + piece.mine)
        else:
            joined.append(piece)
    return joined
