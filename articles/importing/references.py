"""The addresses that a Markdown text names, pictures and links, in every notation and outside of code.

Blocks are those of the library, so what is code here is code for readers; inside of them, the text is scanned. Linear
in the length of the text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference, unescapeAll
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from publishing.text import markdown_limits
from publishing.text.blocks import containers

from . import tags

_BLOCKS = MarkdownIt("commonmark", {"html": True, "inline_definitions": True}).enable("table")
_BLOCKS.use(footnote_plugin).use(deflist_plugin)
containers.use_containers(_BLOCKS)
_BLOCKS.block.ruler.at("table", markdown_limits.bounded_table, {"alt": ["paragraph", "reference"]})
_BLOCKS.core.ruler.enableOnly(["normalize", "block"])

# None of them runs further than these lengths, so that many that are not closed cost linear time.
_DESTINATION = (
    r"<(?P<angle>(?:\\.|[^<>\\\n]){0,3000})>"
    r"|(?P<bare>(?!<)(?:\\.|[^\s()\\]|\((?:\\.|[^\s()\\]|\([^\s()]{0,300}\)){0,500}\)){1,3000}+)"
)
_TITLE = r'"(?:\\.|[^"\\]){0,2000}"|\'(?:\\.|[^\'\\]){0,2000}\'|\((?:\\.|[^()\\]){0,2000}\)'
_INLINE = re.compile(rf"\(\s*+(?:{_DESTINATION})?(?:\s++(?P<title>{_TITLE}))?+\s*+\)", re.DOTALL | re.ASCII)
# Not CommonMark, but read by other generators: spaces in the address, a size behind it.
_LOOSE = re.compile(
    r"\(\s*+(?P<bare>[^()<>\n\"]{1,500}?\.(?:png|jpe?g|gif|webp|avif|svg)(?:\?[^()\s\"]{0,200})?)"
    rf"(?:\s++=[\d.%]*x[\d.%]*)?(?:\s++(?P<title>{_TITLE}))?+\s*+\)",
    re.IGNORECASE | re.ASCII,
)
_LABEL = re.compile(r"\[((?:\\.|[^\[\]\\]){0,999})\]", re.DOTALL)
_DEFINITION = re.compile(
    rf"[ \t>]*+(?:(?:[-+*]|\d{{1,9}}[.)])[ \t]++)*+\[(?:\\.|[^\[\]\\])+\]:[\s>]*+(?:{_DESTINATION})"
    rf"(?:[\s>]++(?P<title>{_TITLE}))?+",
    re.DOTALL | re.ASCII,
)
_MARK = re.compile(r"\\.|`+|!?\[|\]|<|https?://", re.DOTALL)
_AUTOLINK = re.compile(r"<([a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]{0,3000})>")
_BARE = re.compile(r"https?://[^\s<>\[\]\"'`\\]{1,2000}")


class Form(StrEnum):
    """How an address is written, and with it how another one has to be."""

    INLINE = "inline"
    # `[text][label]`: its address stands in the definition.
    USE = "use"
    DEFINITION = "definition"
    AUTOLINK = "autolink"
    BARE = "bare"
    HTML = "html"
    # Of a picture in the background of an element.
    STYLE = "style"


@dataclass(eq=False)
class Reference:
    """An address in a text. `start` and `end` are those of the whole notation, `at` of the address as it is written.

    `addresses` are as they are meant, without escapes: the best first, if a picture has several. `words` is the text
    of a link or the alternative text, as Markdown, or as text if the form is HTML.
    """

    is_picture: bool
    form: Form
    start: int
    end: int
    addresses: list[str]
    at: tuple[int, int] | None = None
    words: str = ""
    title: str = ""
    label: str = ""
    # Whether it stands in a block of HTML, where Markdown means nothing.
    in_html: bool = False
    # In the words of a link.
    inner: list["Reference"] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.addresses[0] if self.addresses else ""


@dataclass
class References:
    """Of one text, in the order in which they end. `definitions` by their labels."""

    text: str
    found: list[Reference] = field(default_factory=list)
    definitions: dict[str, Reference] = field(default_factory=dict)

    @property
    def pictures(self) -> list[Reference]:
        return [reference for reference in self.found if reference.is_picture]

    @property
    def links(self) -> list[Reference]:
        return [reference for reference in self.found if not reference.is_picture]


@lru_cache(maxsize=1)
def read(text: str) -> References:
    """Those of a text with "\\n" as the only end of lines. Half a millisecond for 1,000 words."""
    found = References(text)
    if not re.search(r"\]|<|://", text) or markdown_limits.effort(text) > markdown_limits.MOST_EFFORT:
        # The second is shown as it is typed.
        return found
    tokens = _BLOCKS.parse(text, {})
    starts = [0, *(line.end() for line in re.finditer("\n", text)), len(text) + 1]
    ranges = []
    for token in tokens:
        if not token.map:
            continue
        first, last = token.map
        if token.type == "definition":
            _define(found, token.meta["id"], starts[first])
        elif token.type in ("inline", "html_block"):
            ranges.append((starts[first], min(starts[min(last, len(starts) - 1)], len(text)), token.type))
        elif token.type == "container_block_open":
            ranges.append((starts[first], min(starts[first + 1], len(text)), "inline"))
    covered = 0
    for start, end, kind in ranges:
        # The cells of a row stand in one line.
        if (start := max(start, covered)) < end:
            covered = end
            (_scan_html if kind == "html_block" else _scan)(found, start, end)
    return found


def changed(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """The text with new parts from start to end. One inside of another does not count."""
    parts, done = [], 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start < done:
            continue
        parts += [text[done:start], new]
        done = end
    return "".join([*parts, text[done:]])


def written(address: str, reference: Reference) -> str:
    """An address of this site or of the web for the place `at` of a reference."""
    if reference.form == Form.HTML:
        return address.replace("&", "&amp;").replace('"', "%22").replace("'", "%27").replace("<", "%3C")
    return address.translate({ord(mark): f"%{ord(mark):02X}" for mark in ' ()<>\\"'})


# --- Markdown ---


def _define(found: References, label: str, start: int) -> None:
    match = _DEFINITION.match(found.text, start)
    if not match or label in found.definitions:
        return
    name = "angle" if match["angle"] is not None else "bare"
    at = match.span() if name == "bare" else match.span("angle")
    at = (match.start(name) - (name == "angle"), match.end(name) + (name == "angle"))
    found.definitions[label] = Reference(
        False, Form.DEFINITION, start, match.end(), [unescapeAll(match[name])], at, title=_title(match), label=label
    )


def _title(match: re.Match) -> str:
    return unescapeAll(match["title"][1:-1]) if match["title"] else ""


@dataclass
class _Opener:
    at: int
    is_picture: bool
    # How many references were found before it.
    before: int


class _Code:
    """Where spans of code end: runs of backticks of one length, each looked at once."""

    def __init__(self, text: str, start: int, end: int):
        self._runs: dict[int, list[int]] = {}
        for run in re.compile("`+").finditer(text, start, end):
            self._runs.setdefault(run.end() - run.start(), []).append(run.start())
        for places in self._runs.values():
            places.reverse()

    def end(self, start: int, length: int) -> int | None:
        """The end of the code whose opening run of this length starts there."""
        places = self._runs.get(length, [])
        while places and places[-1] <= start:
            places.pop()
        return places[-1] + length if places else None


def _scan(found: References, start: int, end: int) -> None:
    """Find those of a range with inline Markdown."""
    text, place, openers, closed_below = found.text, start, [], 0
    code, html = _Code(text, start, end), tags.Tags(text)
    while mark := _MARK.search(text, place, end):
        place, sign = mark.end(), mark[0]
        if sign[0] == "\\":
            continue
        if sign[0] == "`":
            place = code.end(mark.start(), len(sign)) or place
        elif sign == "<":
            place = _add_angle(found, html, mark.start(), end)
        elif sign[-1] == "[":
            openers.append(_Opener(mark.start(), sign[0] == "!", len(found.found)))
        elif sign[0] == "h":
            place = place if html.in_link else _add_bare(found, mark.start(), end)
        elif openers:
            opener = openers.pop()
            is_open = opener.is_picture or len(openers) >= closed_below
            closed_below = min(closed_below, len(openers))
            reference = _closed(found, opener, mark.start(), end) if is_open else None
            if reference:
                place = reference.end
                if reference.is_picture:
                    # Its words are text.
                    del found.found[opener.before :]
                else:
                    # Links have no links in them.
                    reference.inner = found.found[opener.before :]
                    closed_below = len(openers)
                found.found.append(reference)


def _closed(found: References, opener: _Opener, place: int, end: int) -> Reference | None:
    """What the bracket at `place` closes, if that is a link or a picture."""
    text, is_picture = found.text, opener.is_picture
    words = text[opener.at + 1 + is_picture : place]
    place += 1
    if text.startswith("(", place):
        inline = _INLINE.match(text, place, end) or (is_picture and _LOOSE.match(text, place, end))
        if inline:
            groups = inline.groupdict()
            name = "angle" if groups.get("angle") is not None else "bare"
            at = inline.span(name) if groups[name] is not None else (place + 1, place + 1)
            if name == "angle":
                at = (at[0] - 1, at[1] + 1)
            elif inline.re is _LOOSE:
                at = (at[0], inline.start("title") - 1 if inline["title"] else inline.end() - 1)
            address = unescapeAll(groups[name] or "")
            return Reference(is_picture, Form.INLINE, opener.at, inline.end(), [address], at, words, _title(inline))
    label = _LABEL.match(text, place, end)
    name = normalizeReference(label[1] if label and label[1].strip() else words)
    definition = found.definitions.get(name) if len(name) < 1000 else None
    if definition is None:
        return None
    stop = label.end() if label else place
    return Reference(
        is_picture, Form.USE, opener.at, stop, definition.addresses, None, words, definition.title, definition.label
    )


def _add_angle(found: References, html: tags.Tags, start: int, end: int) -> int:
    """Find what a "<" begins; returns where the text goes on."""
    if auto := _AUTOLINK.match(found.text, start, end):
        found.found.append(Reference(False, Form.AUTOLINK, *auto.span(), [auto[1]], auto.span(), auto[1]))
        return auto.end()
    if found.text.startswith("<!--", start):
        return html.end_of_comment(start, end) or start + 4
    if tag := tags.match(found.text, start, end):
        _add_html(found, html, tag, in_html=False)
        return tag.end()
    return start + 1


def _add_bare(found: References, start: int, end: int) -> int:
    """Find the address that is written as it is from `start` on; returns its end."""
    bare = _BARE.match(found.text, start, end)
    if not bare:
        return start + 4
    address = bare[0].rstrip(".,;:!?*_~|]")
    if ")" in address and "(" not in address:
        address = address.partition(")")[0]
    stop = start + len(address)
    found.found.append(Reference(False, Form.BARE, start, stop, [address], (start, stop), address))
    return stop


# --- HTML ---


def _scan_html(found: References, start: int, end: int) -> None:
    """Find those of a range that is HTML."""
    html, place = tags.Tags(found.text), start
    while (place := found.text.find("<", place, end)) >= 0:
        if found.text.startswith("<!--", place):
            # One that is not closed hides the rest.
            place = html.end_of_comment(place, end) or end
            continue
        tag = tags.match(found.text, place, end)
        if not tag:
            place += 1
            continue
        _add_html(found, html, tag, in_html=True)
        place = tags.end_of_raw(found.text, tag, end)


def _add_html(found: References, html: tags.Tags, tag: re.Match, *, in_html: bool) -> None:
    for named in html.read(tag):
        form = Form.STYLE if named.is_style else Form.HTML
        reference = Reference(
            named.is_picture, form, named.start, named.end, named.addresses, named.at, named.words, named.title
        )
        reference.in_html = in_html
        if named.replaces_last and found.found and found.found[-1].is_picture:
            found.found.pop()
        found.found.append(reference)
