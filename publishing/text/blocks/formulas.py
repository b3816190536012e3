"""Math in a text: `$x^2$` in a line, `$$…$$` on lines of its own or in a line, and blocks of code in `math`.

As Pandoc has it, nothing but a sign stands inside the dollars of a formula in a line, and no letter or digit outside:
prices and variables of a shell stay text. `\\$` is a dollar. `\\(` and `\\[` are a bracket, as in CommonMark. A formula
that cannot be read is shown as typed.
"""

import re
import secrets
from html import escape

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from . import mathml

TYPES = ("formula", "formula_block")
# Of one text; further formulas are shown as typed.
MOST_FORMULAS = 5000
TOO_MANY = "too many"

_WORD = re.compile(r"[A-Za-z0-9_$]")
# $n$th, two $x$s
_AFTER = re.compile(r"(?:th|st|nd|rd|s)?(?![A-Za-z0-9_$])")
# Two words, or a longer one: what is between two prices.
_PROSE = re.compile(r"(?:^|\s)[^\W\d_]{2,}\s+[^\W\d_]{2,}|\s[^\W\d_]{3,}(?:\s|$)")
_TAG = re.compile(r'<[a-zA-Z/!?](?:[^>"]|"[^"]*")*>')
_MATH = re.compile(r"<math\b|</math>")


def use_formulas(markdown: MarkdownIt) -> MarkdownIt:
    markdown.inline.ruler.after("escape", "formula", _in_line)
    markdown.inline.ruler.before("html_inline", "mathml", _mathml)
    alternatives = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    markdown.block.ruler.before("fence", "formula_block", _block, alternatives)
    markdown.core.ruler.after("inline", "formulas", _convert)
    markdown.add_render_rule("formula", _render)
    markdown.add_render_rule("formula_block", _render)
    return markdown


# --- where a formula is ---


def _in_line(state: StateInline, silent: bool) -> bool:
    source, start = state.src, state.pos
    if source[start] != "$":
        return False
    run = len(source) - start - len(source[start:].lstrip("$")) if source.startswith("$$$", start) else 0
    opening, closing = "$", "$"
    if run > 2:
        # Signs that are not of a formula.
        return _text(state, run, silent)
    if source.startswith("$$", start):
        opening = closing = "$$"
    elif source.startswith("$`", start):
        opening, closing = "$`", "`$"
    end = _find(state, closing, start + len(opening))
    latex = source[start + len(opening) : end] if end >= 0 else ""
    after = end + len(closing)
    if not latex.strip() or (opening == "$" and not _is_formula(source, start, latex, after)):
        return _text(state, len(opening), silent) if opening == "$$" else False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.markup = latex, opening
        token.meta["source"] = source[start:after]
    state.pos = after
    return True


def _mathml(state: StateInline, silent: bool) -> bool:
    """A <math> element that somebody typed."""
    source, start = state.src, state.pos
    if not source.startswith("<math", start):
        return False
    following = source.find("<math", start + 1)
    end = source.find("</math>", start, following if following > 0 else len(source)) + len("</math>")
    try:
        html = mathml.checked(source[start:end]) if end >= len("</math>") else ""
    except ValueError:
        return False
    if html and not silent:
        token = state.push("formula", "math", 0)
        token.content, token.markup, token.meta = " ".join(_TAG.sub(" ", html).split()), "<math>", {"html": html}
    state.pos = end if html else start
    return bool(html)


def _text(state: StateInline, length: int, silent: bool) -> bool:
    if not silent:
        state.pending += "$" * length
    state.pos += length
    return True


def _find(state: StateInline, sign: str, start: int) -> int:
    """Where the sign is next, but for `\\$`; -1 if nowhere. What is not there is looked for once."""
    missing = state.env.setdefault("missing_signs", {})
    if missing.get((state.src, sign), len(state.src)) <= start:
        return -1
    at = state.src.find(sign, start)
    while at > 0 and sign[0] == "$" and state.src[at - 1] == "\\":
        at = state.src.find(sign, at + 1)
    if at < 0:
        missing[state.src, sign] = start
    return at


