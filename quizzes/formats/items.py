"""What every format reads into and writes from: questions as plain data. Nothing here knows the database."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from publishing.text.parsing import normal_line_ends

from ..kinds import rules_of
from ..kinds.base import Rules
from ..kinds.grading.numbers import ANYTHING, NOMINAL, NumberProblem, plain_number

MAX_BYTES = 10 * 1024 * 1024

TEXT_FORMATS = ("moodle", "plain", "html", "markdown")
# What a file may say about the quiz itself.
HEADER_KEYS = (
    "title", "slug", "summary", "difficulty", "articles", "status",
    "category", "draw_count", "shuffle_questions", "time_limit", "layout", "always",
)  # fmt: skip

MAX_IMAGE_BYTES = 1024 * 1024
MAX_IMAGES = 20
MAX_IMAGE_BYTES_TOGETHER = 5 * 1024 * 1024
_IMAGE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_IMAGE_NAME = re.compile(r"[^/\\\x00-\x1f\x7f]{1,200}")

WEIGHT = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{0,12})?")
# What XML cannot hold, and what has no business in a text. Tab and line feed stay.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# Markup that an HTML editor puts around a text; any other tag may be what is asked for.
_BREAKS = r"br|div|h[1-6]|li|ol|p|pre|ul"
_MARKUP = re.compile(
    rf"</?(?:(?P<breaks>{_BREAKS})|a|b|big|code|em|font|i|small|span|strong|sub|sup|tt|u)(?:\s[^<>]{{0,1000}})?/?>",
    re.IGNORECASE,
)
MARKUP_REMOVED = "Its accepted answers were HTML; they are plain text now."
_CONTEXT = re.compile(r"\$\w{1,20}\$(?:/top(?=/|$))?/?")
_SPECIAL = re.compile(r"[\\`*_\[\]<>~|]|&(?=[#\w]{1,40};)")
_SPECIAL_AT_START = re.compile(r"[#+=-]|\d{1,9}(?=[.)])")


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says why."""


class WrongItem(ValueError):
    """What is wrong with one question, and on which line; readers turn it into a `Problem` and go on."""

    def __init__(self, line: int, message: str):
        super().__init__(message)
        self.line, self.message = line, message


@dataclass(frozen=True)
class Text:
    """A piece of text as its author wrote it, escapes resolved. `format` is moodle, plain, html or markdown."""

    source: str
    format: str

    def as_markdown(self) -> str:
        """What is stored: Markdown, in which HTML is kept as it is and plain text reads as it was typed."""
        return self.source if self.format in ("html", "markdown") else escape_markdown(self.source)


@dataclass(frozen=True)
class ItemChoice:
    """One choice, accepted text or number, item to order, or pair.

    `weight` is the percent that the file gives, or None; `is_marked_right` that it is marked as right without one.
    `text` is empty only where a matching question has one more right side, `pair`, which is plain text. `tolerance` is
    a number as written, "" for none; `blank` is the number of the blank that a text belongs to. A blank with a
    tolerance, which may be "0", is compared as a number; `is_offered` are the texts of one that has a list.
    """

    line: int
    text: Text
    weight: Decimal | None = None
    is_marked_right: bool = False
    feedback: Text | None = None
    pair: str = ""
    tolerance: str = ""
    tolerance_kind: str = ""
    blank: int | None = None
    is_pinned: bool = False
    is_offered: bool = False

    @property
    def percent(self) -> Decimal:
        return self.weight if self.weight is not None else Decimal(100 if self.is_marked_right else 0)


@dataclass(frozen=True)
class Item:
    """A question that can be graded, of any kind.

    A true_false question has the choices True and False, an ordering question its items in the right order, a cloze
    question [[1]], [[2]], … in its stem. `has_gap` says that answers stood in the middle of the text; the text then
    shows five underscores there. `matching` and `rule` are "" where the kind has none. `read_again` is
    "article-slug#heading". `images` are (name, bytes) pairs that texts name as @@PLUGINFILE@@/name.
    """

    line: int
    kind: str
    name: str
    stem: Text
    choices: tuple[ItemChoice, ...]
    explanation: Text | None = None
    hints: tuple[Text, ...] = ()
    external_id: str = ""
    tags: tuple[str, ...] = ()
    category: str = ""
    has_gap: bool = False
    matching: str = ""
    rule: str = ""
    shuffle: bool = True
    program: str = ""
    language: str = ""
    recorded_output: str = ""
    interpreter: str = ""
    read_again: str = ""
    images: tuple[tuple[str, bytes], ...] = ()

    @property
    def rules(self) -> Rules:
        return rules_of(self.kind)


@dataclass(frozen=True)
class Skipped:
    """A sound question of a kind that quizzes do not have."""

    line: int
    kind: str


@dataclass(frozen=True)
class Problem:
    """A sentence about one question, and where it stands: a line, or in JSON the question's number."""

    line: int
    message: str


@dataclass
class ItemFile:
    """All of a file, in its order. A problem costs a question; a note says what of a question was left out."""

    header: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


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


def without_markup(source: str) -> str:
    """An accepted text that came as HTML as readers type it; with its tags where nothing else would be left."""
    if not has_markup(source):
        return html.unescape(source)
    bare = _MARKUP.sub(lambda found: " " if found["breaks"] else "", source)
    return " ".join(html.unescape(bare).split()) or source


