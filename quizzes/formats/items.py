"""Questions as plain data, which every format reads and writes, and the checks that hold for all of them."""

import base64
import binascii
import html
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from publishing.text.parsing import normal_line_ends

from ..kinds import rules_of
from ..kinds.base import Rules
from ..kinds.grading.numbers import ANYTHING, NOMINAL, TOLERANCE_KINDS, NumberProblem, plain_number, problem_of
from ..kinds.grading.texts import MODES
from ..kinds.messages import gettext_noop as _

MAX_BYTES = 10 * 1024 * 1024

TEXT_FORMATS = ("moodle", "plain", "html", "markdown")
# The texts of a question that are one line, and those that keep their white space.
LINES = ("name", "external_id", "category", "language", "interpreter", "read_again")
VERBATIM = ("program", "recorded_output")
# The properties of the quiz in a file.
HEADER_KEYS = (
    "title", "slug", "summary", "difficulty", "articles", "status",
    "category", "draw_count", "shuffle_questions", "time_limit", "layout", "always",
)  # fmt: skip

MAX_IMAGE_BYTES = 1024 * 1024
MAX_IMAGES = 20
MAX_IMAGE_BYTES_TOGETHER = 5 * 1024 * 1024
_IMAGE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_IMAGE_NAME = re.compile(r"[^/\\\x00-\x1f\x7f]{1,200}")

WEIGHT = r"-?[0-9]{1,3}(?:\.[0-9]{0,12})?"
# Not allowed in XML, and other control characters. Tab and line feed are allowed.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# Markup that an HTML editor puts around a text; any other tag may be part of the answer.
_BREAKS = r"br|div|h[1-6]|li|ol|p|pre|ul"
_MARKUP = re.compile(
    rf"</?(?:(?P<breaks>{_BREAKS})|a|b|big|code|em|font|i|small|span|strong|sub|sup|tt|u)(?:\s[^<>]{{0,1000}})?/?>",
    re.IGNORECASE,
)
MARKUP_REMOVED = _("Its accepted answers were HTML; they are plain text now.")
_CONTEXT = re.compile(r"^\$\w{1,20}\$(?:/top(?=/|$))?/?")
_SPECIAL = re.compile(r"[\\`*_\[\]<>~|]|&(?=[#\w]{1,40};)")
# What a backslash follows.
_SPECIAL_AT_START = re.compile(r"^(?:(?=[#+=-])|\d{1,9}(?=[.)]))")


class UnreadableFile(ValueError):
    """Why the file as a whole cannot be read."""


class Problem(NamedTuple):
    """A sentence about one question with its line, in JSON its number."""

    line: int
    message: str


class WrongItem(ValueError):
    """An error in one question; readers add its `problem` to the file and continue with the next."""

    def __init__(self, line: int, message: str):
        super().__init__(message)
        self.problem = Problem(line, message)


@dataclass(frozen=True)
class Text:
    """A text with its escapes resolved. `format` is one of `TEXT_FORMATS`."""

    source: str
    format: str

    def as_markdown(self) -> str:
        """For storing: HTML is kept as it is, and plain text reads as it was typed."""
        return self.source if self.format in ("html", "markdown") else escape_markdown(self.source)


@dataclass(frozen=True)
class ItemChoice:
    """One choice, accepted text or number, item to order, or pair.

    `weight` is in percent. `text` is empty only where a matching question has one more right side, `pair`, which is
    plain text. `tolerance` is a number as written, "" for none; `blank` is a number from 1 to 99. A blank with a
    tolerance, which may be "0", is compared as a number; the texts of one with a list are `is_offered`.
    """

    line: int
    text: Text
    weight: Decimal | None = None
    feedback: Text | None = None
    pair: str = ""
    tolerance: str = ""
    tolerance_kind: str = ""
    blank: int | None = None
    is_pinned: bool = False
    is_offered: bool = False

    @property
    def percent(self) -> Decimal:
        return Decimal(0) if self.weight is None else self.weight


