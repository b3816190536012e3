r"""What GIFT has no signs for stands in comments before a question: `// [id:7] [tag:loops] [kind:ordering]`.

The id and the tags are Moodle's own. The rest is ours; Moodle passes over it, and takes blanks and a predicted output
for short answers. An ordering may be written as numbered pairs, too. In a value, `\]`, `\\` and `\n` stand for a
bracket, a backslash and a line end. Lines that start with `//>` are the program whose output is asked for.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from ...kinds.cloze.rules import BLANK
from ..items import Item, Text, WrongItem

LONGEST_ID = 200
# White space but the line feed, which can be escaped.
_SPACE = "".join(character for character in map(chr, range(0x3001)) if character.isspace() and character != "\n")
KEYS = (
    "kind", "rule", "matching", "shuffle", "language", "interpreter", "recorded", "read-again", "hint", "pinned",
    "blanks", "offered", "tolerance", "tolerance-kinds", "feedback", "text", "pair",
)  # fmt: skip

PROGRAM = "//>"
FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_START = re.compile(r"\[([a-z][a-z-]{0,19}):")
_VALUE = re.compile(r"(?:[^\\\]]++|\\.)*+")
_ESCAPED = re.compile(r"\\([\\\]n])")
_ESCAPED_IN_ID = re.compile(r"\\([\\\]])")
_NUMBERED = re.compile(r"([1-9][0-9]{0,4}):")


@dataclass
class Said:
    """What the comments before one question say about it, values with their escapes resolved."""

    external_id: str = ""
    tags: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    program: list[str] = field(default_factory=list)

    def add(self, comment: str) -> None:
        """Take in one comment line, with its slashes. Linear in its length."""
        if comment.startswith(PROGRAM):
            self.program.append(comment.removeprefix(PROGRAM).removeprefix(" "))
            return
        at = 0
        while found := _START.search(comment, at):
            at = _VALUE.match(comment, found.end()).end()
            if comment[at : at + 1] != "]":
                return
            self._take(found[1], comment[found.end() : at])

    def _take(self, key: str, raw: str) -> None:
        if key in ("id", "tag"):
            value = _ESCAPED_IN_ID.sub(lambda found: found[1], raw).strip()
            if value and len(value) <= LONGEST_ID:
                if key == "tag":
                    self.tags.append(value)
                else:
                    self.external_id = self.external_id or value
        elif key in KEYS:
            self.values[key].append(_ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], raw))

    def first(self, key: str) -> str:
        return self.values[key][0].strip() if key in self.values else ""

    def fields(self, text_format: str) -> dict[str, Any]:
        """The fields of an item that do not depend on its answers. Hints without a format have this one."""
        return {
            "external_id": self.external_id,
            "tags": tuple(self.tags),
            "matching": self.first("matching"),
            "shuffle": self.first("shuffle") != "off",
            "program": "\n".join(self.program),
            "hints": tuple(Text(*prefixed(value, text_format)) for value in self.values.get("hint", ())),
            **{name: self.first(name.replace("_", "-")) for name in ("language", "interpreter", "read_again")},
        }

    def numbered(self, key: str, line: int, most: int) -> list[tuple[int, str]]:
        """Values such as `2:text`, which belong to the second choice, as (index, text). Raises WrongItem."""
        pairs = []
        for value in self.values.get(key, ()):
            found = _NUMBERED.match(value)
            if not found or int(found[1]) > most:
                raise WrongItem(line, f"[{key}:…] starts with the number of a choice and a colon.")
            pairs.append((int(found[1]) - 1, value[found.end() :]))
        return pairs

    def listed(self, key: str) -> list[str]:
        """A value such as `1,1,2` as its parts."""
        return [part.strip() for part in self.first(key).split(",") if part.strip()]


def prefixed(raw: str, inherited: str) -> tuple[str, str]:
    """The text without a `[format]` before it, and its format."""
    found = FORMAT.match(raw)
    return (raw[found.end() :], found[1]) if found else (raw, inherited)


def shown(text: str, kind: str, text_format: str = "plain") -> str:
    """How the answers show a text that GIFT cannot hold: without outer spaces, and without the arrow of a pair."""
    if kind == "matching" or kind == "ordering":
        text = text.replace("->", "→" if text_format == "plain" else "-&gt;")
    return text.strip(_SPACE) if kind == "output" else text.strip()


def completed(item: Item, said: Said) -> Item:
    """The question with what its comments say about its answers. Raises WrongItem."""
    choices, count = list(item.choices), len(item.choices)
    for index, value in said.numbered("text", item.line, count):
        text = choices[index].text
        if text.source == shown(value, item.kind, text.format):
            choices[index] = replace(choices[index], text=Text(value, text.format))
    for index, value in said.numbered("pair", item.line, count):
        if choices[index].pair == shown(value, item.kind):
            choices[index] = replace(choices[index], pair=value)
    for index, value in said.numbered("feedback", item.line, count):
        choices[index] = replace(choices[index], feedback=Text(*prefixed(value, item.stem.format)))
    for index, value in said.numbered("tolerance", item.line, count if item.rules.has_blanks else 0):
        choices[index] = replace(choices[index], tolerance=value)
    pinned, offered = set(said.listed("pinned")), set(said.listed("offered"))
    kinds = said.listed("tolerance-kinds")
    if len(kinds or choices) != count:
        raise WrongItem(item.line, "[tolerance-kinds:…] lists one for each answer.")
    blanks = _blanks(item, said) if item.rules.has_blanks else [None] * count
    choices = [
        replace(
            choice,
            is_pinned=str(index + 1) in pinned,
            is_offered=str(index + 1) in offered,
            tolerance_kind=kinds[index] if kinds else choice.tolerance_kind,
            blank=blanks[index],
        )
        for index, choice in enumerate(choices)
    ]
    if item.kind != "output" or said.first("recorded") == "none":
        return replace(item, choices=tuple(choices))
    # The first answer is what the program printed; it is an accepted text as well where it says more than that.
    first = choices[0]
    if first.percent == 100 and not first.feedback:
        choices = choices[1:]
    return replace(item, recorded_output=first.text.source, choices=tuple(choices))


def _blanks(item: Item, said: Said) -> list[int]:
    """The blank of each answer: as listed, else one answer a blank, else all for the only blank."""
    listed, count = said.listed("blanks"), len(item.choices)
    if not listed:
        in_stem = list(dict.fromkeys(BLANK.findall(item.stem.source)))
        listed = in_stem * count if len(in_stem) == 1 else in_stem
    if len(listed) != count or not all(BLANK.fullmatch(f"[[{number}]]") for number in listed):
        raise WrongItem(item.line, "[blanks:1,1,2] has to say for each answer which blank it belongs to.")
    return [int(number) for number in listed]


def comment(key: str, value: str) -> str:
    """`[key:value]`, escaped."""
    escaped = value.replace("\\", "\\\\").replace("]", "\\]").replace("\n", "\\n")
    return f"[{key}:{escaped}]"
