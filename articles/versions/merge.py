"""Three-way merge of what two people made of the same article: by paragraph, and field by field. Pure."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

# A paragraph with the empty lines after it.
_PARAGRAPH = re.compile(r"(?:[^\n]+(?:\n(?!\s*\n))?)+(?:\n\s*\n|\n|$)|\n+")

# How many comparisons of paragraphs a merge may cost. Above it, all from the first to the last change is one change.
_MOST_COMPARISONS = 5_000_000
_WORD = re.compile(r"\w+")
# Which part of its words a paragraph has kept that is still the same one, how many of them are compared, and with how
# many paragraphs before and after its place.
_SIMILAR, _MOST_WORDS, _NEAR = 0.4, 200, 20


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


def aligned(old: list[str], new: list[str], wanted) -> dict[int, int]:
    """Where each of the old paragraphs with the numbers `wanted` is among the new ones; without those that are gone.

    A paragraph that was changed in place is at that place; among several new ones it is the most similar one.
    """
    places = {}
    for tag, start, end, first, last in _opcodes(old, new):
        for number in (number for number in wanted if start <= number < end):
            offset = number - start
            if tag == "equal" or tag == "replace" and end - start == last - first:
                places[number] = first + offset
            elif first < last:
                near = range(max(first, first + offset - _NEAR), min(last, first + offset + _NEAR))
                best = max(near, key=lambda place, text=old[number]: _similarity(text, new[place]), default=None)
                if best is not None and _similarity(old[number], new[best]) >= _SIMILAR:
                    places[number] = best
    return places


def _similarity(one: str, other: str) -> float:
    """Which part of the words both have, from 0 to 1."""
    words, others = (Counter(_WORD.findall(text.casefold())[:_MOST_WORDS]) for text in (one, other))
    return 2 * (words & others).total() / ((words.total() + others.total()) or 1)


class _Edits:
    """What one side did: `changed` has the end and the new text of ranges of old paragraphs, by their start; `added`
    new paragraphs by the gap.
    """

    def __init__(self):
        self.changed: dict[int, tuple[int, list[str]]] = {}
        self.added: dict[int, list[str]] = {}

    def result(self, old, start, end) -> str:
        """What became of the old paragraphs from `start` to `end`, with what was added between them."""
        text, position = [], start
        while position < end:
            text += self.added.get(position, []) if position > start else []
            last, new = self.changed.get(position, (position + 1, [old[position]]))
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
                    edits.changed[start + offset] = start + offset + 1, [new[first + offset]]
        elif tag == "replace" and end - start < last - first:
            # The last new ones were added.
            for offset in range(end - start):
                edits.changed[start + offset] = start + offset + 1, [new[first + offset]]
            edits.added[end] = new[first + end - start : last]
        elif tag != "equal":
            edits.changed[start] = end, new[first:last]
    return edits


def _opcodes(old, new):
    """Like `SequenceMatcher.get_opcodes`; in what is as long as before, the same places are compared.

    Equal paragraphs at the start and at the end stay: otherwise one of two equal paragraphs may be found at the
    place of the other. What would cost too much to compare is "rewritten".
    """
    head = next((n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), None)
    if head is None:
        head = min(len(old), len(new))
    limit = min(len(old), len(new)) - head
    tail = next((n for n in range(limit) if old[-1 - n] != new[-1 - n]), limit)
    old_end, new_end = len(old) - tail, len(new) - tail
    if head:
        yield "equal", 0, head, 0, head
    for tag, start, end, first, last in _middle_opcodes(old[head:old_end], new[head:new_end]):
        yield tag, start + head, end + head, first + head, last + head
    if tail:
        yield "equal", old_end, len(old), new_end, len(new)


def _middle_opcodes(old, new):
    same_places = sum(one == other for one, other in zip(old, new, strict=False))
    if not old and not new:
        return []
    if _comparisons(old, new) > _MOST_COMPARISONS:
        is_changed_in_place = len(old) == len(new) and same_places > len(old) / 2
        return [("replace" if is_changed_in_place else "rewritten", 0, len(old), 0, len(new))]
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    matched = sum(end - start for tag, start, end, *_ in found if tag == "equal")
    if len(old) == len(new) and same_places >= matched:
        return [("replace", 0, len(old), 0, len(new))]
    return found


def _comparisons(old, new) -> int:
    """How many steps of `SequenceMatcher` there are at most: each match looks at all paragraphs and equal pairs."""
    counts = Counter(new)
    pairs = sum(number * counts[text] for text, number in Counter(old).items())
    return (len(old) + pairs) * min(len(old), len(new))


def _end_of_change(edits, start: int) -> int:
    """The end of the smallest range from `start` that no changed range of either side crosses."""
    end, position = start + 1, start
    while position < end:
        for found in edits:
            end = max(end, found.changed.get(position, (end,))[0])
        position += 1
    return end


def _both(mine: list[str], theirs: list[str]) -> list[str]:
    return mine if mine == theirs else mine + theirs


def _joined(pieces) -> list[Piece]:
    """With neighbours that are no conflict as one."""
    joined: list[Piece] = []
    for is_conflict, group in groupby(pieces, lambda piece: piece.is_conflict):
        found = list(group)
        joined += found if is_conflict else [Piece("".join(piece.mine for piece in found))]
    return joined
