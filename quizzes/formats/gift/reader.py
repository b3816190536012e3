"""GIFT, Moodle's text format for questions, read into plain data.

Source: Moodle, question/format/gift/format.php. Time is linear in the length of the text. Questions of other kinds are
listed, and an error in one question does not affect the next. What GIFT has no signs for is in comments (comments.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from publishing.text.parsing import normal_line_ends

from ...kinds.messages import gettext_noop as _
from ..items import HEADER_KEYS, Item, ItemFile, Skipped, WrongItem, category_path, check_option, checked
from . import answer_syntax
from .answer_syntax import ESCAPED, RESTORE, Answers, text_of
from .comments import FORMAT, Comments, completed
from .writer import CATEGORY

# While a question is parsed, an escaped character is a control character, which no question may have itself.
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_NAME = re.compile(r"\s*::(.*?)::", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BRACE = re.compile(r"[{}]")
_HEADER = re.compile(rf"//\s*({'|'.join(HEADER_KEYS)})\s*:\s*(.*)", re.IGNORECASE)
# Names of formats in other programs, which are no text in brackets.
_LIKE_A_FORMAT = re.compile(
    r"\[\s*(?:x?html|moodle|plain|markdown|md|text|txt|wiki|wiki_like|plain_text|moodle_auto_format|latex|tex|rst|bbcode)\s*\]",
    re.IGNORECASE,
)
_GAP = "_____"
_TEXTS = (("short_answer", "matching", "true_false"), answer_syntax.short_answers)
# By kind: the kinds that the signs of one stated in a comment may look like, and the reader of its answers.
_KINDS_READ = {
    "single": (("choice",), answer_syntax.choices),
    "multiple": (("choice",), answer_syntax.choices),
    "true_false": (("true_false",), answer_syntax.true_and_false),
    "short_answer": _TEXTS,
    "numeric": (("numeric",), answer_syntax.numbers),
    "ordering": (("matching", "ordering"), answer_syntax.in_order),
    "matching": (("matching",), answer_syntax.pairs),
    "cloze": _TEXTS,
    "output": _TEXTS,
}


class _Unclosed(WrongItem):
    """A question whose answers do not end within its block."""


@dataclass
class _Block:
    """The lines between two blank lines as (number, text) pairs, and their comments."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    comments: Comments = field(default_factory=Comments)

    @property
    def text(self) -> str:
        return "\n".join(text for _number, text in self.lines)

    @property
    def line(self) -> int:
        return self.lines[0][0]

    def line_at(self, source: str, offset: int) -> int:
        return self.lines[source.count("\n", 0, offset)][0]


def parse(text: str) -> ItemFile:
    """Never raises: errors are in `problems`, in the order of the lines."""
    result, category, is_unclosed = ItemFile(), "", False
    for block in _blocks(text, result.header):
        if block.lines and block.lines[0][1].lstrip().startswith(CATEGORY):
            category = category_path(block.lines.pop(0)[1].strip().removeprefix(CATEGORY))
        if not block.lines:
            continue
        source = _ESCAPE.sub(lambda found: ESCAPED[found[1]], block.text)
        if is_unclosed:
            # The rest of a question that a blank line has split, up to its closing brace, is not a second problem.
            brace = _BRACE.search(source)
            is_unclosed = brace is None
            if brace is None or brace[0] == "}":
                continue
        notes = []
        try:
            item = _item(block, source, category, notes)
            if isinstance(item, Skipped):
                result.skipped.append(item)
            else:
                result.add(item, notes)
        except WrongItem as error:
            result.problems.append(error.problem)
            is_unclosed = isinstance(error, _Unclosed)
    return result


