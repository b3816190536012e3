"""Finds code: fences, indented code, spans, and the tags of generators that contain code, which become fences."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from .hidden import END, START, Found, Hidden, prefix_of

_FENCE = re.compile(r"([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}(?=[^`]*\Z)|~{3,})(.*)")
_ITEM = re.compile(r"( *)((?:[-*+]|\d{1,9}[.)])(?: +|\t|$)|\[\^[^\]\s]+\]:|:[ \t]+)")
# Blocks whose content is indented by four spaces.
_INDENTING = re.compile(r'( *)(?:!!!|\?\?\?\+?|===[!+]?)[ \t]+["\w]')
_STARTS = re.compile(r" *(?:#{1,6} |>|[-*+] |\d+[.)] |:::|!!!|\?\?\?|===)")
_VERBATIM = re.compile(
    r"([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(?:"
    r"\{%-?[ \t]*(?P<liquid>highlight|codeblock|code|prism|katex|mathjax|math|mermaid)\b(?P<liquid_args>[^%]*)-?%\}|"
    r"\{\{[<%][ \t]*(?P<hugo>(?!codepen|codesandbox)(?:code|highlight)[\w-]*|math|katex|mermaid)\b"
    r"(?P<hugo_args>[^>%]*)(?<!/)[>%]\}\})(.*)"
)
# The first line of indented code for CodeHilite of Python-Markdown.
_MARKED_LANGUAGE = re.compile(r"([ \t]+)(?::::|#!)([\w+#-]+)[ \t]*")
MOST_OPEN = 20
_PRE = re.compile(r"[ \t>]*<pre\b", re.IGNORECASE)
_PREFIX = re.compile(r"[ \t>]*")
_MATHS = frozenset({"katex", "mathjax", "math"})
_RAW = re.compile(r"\{%-?[ \t]*(end)?raw[ \t]*-?%\}")
_IN_RAW = re.compile(r"\{\{|\{%|\}\}|%\}")
_ESCAPED = re.compile(r"\{\{(?:<|%)/\*(.{0,1000}?)\*/(?:>|%)\}\}")


def hide_code(text: str, hidden: Hidden, found: Found) -> str:
    """`text` with marks for all code. A line of a block keeps what it has in common with the lines around it: the
    signs of a quote, and the indentation of the block."""
    return _hide_spans("\n".join(_Lines(text, hidden, found).run()), hidden)


class _Lines:
    def __init__(self, text: str, hidden: Hidden, found: Found):
        self.lines, self.place = text.split("\n"), 0
        self.hidden, self.found = hidden, found
        self.is_raw = False
        # The columns where the contents of open list items and boxes begin.
        self.columns: list[int] = []
        self.after_blank, self.in_code = True, False
        # Tags that are not closed after this place.
        self.open_ended: set[str] = set()

    def run(self) -> Iterator[str]:
        while self.place < len(self.lines):
            line = self.lines[self.place]
            self.place += 1
            if fence := _FENCE.fullmatch(line):
                self._enter(line)
                yield from self._fence(fence)
            elif (tag := _VERBATIM.fullmatch(line)) and (code := self._verbatim(tag)):
                self._enter(line)
                yield from code
            elif _PRE.match(line) and (end := self._end_of_pre(line)):
                self._enter(line)
                for part in self.lines[self.place - 1 : end]:
                    yield self._hide_line(part, _PREFIX.match(part)[0])
                self.place = end
            elif self._is_indented_code(line):
                if language := _MARKED_LANGUAGE.fullmatch(line):
                    yield from self._marked(language)
                else:
                    yield self._hide_line(line, " " * min(_indent(line), self._column()))
            else:
                yield self._outside(line)

    def _end_of_pre(self, line: str) -> int:
        """The place after the element that `line` opens; 0 if it is not closed."""
        place = self.place
        while "</pre>" not in line.lower():
            if place >= len(self.lines) or "pre" in self.open_ended:
                self.open_ended.add("pre")
                return 0
            line, place = self.lines[place], place + 1
        return place

    def _enter(self, line: str) -> None:
        """Note which list items `line` closes and opens."""
        self.in_code = False
        indent = _indent(line)
        if self.after_blank or _STARTS.match(line):
            while self.columns and indent < self.columns[-1]:
                self.columns.pop()
        self.after_blank = False
        if box := _INDENTING.match(line):
            self.columns.append(len(box[1]) + 4)
        elif (item := _ITEM.match(line.expandtabs(4))) and indent < self._column() + 4:
            if item[2].startswith("["):
                # The text of a footnote is indented by four, however far the footnote is.
                self.columns.append(4)
            else:
                width = len(item[2]) if len(item[2].strip()) + 4 >= len(item[2]) else 4
                self.columns.append(len(item[1]) + max(2, width))

    def _column(self) -> int:
        return self.columns[-1] if self.columns else 0

    def _is_indented_code(self, line: str) -> bool:
        if not line.strip():
            return False
        if self.after_blank and not self.in_code:
            indent = _indent(line)
            while self.columns and indent < self.columns[-1]:
                self.columns.pop()
        is_code = (self.after_blank or self.in_code) and _indent(line) >= self._column() + 4
        self.in_code = is_code
        self.after_blank = self.after_blank and is_code
        return is_code

    def _outside(self, line: str) -> str:
        if not line.strip():
            self.after_blank = True
            return line
        self._enter(line)
        if line.lstrip().startswith("#"):
            self.after_blank = True
        if not self.is_raw and "{" not in line:
            return line
        return "".join(self._text(part) for part in self._parts(line))

    def _parts(self, line: str) -> Iterator[str]:
        """The line without the tags that begin and end what is raw; `is_raw` is that of the part."""
        start = 0
        for tag in _RAW.finditer(line):
            # In what is raw, only its end is a tag.
            if self.is_raw == bool(tag[1]):
                yield line[start : tag.start()]
                self.is_raw, start = not tag[1], tag.end()
        yield line[start:]

    def _text(self, text: str) -> str:
        if self.is_raw:
            return _IN_RAW.sub(lambda sign: self.hidden.hide(sign[0]), text)
        return _ESCAPED.sub(lambda tag: self.hidden.hide(_unescaped(tag)), text)

    def _code(self, line: str) -> str | None:
        """A line of code without the tags that kept a generator from reading it; None if it had nothing else."""
        if "{" not in line:
            return line
        code = _ESCAPED.sub(_unescaped, "".join(self._parts(line)))
        return code if code.strip() or not line.strip() or code == line else None

    def _hide_line(self, line: str, prefix: str) -> str:
        code = self._code(line)
        if code is None or not code.strip():
            return ""
        width = len(prefix) if code.startswith(prefix) else len(code) - len(code.lstrip())
        return code[:width] + self.hidden.hide(code[width:])

    def _fence(self, fence: re.Match) -> Iterator[str]:
        before, marks, info = fence.groups()
        ours = fence_info(info.strip())
        yield before + self.hidden.hide(marks + (info if ours == info.strip() else ours))
        prefix = prefix_of(before)
        quotes = before.count(">")
        while self.place < len(self.lines):
            line = self.lines[self.place]
            if quotes and line.lstrip(" ")[:1] != ">":
                return
            self.place += 1
            rest = line.strip(" \t>") if quotes else line.strip()
            if rest.startswith(marks) and not rest.strip(marks[0]):
                yield line[: len(line) - len(line.lstrip(" \t>"))] + self.hidden.hide(rest)
                return
            if (code := self._code(line)) is None:
                continue
            width = _common(prefix, code)
            yield code[:width] + self.hidden.hide(code[width:]) if code[width:] else code

    def _marked(self, language: re.Match) -> list[str]:
        """A fence for indented code that says its language."""
        width, code = _indent(language[0]), []
        while self.place < len(self.lines):
            line = self.lines[self.place]
            if line.strip() and _indent(line) < width:
                break
            code.append(line.expandtabs(4)[width:])
            self.place += 1
        blank = len(code) - len("\n".join(code).rstrip().split("\n")) if any(code) else 0
        prefix = " " * self._column()
        lines = self._as_fence([prefix + line for line in code], language[2], prefix)
        self.after_blank, self.in_code = True, False
        return [*lines, *[""] * blank]

    def _verbatim(self, tag: re.Match) -> list[str] | None:
        """The lines of a fence for a tag of a generator around code, if it is closed."""
        name = tag["liquid"] or tag["hugo"]
        liquid = tag["liquid"] is not None
        end = re.compile(
            rf"\{{%-?[ \t]*end{name}[ \t]*-?%\}}" if liquid else rf"\{{\{{[<%][ \t]*/[ \t]*{name}\b.*?\}}\}}"
        )
        key = end.pattern
        if key in self.open_ended or len(self.open_ended) > MOST_OPEN:
            return None
        before, rest, place = tag[1], tag[6], self.place
        code = []
        while not (closing := end.search(rest)):
            code.append(rest)
            if (
                not liquid
                and code[1:]
                and (_VERBATIM.fullmatch(rest) or (_FENCE.fullmatch(rest) and not any(code[:-1])))
            ):
                # It is around code that can be told apart by itself.
                return None
            if place >= len(self.lines):
                self.open_ended.add(key)
                return None
            rest, place = self.lines[place], place + 1
        code.append(rest[: closing.start()])
        self.place = place
        after = rest[closing.end() :]
        info = "math" if name in _MATHS else _tag_info(name, tag["liquid_args"] if liquid else tag["hugo_args"])
        if name in _MATHS:
            self.found.changed[_("mathematics, kept as written")] += 1
        lines = self._as_fence(code, info, before)
        return [*lines, prefix_of(before) + after.strip()] if after.strip() else lines

    def _as_fence(self, code: list[str], info: str, before: str) -> list[str]:
        prefix = prefix_of(before)
        while code and not code[0].strip():
            code.pop(0)
        while code and not code[-1].strip():
            code.pop()
        code = [line for line in map(self._code, code) if line is not None]
        code = [line[_common(prefix, line) :] for line in code]
        longest = max((len(run) for line in code for run in re.findall(r"^ *(`{3,})", line)), default=2)
        marks = "`" * (longest + 1)
        body = [prefix + self.hidden.hide(line) if line.strip() else prefix.rstrip() for line in code]
        return [before + self.hidden.hide(f"{marks}{info}".rstrip()), *body, prefix + self.hidden.hide(marks)]


def _unescaped(tag: re.Match) -> str:
    return tag[0].replace("/*", "", 1)[::-1].replace("/*", "", 1)[::-1]


def _indent(line: str) -> int:
    line = line.expandtabs(4)
    return len(line) - len(line.lstrip(" "))


def _common(prefix: str, line: str) -> int:
    """How many characters of `line` belong to the quote or list item."""
    width = 0
    while width < min(len(prefix), len(line)) and (line[width] == prefix[width] or line[width] in " >"):
        if line[width] != prefix[width]:
            break
        width += 1
    return width


# --- the line that opens a fence ---

_LANGUAGE = re.compile(r"\{?[ \t]*\.?([\w+#.-]*)")
_TITLE = re.compile(
    r"""\b(?:title|filename|file|name|displayName|label|caption)\s*[=:]\s*("[^"]*"|'[^']*'|[^\s,{}]+)"""
    r"""|\[([^\[\]]+)\](?!\s*[,}\]])"""
)
_MARKED = re.compile(r"""(?:\bhl_lines\s*=\s*|\bmark:)(\[[^\]]*\]|"[^"]*"|'[^']*'|[\d,\s-]+)|\{([\d,\s-]+)\}""")
_WORDS = re.compile(r"([\w+#-]+)(?::([\w./-]+\.\w+)|[ ]+([^={}:]*\w)[ ]+https?://\S+[^={}]*)")
_NUMBERS = re.compile(r"\d+(?:-\d+)?")