def _is_formula(source: str, start: int, latex: str, after: int) -> bool:
    if latex[0].isspace() or latex[-1].isspace() or "`" in latex or "$$" in source[after - 1 : after + 1]:
        return False
    if _WORD.match(source[max(0, start - 1) : start]) or not _AFTER.match(source, after):
        return False
    return "\\" in latex or not _PROSE.search(latex)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`$$` at the start of a line, up to one at the end of a line, without an empty one between them."""
    first = _line(state, start)
    if not first.startswith("$$") or first.startswith("$$$") or state.is_code_block(start):
        return False
    last, lines = start, [first[2:]]
    while "$$" not in lines[-1]:
        last += 1
        if last >= end or state.isEmpty(last) or state.sCount[last] < state.blkIndent:
            return False
        lines.append(_line(state, last))
    if lines[-1].count("$$") > 1 or not lines[-1].endswith("$$") or lines[-1].endswith("\\$$"):
        return False
    latex = "\n".join(lines)[:-2].strip()
    if not latex:
        return False
    if not silent:
        state.line = last + 1
        token = state.push("formula_block", "math", 0)
        token.content, token.markup, token.map, token.block = latex, "$$", [start, state.line], True
        token.meta["source"] = "\n".join(["$$" + lines[0], *lines[1:]])
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()


# --- what it becomes ---


def _convert(state: StateCore) -> None:
    """Give each formula its MathML, or the reason why it has none. A block of code in `math` is a formula."""
    made = {}
    for token in state.tokens:
        if token.type == "fence" and token.info.split()[:1] == ["math"]:
            token.type, token.tag = "formula_block", "math"
            token.meta["source"] = token.content
        for formula in (token, *(token.children or ())):
            if formula.type in TYPES and formula.markup != "<math>":
                key = formula.content, formula.markup not in ("$", "$`")
                if key not in made:
                    made[key] = _made(*key, count=len(made))
                formula.meta |= made[key]


def _made(latex: str, is_block: bool, count: int) -> dict:
    if count >= MOST_FORMULAS:
        return {"problem": TOO_MANY}
    try:
        return {"html": mathml.from_latex(latex, is_block=is_block)}
    except mathml.UnreadableError as error:
        return {"problem": error.reason}


def _render(renderer, tokens: list[Token], index: int, options, env: dict) -> str:
    token = tokens[index]
    is_block = token.type == "formula_block"
    if "html" not in token.meta:
        source = escape(token.meta["source"], quote=False)
        return f'<pre tabindex="0"><code>{source}</code></pre>\n' if is_block else source
    place = env.setdefault("formulas", Formulas()).hide(token.meta["html"])
    if is_block:
        return f'<div class="math">{place}</div>\n'
    return f'<span class="math">{place}</span>' if token.markup == "$$" else place


def frame(tag: str) -> str:
    """The start tag of a formula on lines of its own, which scrolls in itself."""
    return f'<{tag} class="math" tabindex="0" role="group" aria-label="{escape(_("Formula"))}">'


class Formulas:
    """MathML kept from the sanitiser, which has words in its place that nobody can type beforehand."""

    def __init__(self):
        self._key = f"formula{secrets.token_hex(8)}"
        self._found: list[str] = []
        self._place = re.compile(rf"{self._key}n(\d+)e")

    def hide(self, html: str) -> str:
        self._found.append(html)
        return f"{self._key}n{len(self._found) - 1}e"

    def shown(self, text: str) -> str:
        """A text between tags, with the formulas in it."""
        return self._place.sub(lambda place: self._found[int(place[1])], text)

    def as_words(self, text: str) -> str:
        """The same for counting words: a formula is one."""
        return self._place.sub(" x ", text)

    def hide_all(self, html: str) -> str:
        """HTML without its MathML, but for such that has something else in it."""
        out, end, opened = [], 0, -1
        for tag in _MATH.finditer(html):
            if tag[0] != "</math>":
                opened = tag.start()
            elif opened >= end:
                try:
                    found = self.hide(mathml.checked(html[opened : tag.end()]))
                except ValueError:
                    found = html[opened : tag.end()]
                out += [html[end:opened], found]
                end, opened = tag.end(), -1
        return "".join([*out, html[end:]])

    def show_all(self, html: str) -> str:
        """Sanitised HTML with all that was hidden, where it is between tags."""
        out, end = [], 0
        for tag in _TAG.finditer(html):
            out += [self.shown(html[end : tag.start()]), self._place.sub("", tag[0])]
            end = tag.end()
        return "".join([*out, self.shown(html[end:])])
