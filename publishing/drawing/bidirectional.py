"""The order in which the parts of a line stand: the Unicode Bidirectional Algorithm (UAX #9).

Without embeddings, which `typeface.shown` removes, and without pairs of brackets (rule N0), which matter where foreign
words are on both sides of one.
"""

import unicodedata
from itertools import groupby

_STRONG = {"L": 0, "R": 1, "AL": 1}
_NUMBER = 2


def is_right_to_left(text: str) -> bool:
    """By its first letter that has a direction, as `dir="auto"` in HTML."""
    return next((unicodedata.bidirectional(char) in ("R", "AL") for char in text if _is_strong(char)), False)


def _is_strong(char: str) -> bool:
    return unicodedata.bidirectional(char) in _STRONG


def visual(text: str) -> list[tuple[str, bool]]:
    """The parts of one line from left to right, each in the order in which it is read; whether it runs to the left."""
    if not any(unicodedata.bidirectional(char) in ("R", "AL") for char in text):
        return [(text, False)] if text else []
    levels, at = _levels(text), 0
    runs = []
    for level, group in groupby(levels):
        length = len(list(group))
        runs.append((level, text[at : at + length]))
        at += length
    for least in (2, 1):
        runs = _reversed(runs, least)
    return [(part, level == 1) for level, part in runs]


def _reversed(runs: list, least: int) -> list:
    """Rule L2: what is at this level or above stands the other way round."""
    found = []
    for is_above, group in groupby(runs, key=lambda run: run[0] >= least):
        part = list(group)
        found += part[::-1] if is_above else part
    return found


def _levels(text: str) -> list[int]:
    """0 from left to right, 1 from right to left, 2 from left to right within that: a number, or a foreign word."""
    base = int(is_right_to_left(text))
    kinds = _neutrals(_kinds(text, base), base)
    return [2 if kind == _NUMBER or (kind == 0 and base) else kind for kind in kinds]


def _kinds(text: str, base: int) -> list[int | None]:
    """Rules W1 to W7: of each character 0, 1, `_NUMBER` (in a context from right to left) or None."""
    kinds, classes, last = [], [], "R" if base else "L"
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in _STRONG:
            last = kind
        elif kind in ("NSM", "BN"):
            # A mark, and a joiner, belong to their letter.
            kind = classes[-1] if classes else "ON"
        elif kind == "EN" and last == "AL":
            kind = "AN"
        classes.append(kind)
        is_number = kind == "AN" or (kind == "EN" and last == "R")
        kinds.append(_NUMBER if is_number else 0 if kind == "EN" else _STRONG.get(kind))
    for at in range(1, len(text) - 1):
        around = classes[at - 1], classes[at + 1]
        if around == ("EN", "EN") and classes[at] in ("CS", "ES") or around == ("AN", "AN") and classes[at] == "CS":
            kinds[at], classes[at] = kinds[at - 1], classes[at - 1]
    # Signs such as % belong to a number before or after them.
    for places, beside in ((range(1, len(text)), -1), (range(len(text) - 2, -1, -1), 1)):
        for at in places:
            if classes[at] == "ET" and classes[at + beside] == "EN":
                kinds[at], classes[at] = kinds[at + beside], "EN"
    return kinds


def _neutrals(kinds: list[int | None], base: int) -> list[int]:
    """Rules N1 and N2: what is between two parts of one direction has it, all else that of the line."""
    found, at = [], 0
    for kind, group in groupby(kinds):
        length = len(list(group))
        at += length
        if kind is None:
            before = min(found[-1], 1) if found else base
            after = min(kinds[at], 1) if at < len(kinds) else base
            kind = before if before == after else base
        found += [kind] * length
    return found