def fence_info(info: str) -> str:
    """What generators write behind a fence, as this project reads it: a language, `title="…"`, `{2,4-6}`."""
    if re.fullmatch(r"[\w+#./-]*", info) or len(info) > 1000:
        return info
    language = _LANGUAGE.match(info)[1]
    if info[len(language) :].startswith(("=", "/")):
        language = ""
    if words := _WORDS.fullmatch(info):
        # Of Qiita `ruby:a.rb`, of Octopress `ruby A title https://… words`.
        info = f'{words[1]} title="{(words[2] or words[3]).strip()}"'
    title, marked = _TITLE.search(info), _MARKED.search(info)
    if not title and not marked and not re.search(r"[{}=,:]", info):
        return info
    name = (title[1] or title[2]).strip("\"'").replace('"', "") if title else ""
    lines = ",".join(_NUMBERS.findall(marked[1] or marked[2])) if marked else ""
    parts = (language, f'title="{name}"' if name else "", f"{{{lines}}}" if lines else "")
    return " ".join(filter(None, parts))


def _tag_info(name: str, arguments: str) -> str:
    if name == "mermaid":
        return name
    marked = _MARKED.search(arguments)
    arguments = re.sub(r"""["'][^"']*\b(?:hl_lines|linenos)=[^"']*["']""", "", arguments)
    words = re.findall(r"""[\w-]+[:=](?:"[^"]*"|'[^']*'|\S+)|"[^"]*"|'[^']*'|\S+""", arguments)
    language = next((word[5:] for word in words if word.startswith(("lang:", "lang="))), "")
    options = " ".join(word for word in words if re.match(r"(?:title|file\w*)[:=]", word))
    options += f" {marked[0]}" if marked else ""
    rest = [word.strip("\"'") for word in words if not re.match(r"[\w-]+[:=](?!//)", word)]
    if name in ("highlight", "prism", "code") and not language and rest and re.fullmatch(r"[\w+#.-]+", rest[0]):
        language = rest.pop(0)
    title = " ".join(word for word in rest if not re.match(r"linenos|https?:|_?\d", word) and "=" not in word)
    if title and name != "highlight" and "title" not in options:
        options += f' title="{title}"'
    return fence_info(f"{language.strip(chr(34) + chr(39))} {options}".strip()) if options else language.strip("\"'")


