r"""What GIFT has no signs for is in comments before a question: `// [id:7] [tag:loops] [kind:ordering]`.

The id and the tags are Moodle's own. The rest is ours; Moodle passes over it, and takes blanks and a predicted output
for short answers. An ordering may be written as numbered pairs, too. In a value, `\]`, `\\` and `\n` stand for a
bracket, a backslash and a line end. Lines that start with `//>` are the program whose output is asked for.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...kinds.cloze.rules import BLANK
from ...kinds.messages import gettext_noop as _
from ..items import Item, Text, WrongItem

LONGEST_ID = 200
# White space but the line feed, which can be escaped.
_SPACE = "".join(character for character in map(chr, range(0x3001)) if character.isspace() and character != "\n")

PROGRAM = "//>"
FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_START = re.compile(r"\[([a-z][a-z-]{0,19}):")
_VALUE = re.compile(r"(?:[^\\\]]++|\\.)*+")
_ESCAPED = re.compile(r"\\([\\\]])")
_LINE_END_OR_ESCAPED = re.compile(r"\\([\\\]n])")
_NUMBERED = re.compile(r"([1-9][0-9]{0,4}):")


class Comments(defaultdict):
    """The values of each key in the comments before one question, with their escapes resolved."""

    def __init__(self):
        super().__init__(list)

    def add(self, comment: str) -> None:
        """Read one comment line, with its slashes. Linear in its length."""
        if comment.startswith(PROGRAM):
            self[PROGRAM].append(comment.removeprefix(PROGRAM).removeprefix(" "))
            return
        at = 0
        while found := _START.search(comment, at):
            at = _VALUE.match(comment, found.end()).end()
            if comment[at : at + 1] != "]":
                return
            key, value = found[1], comment[found.end() : at]
            if key not in ("id", "tag"):
                self[key].append(_LINE_END_OR_ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], value))
            elif 0 < len(value := _ESCAPED.sub(r"\1", value).strip()) <= LONGEST_ID:
                self[key].append(value)

    def first(self, key: str) -> str:
        return self[key][0].strip() if key in self else ""

    def fields(self, text_format: str) -> dict[str, Any]:
        """The fields of an item that do not depend on its answers. Hints without a format have this one."""
        return {
            "external_id": self.first("id"),
            "tags": tuple(self["tag"]),
            "matching": self.first("matching"),
            "shuffle": self.first("shuffle") != "off",
            "program": "\n".join(self[PROGRAM]),
            "hints": tuple(Text(*prefixed(value, text_format)) for value in self["hint"]),
            **{name: self.first(name.replace("_", "-")) for name in ("language", "interpreter", "read_again")},
        }

    def numbered(self, key: str, line: int, most: int) -> Iterator[tuple[int, str]]:
        """Values such as `2:text`, which belong to the second choice, as (index, text). Raises WrongItem."""
        for value in self[key]:
            found = _NUMBERED.match(value)
            if not found or int(found[1]) > most:
                raise WrongItem(line, _("[%(key)s:…] starts with the number of a choice and a colon.", key=key))
            yield int(found[1]) - 1, value[found.end() :]

    def listed(self, key: str) -> list[str]:
        """A value such as `1,1,2` as its parts."""
        return [part.strip() for part in self.first(key).split(",") if part.strip()]


def prefixed(raw: str, inherited: str) -> tuple[str, str]:
    """The text without a `[format]` before it, and its format."""
    found = FORMAT.match(raw)
    return (raw[found.end() :], found[1]) if found else (raw, inherited)


def shown(text: str, kind: str, text_format: str = "plain") -> str:
    """A text as the answers can show it: without surrounding spaces and the arrow of a pair."""
    if kind == "matching" or kind == "ordering":
        text = text.replace("->", "→" if text_format == "plain" else "-&gt;")
    return text.strip(_SPACE) if kind == "output" else text.strip()


def completed(item: Item, comments: Comments) -> Item:
    """The question with what its comments define for its answers. Raises WrongItem."""
    line, kind, count = item.line, item.kind, len(item.choices)
    changes = [{} for _choice in item.choices]
    for index, value in comments.numbered("text", line, count):
        text = item.choices[index].text
        if text.source == shown(value, kind, text.format):
            changes[index]["text"] = Text(value, text.format)
    for index, value in comments.numbered("pair", line, count):
        if item.choices[index].pair == shown(value, kind):
            changes[index]["pair"] = value
    for index, value in comments.numbered("feedback", line, count):
        changes[index]["feedback"] = Text(*prefixed(value, item.stem.format))
    for index, value in comments.numbered("tolerance", line, count if item.rules.has_blanks else 0):
        changes[index]["tolerance"] = value
    blanks = _blanks(item, comments) if item.rules.has_blanks else [None] * count
    kinds = comments.listed("tolerance-kinds") or [choice.tolerance_kind for choice in item.choices]
    if len(kinds) != count:
        raise WrongItem(line, _("[tolerance-kinds:…] lists one for each answer."))
    pinned, offered = set(comments.listed("pinned")), set(comments.listed("offered"))
    for index, change in enumerate(changes):
        number = str(index + 1)
        change |= {"is_pinned": number in pinned, "is_offered": number in offered}
        change |= {"tolerance_kind": kinds[index], "blank": blanks[index]}
    choices = (replace(choice, **change) for choice, change in zip(item.choices, changes, strict=True))
    item = replace(item, choices=tuple(choices))
    return _with_recording(item) if kind == "output" and comments.first("recorded") != "none" else item


def _blanks(item: Item, comments: Comments) -> list[int]:
    """The blank of each answer: as listed, else one answer a blank, else all for the only blank."""
    listed, count = comments.listed("blanks"), len(item.choices)
    if not listed:
        in_stem = list(dict.fromkeys(BLANK.findall(item.stem.source)))
        listed = in_stem * count if len(in_stem) == 1 else in_stem
    if len(listed) != count or not all(BLANK.fullmatch(f"[[{number}]]") for number in listed):
        raise WrongItem(item.line, _("[blanks:1,1,2] has to say for each answer which blank it belongs to."))
    return [int(number) for number in listed]


def _with_recording(item: Item) -> Item:
    """The first answer is what the program printed; it is an accepted text as well where it says more than that."""
    first, *others = item.choices
    if first.percent != 100 or first.feedback:
        others = item.choices
    return replace(item, recorded_output=first.text.source, choices=tuple(others))


def comment(key: str, value: str) -> str:
    """`[key:value]`, escaped."""
    escaped = re.sub(r"[\\\]]", r"\\\g<0>", value).replace("\n", "\\n")
    return f"[{key}:{escaped}]"