def _blocks(text: str, header: dict[str, str]) -> Iterator[_Block]:
    """Cut at blank lines, take comments out, and collect the header lines on the way."""
    block, in_header = _Block(), True
    for number, line in enumerate(normal_line_ends(text).split("\n"), 1):
        stripped = line.strip()
        if stripped.startswith("//"):
            if in_header and (found := _HEADER.match(stripped)):
                header.setdefault(found[1].lower(), found[2].strip())
            block.comments.add(line.lstrip())
        elif stripped:
            in_header = False
            block.lines.append((number, line))
        else:
            yield block
            block = _Block()
    yield block


def _item(block: _Block, source: str, category: str, notes: list[str]) -> Item | Skipped:
    """Read one block. `source` is its text with escaped characters replaced. Adds to `notes`. Raises WrongItem."""
    line = block.line
    for number, text in block.lines:
        if _CONTROL.search(text):
            raise WrongItem(number, _("This line has a control character."))
    name, position = _name(line, source)
    opening, closing = source.find("{", position), source.find("}", position)
    if opening < 0 and closing < 0:
        return Skipped(line, "description")
    _check_braces(block, source, opening, closing)
    tail = source[closing + 1 :]
    raw_stem = source[position:opening] + (_GAP + tail if tail.strip() else "")
    if (named := _LIKE_A_FORMAT.match(raw_stem.strip())) and not FORMAT.match(raw_stem.strip()):
        raise WrongItem(
            line, _("%(format)s is none of the formats [html], [markdown], [moodle] and [plain].", format=named[0])
        )
    stem = text_of(raw_stem, "moodle")
    if stem is None:
        raise WrongItem(line, _("The question has no text."))
    body, mark, explanation = source[opening + 1 : closing].rpartition("####")
    if not mark:
        body, explanation = explanation, ""
    kind = _kind(line, body.strip(), block.comments)
    if kind == "essay":
        return Skipped(line, kind)
    rows = [number for number, _text in block.lines[source.count("\n", 0, opening) :]]
    answers = Answers(body, rows, stem.format)
    rule = ""
    if kind == "ordering" and body.lstrip().startswith(">"):
        choices, rule, order_notes = answer_syntax.moodle_order(answers)
        notes += order_notes
    else:
        choices = _KINDS_READ[kind][1](answers)
    item = Item(
        line=line,
        kind=kind,
        name=name,
        stem=stem,
        choices=tuple(choices),
        explanation=text_of(explanation, stem.format),
        category=category,
        rule=block.comments.first("rule") or rule,
        **block.comments.fields(stem.format),
    )
    return checked(completed(item, block.comments))


def _name(line: int, source: str) -> tuple[str, int]:
    """The `::name::` and where the text after it starts."""
    if found := _NAME.match(source):
        return " ".join(found[1].translate(RESTORE).split()), found.end()
    if source.lstrip().startswith("::"):
        raise WrongItem(line, _("The name starts with :: and does not end with ::."))
    return "", 0


def _check_braces(block: _Block, source: str, opening: int, closing: int) -> None:
    if closing < 0:
        raise _Unclosed(
            block.line_at(source, opening),
            _("The answers start with { and do not end with }. A blank line ends a question; write \\n for one."),
        )
    if opening < 0 or closing < opening:
        raise WrongItem(block.line_at(source, closing), _("There is a } without a { before it. In a text, write \\}."))
    for brace in _BRACE.finditer(source, opening + 1):
        if brace.start() != closing:
            line = block.line_at(source, brace.start())
            raise WrongItem(line, _("There is a second %(brace)s here. In a text, write \\%(brace)s.", brace=brace[0]))


def _kind(line: int, body: str, comments: Comments) -> str:
    """By the comment, if the signs allow it, else by the signs. Any = makes choices a single choice."""
    by_signs, stated = answer_syntax.kind_of(body), comments.first("kind")
    if stated and by_signs != "essay":
        check_option(line, "kind", stated, _KINDS_READ)
        if by_signs not in _KINDS_READ[stated][0]:
            raise WrongItem(line, _("These answers do not fit [kind:%(stated)s].", stated=stated))
        return stated
    if by_signs == "choice":
        return "single" if "=" in body else "multiple"
    return by_signs
