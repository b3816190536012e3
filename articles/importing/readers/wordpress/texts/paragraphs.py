"""Paragraphs of classic text, as WordPress makes them: an empty line parts paragraphs, a line break stays one."""

import re

# Start a line of their own; text beside them is a paragraph.
_BLOCK = {
    "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "iframe",
    "legend", "li", "main", "map", "menu", "nav", "object", "ol", "p", "pre", "script", "section", "style", "summary",
    "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr", "ul", "video", "audio", "noscript", "caption",
}  # fmt: skip
# Their text becomes paragraphs; that of all other blocks stays as it is.
_FLOW = {"article", "aside", "blockquote", "center", "details", "div", "footer", "header", "main", "section"}
# Their line breaks count, too.
_LINES = {"p", "address"}
_RAW = {"pre", "script", "style", "textarea", "svg"}
_EMPTY = {"hr"}
_INLINE = {"a", "b", "strong", "i", "em", "u", "s", "del", "ins", "span", "small", "big", "font", "mark", "code", "q"}
_DEEPEST = 20
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_PARTS = re.compile(r"\n[ \t\r\f\v]*\n\s*")
_LINE = re.compile(r"[ \t]*\n[ \t]*")
_ADDRESS = re.compile(r"^[ \t]*(https?://[^\s<>\"]+)[ \t]*$", re.MULTILINE)
_BREAKS = re.compile(r"(?:\s*<br\s*/?>\s*){2,}")


def paragraphs(text: str) -> str:
    """HTML with <p> and <br> from text with HTML in it. Takes time in proportion to the text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return _Maker().make(text)


class _Maker:
    def __init__(self):
        self.out: list[str] = []
        # Since the last block: text and inline tags.
        self.run: list[str] = []
        self.open: list[str] = []

    def make(self, text: str) -> str:
        position, lower = 0, text.lower()
        while found := _TAG.search(text, position):
            self.run.append(text[position : found.start()])
            position = found.end()
            name = found[2].lower()
            if name in _RAW and not found[1]:
                end = lower.find(f"</{name}", position)
                end = len(text) if end < 0 else (text.find(">", end) + 1 or len(text))
                self.flush()
                self.out.append(text[found.start() : end])
                position = end
            elif name in _BLOCK:
                self.block(found, name)
            else:
                self.run.append(found[0])
        self.run.append(text[position:])
        self.flush()
        return "".join(self.out)

    def block(self, found: re.Match, name: str) -> None:
        self.flush()
        self.out.append(found[0])
        if found[1]:
            if name in self.open:
                while self.open.pop() != name:
                    pass
        elif name not in _EMPTY and not found[3].endswith("/"):
            if name == "p" and "p" in self.open[-1:]:
                # Not closed.
                self.open.pop()
            self.open.append(name)

    def flush(self) -> None:
        run, self.run = "".join(self.run), []
        inner = self.open[-1] if self.open else ""
        if not run.strip():
            self.out.append("\n" if run else "")
        elif inner in _LINES:
            self.out.append(_with_breaks(run))
        elif inner and inner not in _FLOW:
            self.out.append(run)
        else:
            run = _BREAKS.sub("\n\n", _ADDRESS.sub(r"\n\n\1\n\n", run))
            self.out += [f"<p>{_with_breaks(part)}</p>\n" for part in _closed(_PARTS.split(run.strip()))]


def _with_breaks(text: str) -> str:
    return _LINE.sub("<br>\n", text.strip())


def _closed(parts: list[str]) -> list[str]:
    """The parts with inline elements that go over several of them closed and opened again, as browsers do."""
    opened: list[tuple[str, str]] = []
    closed = []
    for part in parts:
        start = "".join(tag for _, tag in opened)
        for found in _TAG.finditer(part):
            name = found[2].lower()
            if name in _INLINE and not found[1] and not found[3].endswith("/"):
                if len(opened) < _DEEPEST:
                    opened.append((name, found[0]))
            elif name in _INLINE and any(name == other for other, _ in opened):
                last = max(place for place, (other, _) in enumerate(opened) if other == name)
                del opened[last]
        end = "".join(f"</{name}>" for name, _ in reversed(opened))
        closed.append(f"{start}{part}{end}")
    return [part for part in closed if part.strip()]