@dataclass(frozen=True)
class Item:
    """A question that can be graded, of any kind.

    A true_false question has the choices True and False, an ordering question its items in the right order, a cloze
    question [[1]], [[2]], … in its stem. `matching` and `rule` are "" where the kind has none. `read_again` is
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


class Skipped(NamedTuple):
    """A valid question of a kind that quizzes do not have."""

    line: int
    kind: str


@dataclass
class ItemFile:
    """A file in its order. A question with a problem is left out; a note says what a question has lost."""

    header: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    image_bytes: int = 0

    def add(self, item: Item, notes: Iterable[str] = ()) -> None:
        """Raises WrongItem when the images of the file would be larger than 5 MB together."""
        image_bytes = self.image_bytes + sum(len(data) for _name, data in item.images)
        if image_bytes > MAX_IMAGE_BYTES_TOGETHER:
            raise WrongItem(item.line, _("With this question, the images of the file are larger than 5 MB together."))
        self.image_bytes = image_bytes
        self.items.append(item)
        self.notes += [Problem(item.line, note) for note in notes]


def escape_markdown(text: str) -> str:
    """Markdown that shows `text` as it is; each line end is kept as a line break."""
    lines = (_SPECIAL.sub(r"\\\g<0>", line.strip()) for line in text.split("\n"))
    return "\\\n".join(_SPECIAL_AT_START.sub(r"\g<0>\\", line) for line in lines)


def without_markup(source: str) -> str:
    """HTML as readers type it; with its tags where nothing else would be left."""
    if not has_markup(source):
        return html.unescape(source)
    bare = _MARKUP.sub(lambda found: " " if found["breaks"] else "", source)
    return " ".join(html.unescape(bare).split()) or source


def has_markup(source: str) -> bool:
    return bool(_MARKUP.search(source))


def image_data(line: int, name: str, encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WrongItem(line, _("The image “%(name)s” is not valid base64.", name=name[:80])) from error


def is_image(data: bytes) -> bool:
    """Whether it starts like PNG, JPEG, GIF or WebP."""
    return data.startswith(_IMAGE_STARTS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def check_images(images: Iterable[tuple[str, bytes]], line: int) -> None:
    """Raises WrongItem for more than 20 images, one of more than 1 MB, two of one name, or another kind of file."""
    seen = set()
    for name, data in images:
        if not _IMAGE_NAME.fullmatch(name) or name in (".", ".."):
            raise WrongItem(line, _("An image has no valid file name."))
        if name in seen:
            raise WrongItem(line, _("There are two different images called “%(name)s”.", name=name))
        seen.add(name)
        if len(data) > MAX_IMAGE_BYTES:
            raise WrongItem(line, _("The image “%(name)s” is larger than 1 MB.", name=name))
        if not is_image(data):
            raise WrongItem(line, _("“%(name)s” is not a PNG, JPEG, GIF or WebP image.", name=name))
    if len(seen) > MAX_IMAGES:
        raise WrongItem(line, _("It has %(count)s images; %(most)s is the most.", count=len(seen), most=MAX_IMAGES))


def what_is_missing(item: Item) -> str:
    """Why an item cannot be written and read again, as a sentence; "" when it can."""
    return item.rules.missing(item) if item.stem.source.strip() else _("The question has no text.")


def checked(item: Item) -> Item:
    """The item, with the usual `matching` if it has none. Raises WrongItem for what no format allows."""
    rules = item.rules
    for name, options in (("matching", MODES if rules.usual_matching else ()), ("rule", rules.scoring_in_files)):
        if value := getattr(item, name):
            check_option(item.line, name, value, options)
    for choice in item.choices:
        _check_choice(choice, rules)
    check_images(item.images, item.line)
    if missing := what_is_missing(item):
        raise WrongItem(item.line, missing)
    return replace(item, matching=item.matching or rules.usual_matching)


def check_option(line: int, name: str, value: str, options: Collection[str]) -> None:
    if not options:
        raise WrongItem(line, _("“%(name)s” does not belong to this kind of question.", name=name))
    if value not in options:
        raise WrongItem(
            line,
            _(
                "“%(name)s” is “%(value)s”; it can be %(options)s.",
                name=name,
                value=value[:40],
                options=", ".join(options),
            ),
        )


def _check_choice(choice: ItemChoice, rules: Rules) -> None:
    line = choice.line
    if choice.tolerance_kind:
        check_option(line, "tolerance_kind", choice.tolerance_kind, TOLERANCE_KINDS)
    if choice.blank is not None and not 1 <= choice.blank <= 99:
        raise WrongItem(line, _("“blank” is a number from 1 to 99."))
    if rules.is_number(choice.tolerance) and (wrong := problem_of(choice.text.source, choice.tolerance)):
        raise WrongItem(line, wrong)


def weight_of(line: int, text: str) -> Decimal:
    """A weight in percent. Raises WrongItem."""
    if not re.fullmatch(WEIGHT, text) or abs(Decimal(text)) > 100:
        raise WrongItem(line, _("The weight “%(text)s” is not a number between -100 and 100.", text=text[:40]))
    return Decimal(text)


def normal(item: Item) -> Item:
    """The same question after a round trip in any format: `normal(read(write(item))) == normal(item)`.

    Lines are forgotten, weights resolved, numbers written as every program reads them, accepted texts plain. Texts lose
    surrounding white space, except outputs and programs, and forbidden characters. What the kind does not have is
    dropped.
    """
    rules = item.rules
    texts = {name: one_line(getattr(item, name)) for name in LINES}
    texts |= {name: cleaned(getattr(item, name)) for name in VERBATIM}
    if "program" not in rules.fields:
        texts |= dict.fromkeys(("program", "language", "recorded_output", "interpreter"), "")
    elif not texts["recorded_output"].strip():
        texts["recorded_output"] = ""
    numbers = {choice.blank for choice in item.choices if rules.is_number(one_line(choice.tolerance))}
    return replace(
        item,
        line=0,
        stem=_normal_text(item.stem) or Text("", item.stem.format),
        choices=tuple(
            _normal_choice(item, number, choice, choice.blank in numbers) for number, choice in enumerate(item.choices)
        ),
        explanation=_normal_text(item.explanation),
        hints=tuple(filter(None, map(_normal_text, item.hints))),
        tags=tuple(filter(None, map(one_line, item.tags))),
        matching=rules.usual_matching and (item.matching or rules.usual_matching),
        rule=item.rule or ("" if rules.is_ticked else rules.usual_scoring) if rules.scoring_in_files else "",
        shuffle=item.shuffle or rules.is_typed,
        **texts,
    )


def _normal_choice(item: Item, number: int, choice: ItemChoice, is_number: bool) -> ItemChoice:
    rules, text = item.rules, _normal_text(choice.text) or Text("", item.stem.format)
    is_offered = choice.is_offered and rules.has_blanks
    is_number = is_number and not is_offered and text.source != ANYTHING
    if rules.fixed_texts:
        text = Text(str(rules.fixed_texts[number % 2]), "plain")
    elif is_number:
        text = Text(_normal_number(text.source), "plain")
    elif rules.is_typed:
        text = Text(cleaned(choice.text.source) if rules.keeps_space else text.source, "plain")
    tolerance = _normal_number(one_line(choice.tolerance) or "0") if is_number else ""
    return ItemChoice(
        line=0,
        text=text,
        weight=choice.percent if rules.has_weights else None,
        feedback=_normal_text(choice.feedback),
        pair=one_line(choice.pair) if "pair" in rules.columns else "",
        tolerance="" if tolerance == "0" and not rules.has_blanks else tolerance,
        tolerance_kind=choice.tolerance_kind or NOMINAL if is_number else "",
        blank=choice.blank if rules.has_blanks else None,
        is_pinned=choice.is_pinned and rules.is_ticked,
        is_offered=is_offered,
    )


def category_path(text: str) -> str:
    """`a/b` from Moodle's `$course$/top/a/b`."""
    return _CONTEXT.sub("", one_line(text))


def moodle_category(path: str) -> str:
    """The inverse of `category_path`, for the course that a file is imported into."""
    return f"$course$/top/{path}" if path else "$course$/top"


def cleaned(text: str) -> str:
    """With line feeds for line ends, and without forbidden characters."""
    return FORBIDDEN.sub("", normal_line_ends(text))


def one_line(text: str) -> str:
    return " ".join(cleaned(text).split())


def _normal_text(text: Text | None) -> Text | None:
    source = cleaned(text.source).strip() if text else ""
    return Text(source, text.format) if source else None


def _normal_number(text: str) -> str:
    """Moodle refuses "3,14" and "3×10^8" in a file."""
    try:
        return plain_number(text)
    except NumberProblem:
        return text
