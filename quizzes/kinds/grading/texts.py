"""Typed text against accepted text. Never fuzzy: both are brought into one form, and the forms are equal or not.

The modes, one word each in a question's "matching":

- plain: white space around it is dropped, a run of it is one space, case is ignored. An unescaped `*` in the accepted
  text stands for any text, `\\*` for a star (source: Moodle, question/type/shortanswer).
- case: as plain, but case counts.
- whitespace: white space counts between two word characters, where any of it is one space ("not in" is not "notin"),
  and inside quotes; elsewhere it is ignored. Case counts.
- quotes: as whitespace, and ' and " and the typographic quotes are the same.
- python: the same tokens to Python (python_tokens.py). An accepted text that is no whole tokens, such
  as one with a bracket left open, is compared as whitespace.
- set: items between commas and line ends that are outside brackets and quotes, each compared as whitespace; order,
  repetition and one pair of brackets around all of them are ignored.
- lines: white space at the end of a line and empty lines at the end are ignored, all else counts.

In every mode both sides are in Unicode's form NFC, since nobody sees the difference. A reader's text of more than
5,000 characters matches nothing. Time: linear in both texts.
"""

import re
import unicodedata
from collections.abc import Callable

from publishing.text.parsing import normal_line_ends

from ..messages import gettext_noop as _
from .python_tokens import is_same

LONGEST = 5_000
# With the words for those who choose one.
MODES = {
    "plain": _("Words: capitals and spacing do not count"),
    "case": _("Words: capitals count"),
    "whitespace": _("Code: white space does not count"),
    "quotes": _("Code: white space and the kind of quotes do not count"),
    "python": _("Python: compared token by token"),
    "set": _("A set: order and repetition do not count"),
    "lines": _("Output: only trailing white space does not count"),
}
PLAIN, CASE, WHITESPACE, QUOTES, PYTHON, SET, LINES = MODES

# A string in quotes, an escaped character outside of one, white space, or any other character. A quote that is never
# closed is one of the others.
_PIECE = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\\\S|\s+|\S""", re.DOTALL)
_STAR = re.compile(r"(?<!\\)\*+")
_STRAIGHT = str.maketrans({**dict.fromkeys("‘’‚‛‹›", "'"), **dict.fromkeys("“”„‟«»", '"')})
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def matcher(mode: str, typed: str) -> Callable[[str], bool]:
    """A function that says whether an accepted text matches what was typed, which is brought into form only once.

    Raises KeyError for an unknown mode.
    """
    form = _FORMS[mode]
    if len(typed) > LONGEST:
        return lambda accepted: False
    composed = _composed(typed)
    if mode == PYTHON:
        return lambda accepted: _is_same_python(_composed(accepted), composed)
    mine = form(composed)
    if mode in {PLAIN, CASE}:
        return lambda accepted: _fits(form(_composed(accepted)), mine)
    return lambda accepted: form(_composed(accepted)) == mine


def spelling(mode: str) -> Callable[[str], str]:
    """How texts are spelled for counting: those of one spelling match the same accepted texts of the mode."""
    by_mode = {PLAIN: lambda text: _composed_line(text).casefold(), CASE: _composed_line}
    return by_mode.get(mode, lines)


def _composed_line(text: str) -> str:
    return _on_one_line(_composed(text).replace("\x00", ""))


def lines(text: str) -> str:
    """Line by line, without the white space at their ends and around all of them."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", normal_line_ends(text))


def _without_case(text: str) -> str:
    return _composed(_on_one_line(text).casefold())


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _fits(accepted: str, typed: str) -> bool:
    """Whether the typed text is the accepted one with any text for each run of unescaped stars.

    The first place at which a piece is found is as good as any later one, so nothing is tried twice.
    """
    first, *others = (piece.replace("\\*", "*") for piece in _STAR.split(accepted))
    if not others:
        return first == typed
    *middle, last = others
    if not typed.startswith(first):
        return False
    at = len(first)
    for piece in middle:
        found = typed.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(typed) - len(last) >= at and typed.endswith(last)


def _without_white_space(text: str) -> str:
    pieces = _PIECE.findall(text.strip())
    kept = []
    for before, piece, after in zip(["", *pieces], pieces, [*pieces[1:], ""], strict=False):
        if not piece.isspace():
            kept.append(piece)
        elif _is_word(before[-1:]) and _is_word(after[:1]):
            kept.append(" ")
    return "".join(kept)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _with_one_quote(text: str) -> str:
    return _without_white_space(text.translate(_STRAIGHT)).replace("'", '"')


def _is_same_python(accepted: str, typed: str) -> bool:
    same = True if accepted == typed else is_same(accepted, typed)
    return _without_white_space(accepted) == _without_white_space(typed) if same is None else same


def _items(text: str) -> frozenset[str]:
    """The items of a list, each in the form of the mode whitespace; empty ones are left out."""
    pieces = _PIECE.findall(text.strip())
    if _is_in_one_pair(pieces):
        pieces = pieces[1:-1]
    items, item, depth = [], [], 0
    for piece in pieces:
        depth = max(0, depth + (piece in _CLOSING) - (piece in _CLOSING.values()))
        if depth == 0 and (piece == "," or (piece.isspace() and "\n" in piece)):
            items.append("".join(item))
            item = []
        else:
            item.append(piece)
    items.append("".join(item))
    return frozenset(form for form in map(_without_white_space, items) if form)


def _is_in_one_pair(pieces: list[str]) -> bool:
    """Whether the first piece is a bracket that the last one closes, and no earlier one."""
    if len(pieces) < 2 or _CLOSING.get(pieces[0]) != pieces[-1]:
        return False
    depth = 0
    for piece in pieces[:-1]:
        depth += (piece in _CLOSING) - (piece in _CLOSING.values())
        if depth == 0:
            return False
    return True


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip("\n")


# What is equal for texts that match.
_FORMS = {
    PLAIN: _without_case,
    CASE: _on_one_line,
    WHITESPACE: _without_white_space,
    QUOTES: _with_one_quote,
    PYTHON: _without_white_space,
    SET: _items,
    LINES: _lines,
}
