"""LaTeX to MathML, and the MathML that a page may have: elements and attributes that only place signs.

Nothing of it loads, links, runs or styles, whatever was typed; what math-core writes is read again and written anew.
"""

import re
from html import escape, unescape

from math_core import LatexError, LatexToMathML

# Formulas of 500 articles have up to 600. The library needs its stack for what nests: 2,000 signs fit 1 MB.
LONGEST = 2000
DEEPEST = 50
# Reasons of our own.
TOO_LONG, TOO_DEEP, DEFINITION = "too long", "too deep", "definition"

# Of one formula, as what it replaces: no definition outlives its formula, so none is taken.
_MACROS = {"substack": r"\begin{gathered}#1\end{gathered}"}
_OTHER_NAMES = re.compile(r"\\(begin|end)\{(split|smallmatrix)\}")
_NAMES = {"split": "aligned", "smallmatrix": "matrix"}
# Each formula would begin with (1): only a \tag is shown.
_NUMBERED = re.compile(r"\\(begin|end)\{(equation|align|gather|multline)\}")
_DEFINITION = re.compile(
    r"\\(?:[egx]?def|let|futurelet|(?:re)?newcommand|providecommand|DeclareMathOperator|(?:re)?newenvironment)(?![A-Za-z])"
)
_converter = LatexToMathML(
    macros=_MACROS, fancy_error=False, max_expansions=20, allow_unreliable_rendering=True, xml_namespace=False
)

_TAGS = frozenset(
    "math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace "  # noqa: SIM905
    "msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover".split()
)
_EVERYWHERE = frozenset({"displaystyle", "scriptlevel", "mathcolor"})
_ATTRIBUTES = {
    "math": {"display"},
    "menclose": {"notation"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mo": {"form", "fence", "separator", "stretchy", "symmetric", "largeop", "movablelimits", "lspace", "rspace"}
    | {"maxsize", "minsize"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
    "mspace": {"width", "height", "depth"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
    "mtd": {"class", "columnspan", "rowspan"},
}
_VALUE = re.compile(r"[A-Za-z0-9.#%+-]{1,40}(?: [a-z]{1,20}){0,3}")
_PART = re.compile(r"""<(/?)([a-z]{1,20})((?:\s+[A-Za-z:-]{1,40}\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*)\s*(/?)>|[^<>]+""")
_ATTRIBUTE = re.compile(r"""\s([A-Za-z:-]+)\s*=\s*["']([^"']*)["']""")
# Says the same in another way, in text.
_ANNOTATION = re.compile(r"<annotation\b[^<>]*>[^<>]*</annotation>")
# The frame of a formula and what is said of it.
_OTHER_TAGS = {"semantics": "mrow"}
# The style attributes of the library that say where a cell belongs, as classes: pages have no styles of their own.
_CELL_STYLES = {
    "text-align: left": "left",
    "text-align: right": "right",
    "padding-left: 0;": "no-start",
    "padding-right: 0;": "no-end",
    "border-right": "line-right",
    "border-left": "line-left",
    "border-top": "line-top",
    "border-bottom": "line-bottom",
}
_CELL_CLASSES = frozenset(_CELL_STYLES.values())
_COLOUR = re.compile(r"color: ?(#[0-9A-Fa-f]{3,8})")


class UnreadableError(ValueError):
    """A formula that is shown as typed. `reason` is one of ours, or what the library says."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def from_latex(latex: str, *, is_block: bool) -> str:
    """MathML of a formula. 25 µs for one of 20 signs, in linear time. Raises UnreadableError."""
    if len(latex) > LONGEST:
        raise UnreadableError(TOO_LONG)
    if _DEFINITION.search(latex):
        raise UnreadableError(DEFINITION)
    if _depth(latex) > DEEPEST:
        raise UnreadableError(TOO_DEEP)
    latex = _OTHER_NAMES.sub(lambda found: rf"\{found[1]}{{{_NAMES[found[2]]}}}", latex)
    if "\\tag" not in latex and "\\label" not in latex:
        latex = _NUMBERED.sub(r"\\\1{\2*}", latex)
    try:
        return checked(_converter.convert_with_local_state(latex, displaystyle=is_block))
    except (LatexError, ValueError) as error:
        raise UnreadableError(re.sub(r"^\d+: ", "", str(error)).removesuffix(".")[:200]) from None


def _depth(latex: str) -> int:
    """How deep braces and brackets nest, whether they are closed or not."""
    depth = deepest = 0
    for sign in re.findall(r"(?<!\\)[{}]|\\(?:left|right|begin|end)(?![a-z])", latex):
        depth += 1 if sign in ("{", r"\left", r"\begin") else -1
        deepest = max(deepest, depth)
    return deepest


def checked(html: str) -> str:
    """One <math> element, written anew with what is allowed in it. Raises ValueError for anything else."""
    html = _ANNOTATION.sub("", html) if "<annotation" in html else html
    out, opened, end = [], [], 0
    while end < len(html):
        part = _PART.match(html, end)
        if not part or (not opened and (end or part[2] != "math")):
            raise ValueError("not MathML")
        end = part.end()
        closing, tag, attributes, is_empty = part.groups()
        tag = _OTHER_TAGS.get(tag, tag)
        if tag is None:
            out.append(escape(unescape(part[0]), quote=False))
        elif tag not in _TAGS or (tag == "math" and bool(closing or is_empty) != (opened == ["math"])):
            raise ValueError(f"<{tag}> in MathML")
        elif closing:
            if not opened or opened.pop() != tag:
                raise ValueError("tags of MathML that do not match")
            out.append(f"</{tag}>")
        else:
            out.append(f"<{tag}{_kept(tag, attributes)}>")
            if is_empty:
                out.append(f"</{tag}>")
            else:
                opened.append(tag)
    if opened or not out:
        raise ValueError("MathML that does not end")
    return "".join(out)


def _kept(tag: str, attributes: str) -> str:
    kept = {}
    for name, value in _ATTRIBUTE.findall(attributes):
        if name == "style" and tag == "mtd":
            kept["class"] = " ".join(sorted({word for style, word in _CELL_STYLES.items() if style in value}))
        elif name == "style" and (colour := _COLOUR.search(value)):
            kept["mathcolor"] = colour[1]
        elif name == "class":
            kept["class"] = " ".join(word for word in value.split() if word in _CELL_CLASSES)
        elif _VALUE.fullmatch(value):
            kept[name] = value
    allowed = _EVERYWHERE | _ATTRIBUTES.get(tag, set())
    return "".join(f' {name}="{value}"' for name, value in kept.items() if name in allowed and value)