# --- spans ---

_TICKS = re.compile(r"`+")
_BLANK = re.compile(r"\n[ \t>]*\n")


def _hide_spans(text: str, hidden: Hidden) -> str:
    if "`" not in text:
        return text
    out, start = [], 0
    for blank in [*_BLANK.finditer(text), None]:
        end = blank.start() if blank else len(text)
        out.append(_spans_of_paragraph(text[start:end], hidden))
        out.append(blank[0] if blank else "")
        start = blank.end() if blank else end
    return "".join(out)


def _spans_of_paragraph(text: str, hidden: Hidden) -> str:
    runs = [(run.start(), run.end()) for run in _TICKS.finditer(text)]
    if not runs:
        return text
    # The places of runs of each length, the first last.
    places: dict[int, list[int]] = {}
    for place in range(len(runs) - 1, -1, -1):
        places.setdefault(runs[place][1] - runs[place][0], []).append(place)
    out, start, place = [], 0, 0
    while place < len(runs):
        begin, end = runs[place]
        if begin and text[begin - 1] == "\\" and text[begin - 2 : begin - 1] != "\\":
            begin += 1
        others = places.get(end - begin, [])
        while others and others[-1] <= place:
            others.pop()
        if begin < end and others:
            last = runs[others[-1]][1]
            lines = text[begin:last].split("\n")
            out += [text[start:begin], "\n".join(map(hidden.hide, lines))]
            start, place = last, others[-1]
        place += 1
    return "".join([*out, text[start:]])


def is_hidden(text: str) -> bool:
    """Is `text` nothing but one mark?"""
    return text.startswith(START) and text.find(END) == len(text) - 1
