"""Rules for whole lines: boxes with colons or indentation, alerts, attributes, places of contents lists."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext

from publishing.text.blocks.containers import BOXES, NAMES

from . import made
from .hidden import BREAK, Found, Hidden
from .nesting import DEPTH, Tag
from .templates import arguments

_COLONS = re.compile(r"([ \t>]*(?:[-*+][ \t]+)?)(:{3,})[ \t]*(.*?)[ \t]*:*")
_NAMED = re.compile(r"\{?[ \t]*\.?([A-Za-z][\w-]*)(.*)")
_IMAGE = re.compile(r"[ \t>]*:::[ \t]*image[ \t]+(.*?):::[ \t]*")
_TITLED = re.compile(r"(?:\[(.*)\])?[ \t]*(\{[^{}]*\})?[ \t]*(.*)")
_INDENTED = re.compile(
    r'( *)(!!!|\?\?\?\+?|===[!+]?)[ \t]+(?:([\w-]+)((?:[ \t]+(?:inline|end))*)[ \t]*)?(?:"(.*)")?[ \t]*'
)
_ALERT = re.compile(r"([ \t]*)>[ \t]*\[!([\w-]+)\]([+-]?)[ \t]*(.*)")
_QUOTED = re.compile(r"[ \t]*> ?")
_ATTRIBUTES = re.compile(
    r"[ \t>]*(\{:(?!:)[^{}]*\}|\{[ \t]*[.#][^{}\s|]+(?:[ \t]+[^{}|]*)?\}"
    r"|\{[ \t]*[a-z][\w-]*=\"[^{}\"|]*\"[ \t]*\})[ \t]*"
)
_CONTENTS = re.compile(
    r"[ \t>]*(?:\[TOC\]|\[\[_?TOC_?\]\]|@\[TOC\](?:\([^)]*\))?|\$\{TOC\}|%TOC%|\{TOC\}|\[table of contents\])"
    r"(?:\{[^}]*\})?[ \t]*",
    re.IGNORECASE,
)
_TOC_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+\.)[ \t]+.{0,60}")
_HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]")
_ID = re.compile(r"#([^\s{}#.=]+)|\bid=[\"']?([^\s\"'{}]+)")
_SNIPPET = re.compile(r"[ \t]*(?:-+8<-+.*|@@include\(.*\)|<<<[ \t]*@?/?\S+.*|@import[ \t]+\"[^\"]*\")[ \t]*")
_ABBREVIATION = re.compile(r" {0,3}\*\[([^\]\n]{1,60})\]:[ \t]*(.{1,300})")
_BREAKS = re.compile(r"[ \t]*(?:\\newpage|\\pagebreak|\\clearpage)[ \t]*")
_EMBED = re.compile(r"[ \t]*(?:\[embed[^\]]*\][ \t]*(\S+?)[ \t]*\[/embed\]|@\[(\w+)\]\(([^()\s]+)\))[ \t]*")
_LABELLED = re.compile(r"::: *(?:code-group|tabs|code-tabs)")
# They only arrange what is in them.
_FRAMES = frozenset({"code-group", "tabs", "code-tabs", "v-pre", "raw", "div", "columns", "column", "center", "tab"})


@dataclass
class _Box:
    """A box that is open: `colons` or the `column` of its content, else it is a quote."""

    name: str
    title: str
    prefix: str
    colons: int = 0
    column: int = 0
    lines: list[str] = field(default_factory=list)


class Boxes:
    def __init__(self, hidden: Hidden, found: Found):
        self.hidden, self.found = hidden, found
        self.out: list[str] = []
        self.opened: list[_Box] = []
        # Boxes that are nested too deep; their content is kept.
        self.deeper = 0
        self.abbreviations: dict[str, str] = {}

    def replace(self, text: str) -> str:
        for line in text.split("\n"):
            self._read(line)
        while self.opened:
            self._close()
        return "\n".join(self.out)

    @property
    def _lines(self) -> list[str]:
        return self.opened[-1].lines if self.opened else self.out

    def _read(self, line: str) -> None:
        if not line.strip():
            if self.opened and not self.opened[-1].colons and not self.opened[-1].column:
                self._close()
            self._lines.append("")
            return
        line = self._inside(line)
        if not self._is_special(line):
            self._lines.append(line)

    def _inside(self, line: str) -> str:
        """Close the boxes that `line` is not in; returns it as it is in the others."""
        indent = len(line) - len(line.lstrip(" "))
        shift = 0
        for place, box in enumerate(self.opened):
            if box.column and indent < box.column:
                self._close_until(place)
                break
            if box.column:
                shift += 4
            elif not box.colons:
                quote = _QUOTED.match(line, shift)
                if not quote:
                    self._close_until(place)
                    break
                line, shift = line[quote.end() :], 0
                indent = len(line) - len(line.lstrip(" "))
        return line[shift:]

    def _close_until(self, place: int) -> None:
        while len(self.opened) > place:
            self._close()

    def _close(self) -> None:
        box = self.opened.pop()
        lines = box.lines
        after = []
        while lines and not lines[-1].strip():
            after.append(lines.pop())
        while lines and not lines[0].strip():
            lines.pop(0)
        self._lines.extend(self._made(box, lines))
        self._lines.extend(after)

    def _made(self, box: _Box, lines: list[str]) -> list[str]:
        prefix, content = box.prefix, "\n".join(lines)
        if box.name == "tab":
            return [f"{prefix}**{box.title}**{BREAK}", *lines]
        if box.name in NAMES and box.name not in BOXES:
            made_box = made.box(box.name, box.title, content)
        elif box.name in made.KINDS or box.name in made.FOLDED or not box.colons:
            made_box = made.admonition(box.name, box.title, content)
        else:
            title = [f"{prefix}{box.title}"] if box.title else []
            return (
                [*lines, "", *title] if box.name == "figure" and title else [*title, *([""] if title else []), *lines]
            )
        first, *_, last = made_box.split("\n")
        return [prefix + first, *lines, prefix.replace("-", " ").replace("*", " ") + last]

    def _is_special(self, line: str) -> bool:
        start = line.lstrip(" \t>")[:1]
        if start == ":" or (start in "-*+" and ":::" in line):
            return self._colons(line)
        if start in "!?=":
            return self._indented(line)
        if "[!" in line and (alert := _ALERT.fullmatch(line)):
            return self._alert(alert)
        return self._gone(line)

    def _colons(self, line: str) -> bool:
        if image := _IMAGE.fullmatch(line):
            tag = Tag("image", line, 0, 0)
            arguments(tag, image[1], self.hidden)
            self._lines.append(made.picture(tag.get("source", "src"), tag.get("alt-text", "alt")))
            return True
        found = _COLONS.fullmatch(line)
        if not found:
            return False
        prefix, colons, rest = found.groups()
        if not rest and self.deeper:
            self.deeper -= 1
            return True
        if not rest:
            places = [place for place, box in enumerate(self.opened) if box.colons]
            fitting = [place for place in places if self.opened[place].colons <= len(colons)]
            if places:
                self._close_until((fitting or places)[-1])
            else:
                self.found.changed[gettext("a line of colons that closes nothing: left out")] += 1
            return True
        named = _NAMED.fullmatch("div" if rest.startswith("{#") else rest)
        if not named:
            return False
        name = named[1].lower().removeprefix("callout-").removeprefix("admonition-")
        title = self._title(named[2].strip(), braced=rest.startswith("{"))
        if len(self.opened) >= DEPTH:
            self.deeper += 1
            return True
        if name not in made.KINDS and name not in made.FOLDED and name not in NAMES and name not in _FRAMES:
            self.found.changed[
                gettext("the box “%(named)s” is not known: its content is kept") % {"named": named[1]}
            ] += 1
        self.opened.append(_Box(name, title, prefix, colons=len(colons)))
        return True

    def _title(self, rest: str, *, braced: bool) -> str:
        if braced:
            attributes = Tag("", rest, 0, 0)
            arguments(attributes, rest.rstrip("}"), self.hidden)
            return attributes.get("title")
        bracketed, attributes, text = _TITLED.fullmatch(rest).groups()
        if not bracketed and not text and attributes and "title" in attributes:
            return self._title(attributes.strip("{}"), braced=True)
        return bracketed or re.sub(r"[ \t]*\{[^{}]*\}\Z", "", text).strip('"')

    def _indented(self, line: str) -> bool:
        found = _INDENTED.fullmatch(line)
        if not found or (found[3] is None and found[5] is None):
            return False
        indent, sign, kind, _, title = found.groups()
        if sign.startswith("="):
            if title is None:
                return False
            kind = "tab"
        elif title is None and kind.lower() not in made.KINDS and kind.lower() not in made.FOLDED:
            return False
        kind, title = (kind or "note"), title or ""
        if sign.startswith("?"):
            kind, title = "details", title or kind.capitalize()
        column = len(indent) + 4 + 4 * sum(bool(box.column) for box in self.opened)
        if len(self.opened) >= DEPTH:
            return False
        self._lines.append("")
        self.opened.append(_Box(kind.lower(), title, indent, column=column))
        return True

    def _alert(self, alert: re.Match) -> bool:
        indent, kind, fold, title = alert.groups()
        if (kind.lower() in BOXES and not title and not fold) or len(self.opened) >= DEPTH:
            # The renderer has these.
            return False
        name = "details" if fold else kind.lower()
        self.opened.append(_Box(name, title or (kind.capitalize() if fold else ""), indent))
        return True

    def _gone(self, line: str) -> bool:
        """Lines that do not stay, or not as they are."""
        if attributes := _ATTRIBUTES.fullmatch(line):
            self._attributes(attributes[1])
        elif _CONTENTS.fullmatch(line):
            self.found.changed[gettext("the place of a list of contents: left out, pages have one")] += 1
        elif _SNIPPET.fullmatch(line):
            self.found.lost[
                gettext("a file that is put into the text: left out, %(line)s") % {"line": line.strip()[:120]}
            ] += 1
        elif abbreviation := _ABBREVIATION.fullmatch(line):
            self.abbreviations[abbreviation[1]] = abbreviation[2].strip()
        elif _BREAKS.fullmatch(line):
            self._lines.append("")
        elif embed := _EMBED.fullmatch(line):
            if address := embed[1] or made.place_of(embed[2].lower(), [embed[3]], {}):
                self._lines.append(made.embed(address))
            else:
                self.found.lost[
                    gettext("a file that is put into the text: left out, %(line)s") % {"line": line.strip()[:120]}
                ] += 1
        else:
            return False
        return True

    def _attributes(self, text: str) -> None:
        lines = self._lines
        if re.match(r"\{:\s*toc\b", text) or re.search(r"\s:toc\b", text):
            if lines and _TOC_ITEM.fullmatch(lines[-1]):
                lines.pop()
            self.found.changed[gettext("the place of a list of contents: left out, pages have one")] += 1
        elif (kind := _kind(text)) and lines and lines[-1].startswith(">"):
            # Of Jekyll's Chirpy: what kind of box the quote above is.
            start = len(lines)
            while start and lines[start - 1].startswith(">"):
                start -= 1
            lines.insert(start, f"> [!{kind.upper()}]")
            # The next quote is another one.
            lines.append("")
        elif (found := _ID.search(text)) and lines and _HEADING.match(lines[-1]) and "{#" not in lines[-1]:
            lines[-1] += f" {{#{found[1] or found[2]}}}"


def _kind(attributes: str) -> str:
    """The kind of box that a class names."""
    names = (name.removeprefix("prompt-") for name in re.findall(r"\.([\w-]+)", attributes))
    return next((made.KINDS[name] for name in names if name in made.KINDS), "")
