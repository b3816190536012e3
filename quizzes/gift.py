"""GIFT, Moodle's text format for questions, read into plain data. Choice and true/false questions so far.

The rules are those of Moodle's own reader (question/format/gift/format.php). Time is linear in the length of the text;
nothing here knows the database. Questions of other kinds are recognised and listed, and what is wrong with one question
never keeps the next from being read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

MAX_BYTES = 10 * 1024 * 1024
# How far into a comment an id or a tag is looked for.
COMMENT_CHARACTERS = 1000

# While a question is taken apart, an escaped character is a control character that no question may hold itself.
_ESCAPED = {"\\": "\x01", ":": "\x02", "#": "\x03", "=": "\x04", "{": "\x05", "}": "\x06", "~": "\x07", "n": "\x08"}
_RESTORE = str.maketrans({mark: "\n" if letter == "n" else letter for letter, mark in _ESCAPED.items()})
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BRACE = re.compile(r"[{}]")
_CHOICE_START = re.compile(r"[~=]")

_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{0,12})?)%")
_HEADER = re.compile(r"//\s*(title|slug|summary|difficulty|articles|status)\s*:\s*(.*)", re.IGNORECASE)
# Bounded, so that a line of opening brackets is not searched from each of them to its end.
_ID = re.compile(r"\[id:((?:\\\]|[^\]]){1,200})\]")
_TAG = re.compile(r"\[tag:([^\]]{1,200})\]")
_CATEGORY = "$CATEGORY:"
_GAP = "_____"
_TRUE, _FALSE = ("T", "TRUE"), ("F", "FALSE")


class GiftError(ValueError):
    """What is wrong with a question, and on which line of the file."""

    def __init__(self, line: int, message: str):
        super().__init__(message)
        self.line, self.message = line, message


class _Torn(GiftError):
    """A question whose answers do not end within its block."""


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True)
class Text:
    """A piece of text as its author wrote it, escapes resolved. `format` is moodle, plain, html or markdown."""

    source: str
    format: str

    def as_markdown(self) -> str:
        """What is stored: Markdown, in which HTML is kept as it is and plain text reads as it was typed."""
        return self.source if self.format in ("html", "markdown") else escape_markdown(self.source)


@dataclass(frozen=True)
class GiftChoice:
    """One choice. `weight` is the percent that the file gives, or None; `is_marked_right` that it starts with `=`."""

    line: int
    text: Text
    weight: Decimal | None = None
    is_marked_right: bool = False
    feedback: Text | None = None

    @property
    def percent(self) -> Decimal:
        return self.weight if self.weight is not None else Decimal(100 if self.is_marked_right else 0)


@dataclass(frozen=True)
class GiftQuestion:
    """A question that can be graded. `kind` is single, multiple or true_false; the last has the choices True and False.

    `has_gap` says that the answers stood in the middle of the text; the text then shows five underscores there.
    """

    line: int
    kind: str
    name: str
    stem: Text
    choices: tuple[GiftChoice, ...]
    explanation: Text | None = None
    external_id: str = ""
    tags: tuple[str, ...] = ()
    category: str = ""
    has_gap: bool = False


@dataclass(frozen=True)
class Unsupported:
    """A sound question of a kind that quizzes do not have yet."""

    line: int
    kind: str


@dataclass
class GiftFile:
    """All of a file, in its order. `header` holds the `// key: value` lines before the first question."""

    header: dict[str, str] = field(default_factory=dict)
    questions: list[GiftQuestion] = field(default_factory=list)
    unsupported: list[Unsupported] = field(default_factory=list)
    errors: list[GiftError] = field(default_factory=list)


@dataclass
class _Block:
    """The lines between two blank lines, without comments: (number, text) pairs, and what the comments say."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    external_id: str = ""
    tags: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.lines)

    @property
    def line(self) -> int:
        return self.lines[0][0]

    def line_at(self, source: str, offset: int) -> int:
        return self.lines[source.count("\n", 0, offset)][0]


