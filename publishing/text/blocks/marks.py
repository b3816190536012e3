"""Signs around words: ~~struck~~ or ~struck~ (as GitHub has it), ==marked==, H~2~O and x^2^ (as Pandoc has them).

One tilde behind a letter or digit lowers what follows, up to the next one; elsewhere it strikes. What is raised or
lowered has no spaces.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_LENGTHS = {"~": (1, 2), "=": (2,), "^": (1,)}
_TAGS = {"~~": ("s", "del"), "~": ("s", "del"), "==": ("mark", "mark"), "^": ("sup", "sup")}
_SUB = ("sub", "sub")
# Longer ones are two signs that have nothing to do with each other.
LONGEST = 60
_LOWERED = re.compile(rf"[\w+\-−=.,()*'′/\\{{}}]{{1,{LONGEST}}}")
_RAISED = re.compile(rf"(?=[^\s]*?(?:[^\W_]|[+\-−*†‡°′]))\S{{1,{LONGEST}}}")
# x^2+y^2: signs of powers, each with its own number.
_OPERATOR = re.compile(r"[^\s(]\s*[+\-−*/=<>,;|]")
_ASCII_WORD = re.compile(r"[A-Za-z0-9_]")


def use_marks(markdown: MarkdownIt) -> MarkdownIt:
    markdown.inline.ruler.at("strikethrough", _scan)
    markdown.inline.ruler2.at("strikethrough", _pair)
    return markdown.enable("strikethrough")


def _scan(state: StateInline, silent: bool) -> bool:
    """A run of one sign: a text token that may open or close."""
    sign = state.src[state.pos]
    if silent or sign not in _LENGTHS or state.src.startswith("^[", state.pos):
        return False
    scanned = state.scanDelims(state.pos, True)
    end = state.pos + scanned.length
    token = state.push("text", "", 0)
    token.content = sign * scanned.length
    if scanned.length in _LENGTHS[sign]:
        before, after = state.src[max(0, state.pos - 1) : state.pos], state.src[end : end + 1]
        opens, closes = scanned.can_open, scanned.can_close
        if sign == "=":
            # a==b is a comparison.
            opens, closes = opens and not _ASCII_WORD.match(before), closes and not _ASCII_WORD.match(after)
        elif scanned.length == 1:
            # Na^+^ and x~(i)~; but ~/a is a folder.
            lowers = sign == "^" or _ends_word(before)
            opens = bool(after.strip()) if lowers else opens and after != "/"
            closes = bool(before.strip())
        token.meta = {"start": state.pos, "end": end, "lowers": token.content == "~" and _ends_word(before)}
        # Signs pair with those of the same length. Without a length, rules of emphasis for three signs are off.
        marker = ord(sign) + 256 * scanned.length
        state.delimiters.append(Delimiter(marker, 0, len(state.tokens) - 1, -1, opens, closes))
    state.pos = end
    return True


def _ends_word(before: str) -> bool:
    return before.isalnum() or before in (")", "]")


def _pair(state: StateInline) -> None:
    for meta in [{"delimiters": state.delimiters}, *state.tokens_meta]:
        delimiters = meta["delimiters"] if meta and "delimiters" in meta else []
        for opening in delimiters:
            if opening.marker >= 256 and opening.end >= 0:
                _make(state, opening.token, delimiters[opening.end].token)


def _make(state: StateInline, opening: int, closing: int) -> None:
    """Make elements of two tokens, if what is between them may be one."""
    first, last = state.tokens[opening], state.tokens[closing]
    sign, start, end = first.content, first.meta["end"], last.meta["start"]
    kind = _TAGS[sign]
    if first.meta["lowers"] or sign == "^":
        text = state.src[start:end] if end - start <= LONGEST else ""
        if not (_is_raised(state.src, text, first, last) if sign == "^" else _LOWERED.fullmatch(text)):
            return
        kind = _TAGS[sign] if sign == "^" else _SUB
    for token, nesting, word in ((first, 1, "open"), (last, -1, "close")):
        token.type, token.tag, token.nesting = f"{kind[0]}_{word}", kind[1], nesting
        token.markup, token.content = sign, ""


def _is_raised(source: str, text: str, first, last) -> bool:
    start, end = first.meta["start"], last.meta["end"]
    before, after = source[max(0, start - 1) : start], source[end : end + 1]
    if not _RAISED.fullmatch(text) or (after.isalnum() and _OPERATOR.search(text)):
        return False
    # (^o^) is a face.
    return (before, after) != ("(", ")")
