"""Elements that contain each other, in one pass: tags of templates, HTML and JSX."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from .hidden import BREAK, prefix_of

# What is deeper is taken for an element without content.
DEPTH = 20
_LONGEST_TAIL = 200


@dataclass
class Tag:
    """`name` is in lower case, `source` what stands in the text, `key` what an end tag has in common with its start."""

    name: str
    source: str
    start: int
    end: int
    key: str = ""
    is_end: bool = False
    is_void: bool = False
    # Words without a name, and those with one.
    words: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    # Of which system: "hugo", "liquid", "variable", "html", "jsx".
    family: str = ""
    # The end of the tag that closes it.
    closes: int | None = None
    # It is all of its line.
    is_alone: bool = False
    # A cell of a table ends behind it.
    is_in_row: bool = False
    # It is HTML that stays.
    keeps_place: bool = False
    # It is indented as HTML is, which would be code in Markdown.
    is_indented: bool = False

    def get(self, *names: str) -> str:
        """The first of the named arguments that is there and not empty."""
        return next((self.named[name] for name in names if self.named.get(name)), "")

    def value(self, *names: str) -> str:
        """The first of the named arguments, else the first word."""
        return self.get(*names) or next(iter(self.words), "")


# Gets a tag, its content (None if it has none), and the line before it.
Render = Callable[[Tag, str | None, str], str]


def pair(tags: list[Tag]) -> None:
    """Set `closes` of the tags that have an end tag. In one pass."""
    opened: dict[str, list[int]] = {}
    for place, tag in enumerate(tags):
        if not tag.is_end:
            if not tag.is_void:
                opened.setdefault(tag.key, []).append(place)
        elif opened.get(tag.key):
            tags[opened[tag.key].pop()].closes = place


def replace(text: str, tags: list[Tag], render: Render) -> str:
    """`text` with what `render` makes of each of its tags, from the inside to the outside.

    A content, and what replaces a tag, has the quote and list item around it taken off and put on again.
    """
    pair(tags)
    _set_places(text, tags)
    frames: list[_Frame] = [_Frame()]
    start = 0
    for place, tag in enumerate(tags):
        frames[-1].add(text[start : tag.start])
        start = tag.end
        if not tag.is_end:
            if tag.closes is not None and len(frames) <= DEPTH:
                frames.append(_Frame(tag, "" if tag.keeps_place else frames[-1].tail))
            else:
                frames[-1].place(render(tag, None, "|" if tag.is_in_row else frames[-1].tail))
            continue
        depth = next((depth for depth in range(len(frames) - 1, 0, -1) if frames[depth].tag.closes == place), 0)
        if not depth:
            frames[-1].place(render(tag, None, frames[-1].tail))
            continue
        while len(frames) > depth + 1:
            _close_void(frames, render)
        frame = frames.pop()
        content = dedented(frame.content()) if frame.tag.is_indented else frame.content()
        put = frames[-1].add if frame.tag.keeps_place else frames[-1].place
        put(render(frame.tag, content, frames[-1].tail))
    frames[-1].add(text[start:])
    while len(frames) > 1:
        _close_void(frames, render)
    return "".join(frames[0].parts)


_LOOKS_BACK = 3000


def _set_places(text: str, tags: list[Tag]) -> None:
    """Let tags that are indented because they are inside of HTML begin with their lines, and find those in tables."""
    for tag in tags:
        begin = text.rfind("\n", max(0, tag.start - _LONGEST_TAIL - 1), tag.start) + 1
        indent = tag.start - begin
        tag.is_in_row = text[tag.end : tag.end + 3].lstrip(" ").startswith("|")
        if tag.keeps_place or tag.is_end or not 4 <= indent <= _LONGEST_TAIL or text[begin : tag.start].strip(" \t"):
            continue
        for line in reversed(text[max(0, begin - _LOOKS_BACK) : begin].split("\n")):
            if line.strip() and len(line) - len(line.lstrip(" \t")) < indent:
                if line.lstrip().startswith("<") and not line.lstrip().startswith("<!"):
                    tag.is_indented, tag.start = True, begin
                break


def _close_void(frames: "list[_Frame]", render: Render) -> None:
    """The end of the last element was inside of another one: it has no content."""
    frame = frames.pop()
    frames[-1].place(render(frame.tag, None, frames[-1].tail))
    frames[-1].add("".join(frame.parts))


class _Frame:
    """An open element: what it has until now, and the end of the line before the next part."""

    def __init__(self, tag: Tag | None = None, tail: str = ""):
        self.tag, self.parts, self.tail, self.prefix = tag, [], "", prefix_of(tail)

    def add(self, text: str) -> None:
        self.parts.append(text)
        *before, last = text.rsplit("\n", 1)
        self.tail = last[:_LONGEST_TAIL] if before else (self.tail + last)[:_LONGEST_TAIL]

    def place(self, text: str) -> None:
        prefix = prefix_of(self.tail)
        if prefix and "\n" in text:
            text = "\n".join([text.split("\n", 1)[0], *(prefix + line for line in text.split("\n")[1:])])
        self.add(text)

    def content(self) -> str:
        return without_prefix("".join(self.parts), self.prefix)


def without_prefix(text: str, prefix: str) -> str:
    """`text` with `prefix`, or as much of it as a line has, taken from its lines but the first."""
    if not prefix:
        return text
    first, *lines = text.split("\n")
    return "\n".join([first, *(_unprefixed(line, prefix) for line in lines)])


def _unprefixed(line: str, prefix: str) -> str:
    if line.startswith(prefix):
        return line[len(prefix) :]
    if not line.strip(" \t>"):
        return ""
    if prefix.isspace():
        return line.lstrip(" ") if line[: len(prefix)].strip() else line[len(prefix) :]
    return line


def dedented(text: str) -> str:
    """`text` with the indentation taken off that all of its lines have."""
    lines = text.split("\n")
    width = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return "\n".join(line[width:] for line in lines) if width else text


def in_line(before: str) -> bool:
    """Is there text before a tag on its line?"""
    return bool(re.sub(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?", "", before.rsplit(BREAK, 1)[-1]).strip())