def decode(data: bytes) -> str:
    """The text of a file. Raises UnreadableFile when it is larger than 10 MB or not UTF-8."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile("The file is larger than 10 MB, which is the most.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"The file is not UTF-8: byte 0x{data[error.start]:02x} on line {line}. Save it again as UTF-8."
        ) from error


_SPECIAL = re.compile(r"[\\`*_\[\]<>~|]|&(?=[#\w]{1,40};)")
_SPECIAL_AT_START = re.compile(r"[#+=-]|\d{1,9}(?=[.)])")


def escape_markdown(text: str) -> str:
    """Markdown that shows `text` as it is; each line end is kept as a line break."""
    lines = []
    for line in text.split("\n"):
        escaped = _SPECIAL.sub(lambda found: "\\" + found[0], line.strip())
        if start := _SPECIAL_AT_START.match(escaped):
            at = start.end() if start[0][0].isdigit() else 0
            escaped = f"{escaped[:at]}\\{escaped[at:]}"
        lines.append(escaped)
    return "\\\n".join(lines)


def parse(text: str) -> GiftFile:
    """Read a whole file. Never raises: what is wrong is in `errors`, in the order of the lines."""
    result, category, is_torn = GiftFile(), "", False
    for block in _blocks(text, result.header):
        if block.lines and block.lines[0][1].lstrip().startswith(_CATEGORY):
            category = block.lines.pop(0)[1].strip().removeprefix(_CATEGORY).strip()
        if not block.lines:
            continue
        source = _ESCAPE.sub(lambda found: _ESCAPED[found[1]], block.text)
        if is_torn:
            # The rest of a question that a blank line has torn apart, up to its closing brace, is not told twice.
            brace = _BRACE.search(source)
            is_torn = brace is None
            if brace is None or brace[0] == "}":
                continue
        try:
            question = _question(block, source, category)
        except GiftError as error:
            result.errors.append(error)
            is_torn = isinstance(error, _Torn)
        else:
            (result.questions if isinstance(question, GiftQuestion) else result.unsupported).append(question)
    return result


def _blocks(text: str, header: dict[str, str]) -> Iterator[_Block]:
    """Cut at blank lines, drop comments, and collect the header lines on the way."""
    block, in_header = _Block(), True
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        stripped = line.strip()
        if stripped.startswith("//"):
            if in_header and (found := _HEADER.match(stripped)):
                header.setdefault(found[1].lower(), found[2].strip())
            comment = stripped[:COMMENT_CHARACTERS]
            if found := _ID.search(comment):
                block.external_id = found[1].replace("\\]", "]").strip()
            block.tags += _TAG.findall(comment)
        elif stripped:
            in_header = False
            block.lines.append((number, line))
        else:
            yield block
            block = _Block()
    yield block


def _question(block: _Block, source: str, category: str) -> GiftQuestion | Unsupported:
    """Read one block. `source` is its text with escaped characters replaced. Raises GiftError."""
    line = block.line
    for number, text in block.lines:
        if _CONTROL.search(text):
            raise GiftError(number, "This line holds a control character.")
    name, position = _name(line, source)
    opening, closing = source.find("{", position), source.find("}", position)
    if opening < 0 and closing < 0:
        return Unsupported(line, "description")
    _check_braces(block, source, opening, closing)
    tail = source[closing + 1 :]
    has_gap = bool(tail.strip())
    stem = _text(source[position:opening] + (_GAP + tail if has_gap else ""), "moodle")
    if stem is None:
        raise GiftError(line, "The question has no text.")
    body, mark, explanation = source[opening + 1 : closing].rpartition("####")
    if not mark:
        body, explanation = explanation, ""
    kind = _kind(body.strip())
    if kind == "choice":
        kind, choices = _choices(block, body, source.count("\n", 0, opening), stem.format)
    elif kind == "true_false":
        choices = _true_and_false(line, body, stem.format)
    else:
        return Unsupported(line, kind)
    return GiftQuestion(
        line=line,
        kind=kind,
        name=name,
        stem=stem,
        choices=choices,
        explanation=_text(explanation, stem.format),
        external_id=block.external_id,
        tags=tuple(block.tags),
        category=category,
        has_gap=has_gap,
    )


def _name(line: int, source: str) -> tuple[str, int]:
    """The `::name::` and where the text after it starts."""
    start = len(source) - len(source.lstrip())
    if not source.startswith("::", start):
        return "", start
    end = source.find("::", start + 2)
    if end < 0:
        raise GiftError(line, "The name starts with :: and does not end with ::.")
    return " ".join(source[start + 2 : end].translate(_RESTORE).split()), end + 2


def _check_braces(block: _Block, source: str, opening: int, closing: int) -> None:
    if closing < 0:
        raise _Torn(
            block.line_at(source, opening),
            "The answers start with { and do not end with }. A blank line ends a question; write \\n for one.",
        )
    if opening < 0 or closing < opening:
        raise GiftError(block.line_at(source, closing), "There is a } without a { before it. In a text, write \\}.")
    stray = _BRACE.search(source, opening + 1)
    if stray.start() == closing:
        stray = _BRACE.search(source, closing + 1)
    if stray:
        brace = stray[0]
        raise GiftError(
            block.line_at(source, stray.start()), f"There is a second {brace} here. In a text, write \\{brace}."
        )


def _kind(body: str) -> str:
    """Moodle's order of deciding, on the answers without the general feedback."""
    if not body:
        return "essay"
    if body.startswith("#"):
        return "numerical"
    if "~" in body:
        return "choice"
    if "=" in body and "->" in body:
        return "matching"
    return "true_false" if body.partition("#")[0].strip() in _TRUE + _FALSE else "short answer"


