"""Signs around words: ~~struck~~ or ~struck~ (as GitHub has it), ==marked==, H~2~O and x^2^ (as Pandoc has them).

One tilde behind a letter or digit lowers what follows, up to the next one; elsewhere it strikes. What is raised or
lowered has no spaces.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_LENGTHS = {"~": (1, 2), "=": (2,), "^": (1,)}
_TAGS = {
    "~~": ("s", "del"),
    "~": ("s", "del"),
    "==": ("mark", "mark"),
    "^": ("sup", "sup"),
    "_": ("sub", "sub"),
}
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
    start, end = state.pos, state.pos + scanned.length
    token = state.push("text", "", 0)
    token.content = sign * scanned.length
    state.pos = end
    if scanned.length not in _LENGTHS[sign]:
        return True
    before, after = state.src[max(0, start - 1) : start], state.src[end : end + 1]
    opens, closes, kind = scanned.can_open, scanned.can_close, token.content
    if sign == "=":
        # a==b is a comparison.
        opens, closes = opens and not _ASCII_WORD.match(before), closes and not _ASCII_WORD.match(after)
    elif scanned.length == 1:
        # What does not close is no opening: it would take away emphasis between itself and another sign.
        ends = state.env.setdefault("ends_of_marks", {}).setdefault(state.src, set())
        opens, closes = opens and after != "/", bool(before.strip()) and not _ASCII_WORD.match(after)
        if start in ends:
            opens, closes, kind = False, True, "^" if sign == "^" else "_"
        elif sign == "^" or before.isalnum() or before in (")", "]"):
            opens, kind = False, "^" if sign == "^" else kind
            closes = closes and sign == "~"
            if (at := _end(state.src, start)) > 0:
                ends.add(at)
                opens, closes, kind = True, False, "^" if sign == "^" else "_"
    token.meta["kind"] = kind
    # Signs pair with those of the same kind. Without a length, rules of emphasis for three signs are off.
    marker = 256 + list(_TAGS).index(kind)
    state.delimiters.append(Delimiter(marker, 0, len(state.tokens) - 1, -1, opens, closes))
    return True


def _end(source: str, start: int) -> int:
    """Where what is raised or lowered by the sign at `start` ends; -1 if it is none."""
    sign = source[start]
    end = source.find(sign, start + 2, start + LONGEST + 2)
    text = source[start + 1 : end]
    if end < 0 or source.startswith(sign, end + 1):
        return -1
    if sign == "~":
        return end if _LOWERED.fullmatch(text) else -1
    before, after = source[max(0, start - 1) : start], source[end + 1 : end + 2]
    is_power = not (after.isalnum() and _OPERATOR.search(text))
    # (^o^) is a face.
    return end if _RAISED.fullmatch(text) and is_power and (before, after) != ("(", ")") else -1


def _pair(state: StateInline) -> None:
    for meta in [{"delimiters": state.delimiters}, *state.tokens_meta]:
        delimiters = meta["delimiters"] if meta and "delimiters" in meta else []
        for opening in delimiters:
            if opening.marker >= 256 and opening.end >= 0:
                for place, nesting, word in ((opening.token, 1, "open"), (delimiters[opening.end].token, -1, "close")):
                    token = state.tokens[place]
                    name, tag = _TAGS[token.meta["kind"]]
                    token.type, token.tag, token.nesting = f"{name}_{word}", tag, nesting
                    token.markup, token.content = token.content, ""