def has_markup(source: str) -> bool:
    return bool(_MARKUP.search(source))


def is_image(data: bytes) -> bool:
    """Whether it starts as PNG, JPEG, GIF or WebP do."""
    return data.startswith(_IMAGE_STARTS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def check_images(images: Iterable[tuple[str, bytes]], line: int) -> None:
    """Raises WrongItem for more than 20 images, one of more than 1 MB, two of one name, or what is no image."""
    seen = set()
    for name, data in images:
        if not _IMAGE_NAME.fullmatch(name) or name in (".", ".."):
            raise WrongItem(line, "An image has no name that a file can have.")
        if name in seen:
            raise WrongItem(line, f"There are two different images called “{name}”.")
        seen.add(name)
        if len(data) > MAX_IMAGE_BYTES:
            raise WrongItem(line, f"The image “{name}” is larger than 1 MB, which is the most.")
        if not is_image(data):
            raise WrongItem(line, f"“{name}” is not a PNG, JPEG, GIF or WebP image.")
    if len(seen) > MAX_IMAGES:
        raise WrongItem(line, f"It has {len(seen)} images; {MAX_IMAGES} is the most.")


def what_is_missing(item: Item) -> str:
    """Why an item cannot be written and read again, as a sentence; "" when it can."""
    return item.rules.missing(item) if item.stem.source else "The question has no text."


def normal(item: Item) -> Item:
    """The same question as every format gives it back: `normal(read(write(item))) == normal(item)`.

    Lines and where answers stood are forgotten, weights are resolved, texts lose white space around them and
    characters that no file can hold, accepted texts are plain, numbers are written as every program reads them, and
    what does not belong to the kind is dropped. Only an accepted output and a program keep white space around them.
    """
    rules, hints = item.rules, (_normal_text(hint) for hint in item.hints)
    if "program" not in rules.fields:
        item = replace(item, program="", language="", recorded_output="", interpreter="")
    usual_rule = "" if rules.is_ticked else rules.usual_scoring
    numbers = {choice.blank for choice in item.choices if rules.is_number(one_line(choice.tolerance))}
    return replace(
        item,
        line=0,
        name=one_line(item.name),
        stem=_normal_text(item.stem),
        choices=tuple(
            _normal_choice(item, number, choice, choice.blank in numbers) for number, choice in enumerate(item.choices)
        ),
        explanation=_normal_optional(item.explanation),
        hints=tuple(hint for hint in hints if hint.source),
        external_id=one_line(item.external_id),
        tags=tuple(tag for tag in map(one_line, item.tags) if tag),
        category=one_line(item.category),
        has_gap=False,
        matching=rules.usual_matching and (item.matching or rules.usual_matching),
        rule=item.rule or usual_rule if rules.scoring_in_files else "",
        shuffle=item.shuffle or not rules.keeps_shuffle,
        program=fit(item.program),
        language=one_line(item.language),
        recorded_output=fit(item.recorded_output) if item.recorded_output.strip() else "",
        interpreter=one_line(item.interpreter),
        read_again=one_line(item.read_again),
    )


def _normal_choice(item: Item, number: int, choice: ItemChoice, is_number: bool) -> ItemChoice:
    rules, text = item.rules, _normal_text(choice.text)
    is_offered = choice.is_offered and rules.has_blanks
    is_number = is_number and not is_offered and text.source != ANYTHING
    if rules.fixed_texts:
        text = Text(rules.fixed_texts[number % 2], "plain")
    elif is_number:
        text = Text(_normal_number(text.source), "plain")
    elif rules.is_typed:
        text = Text(fit(choice.text.source) if rules.keeps_space else text.source, "plain")
    elif not text.source:
        text = Text("", item.stem.format)
    tolerance = _normal_number(one_line(choice.tolerance) or "0") if is_number else ""
    return ItemChoice(
        line=0,
        text=text,
        weight=choice.percent if rules.has_weights else None,
        feedback=_normal_optional(choice.feedback),
        pair=one_line(choice.pair) if "pair" in rules.columns else "",
        tolerance="" if tolerance == "0" and not rules.has_blanks else tolerance,
        tolerance_kind=choice.tolerance_kind or NOMINAL if is_number else "",
        blank=choice.blank if rules.has_blanks else None,
        is_pinned=choice.is_pinned and rules.is_ticked,
        is_offered=is_offered,
    )


def category_path(text: str) -> str:
    """`$course$/top/a/b`, as Moodle writes it, as `a/b`."""
    text = one_line(text)
    found = _CONTEXT.match(text)
    return text[found.end() :] if found else text


def moodle_category(path: str) -> str:
    """The inverse: what Moodle takes for the category `path` of the course that a file is imported into."""
    return f"$course$/top/{path}" if path else "$course$/top"


def fit(text: str) -> str:
    """With line feeds only for line ends, and without characters that no file can hold."""
    return UNFIT.sub("", normal_line_ends(text))


def one_line(text: str) -> str:
    return " ".join(fit(text).split())


def _normal_text(text: Text) -> Text:
    return Text(fit(text.source).strip(), text.format)


def _normal_number(text: str) -> str:
    """Moodle takes "3,14" or "3×10^8" in a file for no number at all."""
    try:
        return plain_number(text)
    except NumberProblem:
        return text


def _normal_optional(text: Text | None) -> Text | None:
    text = text and _normal_text(text)
    return text if text and text.source else None