def _text(raw: str, inherited: str) -> Text | None:
    """One text with its format, by default the inherited one; None when there is nothing in it."""
    raw = raw.strip()
    if found := _FORMAT.match(raw):
        inherited, raw = found[1], raw[found.end() :].strip()
    if inherited in ("moodle", "plain"):
        # Only an escaped line end breaks a line here; the others are where the author's editor wrapped.
        raw = " ".join(part.strip() for part in raw.split("\n"))
    source = raw.translate(_RESTORE).strip()
    return Text(source, inherited) if source else None


def _choices(block: _Block, body: str, lines_before: int, inherited: str) -> tuple[str, tuple[GiftChoice, ...]]:
    """The kind, single or multiple, and the choices. Any `=` makes it a single choice."""
    starts = [found.start() for found in _CHOICE_START.finditer(body)]
    if before := body[: starts[0]].strip():
        raise GiftError(block.line, f"“{before[:40].translate(_RESTORE)}” stands before the first ~ or =.")
    choices, row, counted = [], lines_before, 0
    for start, end in zip(starts, [*starts[1:], len(body)], strict=True):
        row, counted = row + body.count("\n", counted, start), start
        choices.append(_choice(block.lines[row][0], body[start], body[start + 1 : end], inherited))
    if len(choices) < 2:
        raise GiftError(block.line, "There is only one choice; at least two are needed.")
    return ("single" if any(choice.is_marked_right for choice in choices) else "multiple"), tuple(choices)


def _choice(line: int, mark: str, raw: str, inherited: str) -> GiftChoice:
    raw, weight = raw.strip(), None
    if found := _WEIGHT.match(raw):
        weight, raw = Decimal(found[1]), raw[found.end() :]
        if abs(weight) > 100:
            raise GiftError(line, f"The weight {weight} does not lie between -100 and 100.")
    answer, _, feedback = raw.partition("#")
    text = _text(answer, inherited)
    if text is None:
        raise GiftError(line, "A choice is empty. Where a text holds ~ or =, write \\~ or \\=.")
    return GiftChoice(line, text, weight, mark == "=", _text(feedback, inherited))


def _true_and_false(line: int, body: str, inherited: str) -> tuple[GiftChoice, GiftChoice]:
    """The choices True and False, in this order. The first feedback is for the wrong answer, then the right."""
    answer, _, rest = body.partition("#")
    wrong, _, right = rest.partition("#")
    is_true = answer.strip() in _TRUE
    return tuple(
        GiftChoice(line, Text(word, "plain"), None, is_right, _text(right if is_right else wrong, inherited))
        for word, is_right in (("True", is_true), ("False", not is_true))
    )
