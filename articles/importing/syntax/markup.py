"""HTML that the renderer does not show, and MDX: components, expressions, lines of JavaScript."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from django.utils.translation import gettext as _

from publishing.text import markdown

from . import made
from .hidden import BREAK, START, Found, Hidden, block
from .nesting import Tag, dedented, in_line, replace
from .shortcodes import Shortcodes

_START = re.compile(r"<(/?)([A-Za-z][\w.-]*)|<(/?)>")
_NAME = re.compile(r"[ \t\n]*([A-Za-z_:@][\w.:@-]*)(?:[ \t\n]*=[ \t\n]*)?|[ \t\n]*\{[ \t\n]*\.\.\.[^{}]*\}")
_BARE = re.compile(r"[^\s\"'<>`{}]+")
LONGEST_VALUE, LONGEST_SCRIPT = 5000, 200
_RAW = {"script": re.compile(r"</script\s*>", re.I), "style": re.compile(r"</style\s*>", re.I)}
_FRAMES = frozenset({"iframe", "object", "embed", "frame"})
_MEDIA = frozenset({"video", "audio"})
_VOID = frozenset({"source", "track", "embed", "img", "br", "hr", "input", "param", "wbr"})
_PICTURES = frozenset(
    "image img figure picture staticimage gatsbyimage blurimage themedimage nextimage optimizedimage zoomimage "  # noqa: SIM905
    "imagefigure imagecaption photo".split()
)
_LINKS = frozenset({"link", "navlink", "a", "button", "linkbutton", "externallink", "anchor", "linkcard", "card"})
_CODE = frozenset({"codeblock", "code", "highlight", "terminal", "terminalblock"})
_BLOCKS = frozenset({"div", "section", "details", "figure", "article", "aside"})
_TEXTS = frozenset(
    [
        "figcaption",
        "p",
        "li",
        "td",
        "th",
        "dt",
        "dd",
        "summary",
        "center",
        "small",
        "caption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
_TAG = re.compile(r"(<[^<>]*>)")
_BLOCK = re.compile(r"<(?:p|div|ul|ol|table|h[1-6]|figure|blockquote|pre|section)\b", re.IGNORECASE)
_LAZY = re.compile(r"<img\b[^<>]*\bdata-(?:\w+-)?(?:src|original)\b")
_MARKUP = re.compile(rf"[*_\[{START}]")
_ADDRESS = ("src", "data-src", "data", "href", "url", "data-url", "poster")
_WIDGETS = re.compile(
    r"//(?:platform\.(?:twitter|instagram|x)|www\.instagram|cdn\.embedly|static\.codepen|cpwebassets)\."
)
_QUOTED_IN = re.compile(r"[\"'`]([^\"'`]+)[\"'`]")
_ONLY_TAGS = re.compile(r"[ \t>]*(?:</?(?:div|center|section|figure|article)\b[^<>]*>[ \t]*)+")


class Markup:
    """Replaces the tags of one text. `is_mdx` if what stands in braces is JavaScript."""

    def __init__(self, hidden: Hidden, found: Found, shortcodes: Shortcodes, *, is_mdx: bool):
        self.hidden, self.found, self.shortcodes, self.is_mdx = hidden, found, shortcodes, is_mdx
        # Files by the names under which they were imported.
        self.imported: dict[str, str] = {}

    def replace(self, text: str) -> str:
        text = self._without_scripts(text) if self.is_mdx else text
        text = replace(text, list(self._tags(text)), self._render)
        return self._expressions(text) if self.is_mdx else text

    # --- reading ---

    def _tags(self, text: str) -> Iterator[Tag]:
        last = text.rfind(">")
        place, around = 0, None
        while (start := _START.search(text, place)) and start.start() < last:
            place = start.end()
            tag = self._tag(text, start)
            if not tag:
                continue
            place = tag.end
            if tag.name in _MEDIA or tag.name == "object":
                around = None if tag.is_end else tag
            elif around and tag.name in ("source", "embed", "param") and tag.get("src"):
                # The address of what it is in.
                around.named.setdefault("src", tag.get("src"))
                tag.name = "source"
            tag.is_void = tag.is_void or tag.name in _VOID
            if self._is_ours(tag):
                yield tag

    def _tag(self, text: str, start: re.Match) -> Tag | None:
        name = start[2] or ""
        tag = Tag(
            name.lower(),
            "",
            start.start(),
            start.end(),
            key=f"<{name.lower() if name.isupper() else name}",
            is_end=bool(start[1] or start[3]),
        )
        # <DIV> is HTML as it was written long ago.
        is_component = not name or (name[0].isupper() and not (name.isupper() and len(name) > 1)) or "." in name
        tag.family = "jsx" if is_component else "html"
        end = self._attributes(tag, text, start.end()) if name else start.end()
        if not end:
            return None
        tag.end = end
        if tag.name in _RAW and not tag.is_end:
            closing = _RAW[tag.name].search(text, end)
            tag.words = [text[end : closing.start()]] if closing else []
            tag.end, tag.is_void = closing.end() if closing else end, True
        tag.keeps_place = tag.family == "html" and tag.name not in _RAW and tag.name not in _FRAMES | _MEDIA
        tag.is_alone = _is_alone(text, tag)
        tag.source = self.hidden.restore(text[tag.start : tag.end])
        return tag

    def _attributes(self, tag: Tag, text: str, place: int) -> int:
        """Read them into `tag`; returns where the tag ends, 0 if it is none."""
        while True:
            if end := re.compile(r"[ \t\n]*(/?)>").match(text, place):
                tag.is_void = tag.is_void or bool(end[1])
                return end.end()
            name = _NAME.match(text, place)
            if not name:
                return 0
            place = name.end()
            if not name[1]:
                continue
            key, value = name[1].lower(), ""
            if "=" in name[0]:
                value, place = self._value(text, place)
                if not place:
                    return 0
                if value.startswith("{"):
                    tag.words.append(name[1])
                    value = self._of_expression(value[1:-1].strip())
            tag.named[key] = self.hidden.restore(value)

    def _value(self, text: str, place: int) -> tuple[str, int]:
        sign = text[place : place + 1]
        if sign in ('"', "'") and sign:
            end = text.find(sign, place + 1, place + LONGEST_VALUE)
            return (text[place + 1 : end], end + 1) if end > 0 else ("", 0)
        if sign == "{":
            depth = 0
            for at in re.compile(r"[{}]").finditer(text, place, place + LONGEST_VALUE):
                depth += 1 if at[0] == "{" else -1
                if not depth:
                    return text[place : at.end()], at.end()
            return "", 0
        bare = _BARE.match(text, place)
        return (bare[0], bare.end()) if bare else ("", 0)

    def _of_expression(self, text: str) -> str:
        """What can be known of a value in JavaScript: its first string, or the file that was imported as it."""
        if text in self.imported:
            return self.imported[text]
        plain = self.hidden.restore(text)
        if found := _QUOTED_IN.search(plain):
            return found[1] if not plain.startswith("{") else ""
        name = re.match(r"[\w$]+", plain)
        if name and name[0] in self.imported:
            return self.imported[name[0]]
        return plain if re.fullmatch(r"[\d.]+|true|false", plain) else ""

    def _is_ours(self, tag: Tag) -> bool:
        """Is it one that is replaced?"""
        if tag.family == "jsx":
            return (
                self.is_mdx or tag.is_void or tag.is_alone or tag.name in _KNOWN or (bool(tag.words) and not tag.is_end)
            )
        if tag.name in _RAW or tag.name in _FRAMES or tag.name in _MEDIA or tag.name in ("source", "picture", "track"):
            return True
        return tag.name in _BLOCKS | {"noscript", "math"} or (self.is_mdx and tag.name in _TEXTS) or _is_foreign(tag)

    # --- writing ---

    def _render(self, tag: Tag, content: str | None, before: str) -> str:
        if tag.is_end:
            return (
                ""
                if tag.family == "jsx" or tag.name in _FRAMES | _MEDIA | {"picture", "noscript", "math"}
                else tag.source
            )
        if tag.family == "jsx":
            if not self.is_mdx and content is None and not tag.is_void and not tag.named:
                # Words in angle brackets.
                return tag.source if tag.name else "<>"
            return self._component(tag, content, before)
        if tag.name == "script":
            return self._script(tag, before)
        if tag.name == "style":
            self.found.changed[_("a style sheet in the text: left out")] += 1
            return ""
        if tag.name in ("source", "track", "picture"):
            # Lines that are empty now would end the HTML around it, and what is indented after them would be code.
            return (content or "").strip()
        if tag.name == "noscript":
            return _shown_without_scripts(content or "", before)
        if tag.name == "math":
            return made.formula(tag.source, content or "", self.hidden, self.found)
        if tag.name in _FRAMES or tag.name in _MEDIA:
            return self._frame(tag, content, before)
        return self._plain(tag, content)

    def _plain(self, tag: Tag, content: str | None) -> str:
        """An element of HTML without what is of JSX and of Markdown in HTML."""
        if content and self.is_mdx and tag.name in _TEXTS and "\n\n" not in content:
            content = self._with_markup(content)
        if not _is_foreign(tag):
            return tag.source if content is None else f"{tag.source}{content}</{tag.source[1 : 1 + len(tag.name)]}>"
        named, braced = dict(tag.named), {word.lower() for word in tag.words}
        is_markdown = named.pop("markdown", None) in ("1", "block", "span", "")
        if tag.name == "a" and "name" in named:
            named.setdefault("id", named.pop("name"))
        named = {{"classname": "class", "htmlfor": "for"}.get(key, key): value for key, value in named.items()}
        inside = "".join(
            f' {key}="{value.replace(chr(34), "&quot;")}"' if value else f" {key}"
            for key, value in named.items()
            if value or key not in braced
        )
        start = f"<{tag.name}{inside}{' /' if tag.is_void else ''}>"
        if content is None:
            return start
        if is_markdown and tag.name not in ("span", "a", "summary", "p"):
            # A summary is a line of HTML, to which the next line would belong.
            content = content.replace("</summary>", f"</summary>{BREAK}", 1)
            return f"{start}{BREAK}{dedented(content.strip(chr(10)))}{BREAK}</{tag.name}>"
        return f"{start}{content}</{tag.name}>"

    def _with_markup(self, content: str) -> str:
        """The text of a block of HTML, in which MDX reads Markdown, as HTML."""
        parts = _TAG.split(content)
        for place in range(0, len(parts), 2):
            if _MARKUP.search(parts[place]):
                text = self.hidden.restore(parts[place])
                before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
                parts[place] = before + self.hidden.hide(markdown.render_line(text)) + after
        return "".join(parts)

    def _script(self, tag: Tag, before: str) -> str:
        address = tag.get("src")
        if re.search(r"//gist\.github\.com/|//asciinema\.org/a/", address):
            return self._embed(re.sub(r"\.js(?=$|\?)", "", address), before)
        if not _WIDGETS.search(address):
            told = _("a script in the text: left out, %(address)s") if address else _("a script in the text: left out")
            self.found.lost[told % {"address": address[:120]}] += 1
        return ""

    def _frame(self, tag: Tag, content: str | None, before: str) -> str:
        address = tag.get(*_ADDRESS)
        if not address:
            self.found.lost[_("an element <%(name)s> without an address: left out") % {"name": tag.name}] += 1
            return content or ""
        self.found.changed[_("<%(name)s>: a link in its place") % {"name": tag.name}] += 1
        return self._embed(made.page_of(address), before)

    def _embed(self, address: str, before: str) -> str:
        if address.startswith("//"):
            address = f"https:{address}"
        if not in_line(before) and len(before) - len(before.lstrip(" ")) < 4 or _ONLY_TAGS.fullmatch(before):
            return made.embed(address) if ":" in address else block(made.link(_file_name(address), address))
        words = address if ":" in address else _file_name(address)
        return f'<a href="{address}">{words}</a>'

    def _component(self, tag: Tag, content: str | None, before: str) -> str:
        """A component of MDX, as the shortcode that is called the same."""
        if not tag.name:
            return content or ""
        name = tag.name.rsplit(".", 1)[-1]
        tag.words = []
        if content is None and set(tag.named) == {"id"}:
            return f'<a id="{tag.get("id")}"></a>'
        if name in _PICTURES and tag.get("src", "source", "light", "sources", "url"):
            source = tag.get("src", "source", "light", "sources", "url")
            caption = tag.get("caption", "title") or " ".join((content or "").split())
            return made.picture(source, tag.get("alt"), caption, tag.get("href"), before)
        if name in _LINKS and (address := tag.get("to", "href", "url")):
            title = tag.get("title", "text", "label")
            if content and ("](" in content or "\n" in content.strip()):
                return block(f"{made.link(title or address, address)}\n\n{dedented(content).strip(chr(10))}")
            words = " – ".join(filter(None, (title, " ".join((content or "").split()))))
            return made.link(words or address, address)
        if name in _CODE and content is not None:
            code = self.hidden.restore(content).strip().strip("{}").strip().strip("`").strip("\n")
            language = tag.get("language", "lang") or re.sub(r".*language-", "", tag.get("classname"))
            title = f' title="{tag.get("title")}"' if tag.get("title") else ""
            return block("\n".join(map(self.hidden.hide, f"```{language}{title}\n{code}\n```".split("\n"))))
        if name in ("br", "hr"):
            return f"<{name}>"
        if name == "tabitem":
            tag.named["label"] = tag.get("label", "title", "value")
        tag.name = name
        if content is not None:
            content = dedented(content)
        return self.shortcodes.render(tag, content, before)

    # --- JavaScript ---

    def _without_scripts(self, text: str) -> str:
        """Without the lines that import and export."""
        lines, out, place = text.split("\n"), [], 0
        while place < len(lines):
            if not _MODULE.match(lines[place]):
                out.append(lines[place])
                place += 1
                continue
            self.found.changed[_("lines of JavaScript (import, export): left out")] += 1
            end = _end_of_script(lines, place)
            for line in lines[place:end]:
                if file := _IMPORTED.match(line):
                    self.imported[file[1]] = file[2]
            place = end
        return "\n".join(out)

    def _expressions(self, text: str) -> str:
        text = _COMMENT.sub("", text)

        def value(found: re.Match) -> str:
            inner = found[1].strip()
            plain = self.hidden.restore(inner)
            if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'`":
                text = plain[1:-1].replace("\\n", "\n").replace("\\t", " ")
                return "\n".join(self.hidden.hide(line) for line in text.split("\n")) if text.strip() else " "
            key = f"page.{plain.rsplit('.', 1)[-1]}"
            if value := self.shortcodes.values.variables.get(key):
                return str(value)
            source = self.hidden.restore(found[0])[:120]
            self.found.lost[_("an expression of JavaScript: left out, %(source)s") % {"source": source}] += 1
            return ""

        return _EXPRESSION.sub(value, text)


_MODULE = re.compile(r"(?:import\s+(?:[\w*{\"']|type\b)|export\s+(?:default|const|let|var|function|async|class|\{|\*))")
_IMPORTED = re.compile(r"import\s+(?:\*\s+as\s+)?(\w+)\s+from\s+[\"']([^\"']+)[\"']")
# An import is all of its line.
_ENDS = re.compile(r"^(?:import\b.*|\}\s*from\s*)[\"'][^\"']+[\"'];?\s*$")
_COMMENT = re.compile(r"\{[ \t]*/\*(?:(?!\*/|\{[ \t]*/\*).){0,5000}\*/[ \t]*\}", re.DOTALL)
_EXPRESSION = re.compile(r"(?<![\\${#])\{(?![#.:%{])(\s*(?:'[^'\n]*'|\"[^\"\n]*\")\s*|[^{}\n]{0,300})\}")
# A line by which a text is taken for MDX.
IS_MDX = re.compile(
    r"^(?:import[ ]{1,4}(?:[\w*{][^\n;'\"]{0,300}[ ]from[ ]{1,4})?[\"'][^\"'\n]{1,300}[\"'];?[ \t]*$"
    r"|export[ ]+(?:const|default|function)[ ])"
    r"|<[A-Za-z][^<>\n]{0,200}\s\w+=\{|\{/\*",
    re.MULTILINE,
)
_KNOWN = (
    frozenset(made.PLACES)
    | frozenset(made.KINDS)
    | made.FOLDED
    | frozenset({"tabs", "tabitem", "admonition", "callout", "image", "codeblock", "staticimage", "steps", "link"})
) - {"x", "embed", "hint", "check", "done", "good", "red", "gray", "blue", "idea", "error", "default", "message"}


def _end_of_script(lines: list[str], start: int) -> int:
    """The place after the lines of JavaScript from `start`: they reach to a blank line, behind what they open."""
    depth, blank = 0, 0
    for place in range(start, min(len(lines), start + LONGEST_SCRIPT)):
        line = lines[place]
        depth += sum(map(line.count, "{[(")) - sum(map(line.count, ")]}"))
        if _ENDS.search(line):
            return place + 1
        if not line.strip():
            blank = blank or place
            if depth <= 0:
                return place
    return blank or (len(lines) if depth <= 0 and len(lines) < start + LONGEST_SCRIPT else start + 1)


def _shown_without_scripts(content: str, before: str) -> str:
    """What is shown without scripts, which are not kept; a picture there may repeat one that a script loads."""
    if "<img" in content and _LAZY.search(before):
        return ""
    name = "div" if "\n" in content or _BLOCK.search(content) else "span"
    return f"<{name}>{content}</{name}>" if content.strip() else ""


def _is_foreign(tag: Tag) -> bool:
    """Has an element of HTML what only JSX or Markdown in HTML reads?"""
    is_name = tag.name == "a" and "name" in tag.named
    return not tag.is_end and bool(tag.words or is_name or {"classname", "htmlfor", "markdown"} & set(tag.named))


def _is_alone(text: str, tag: Tag) -> bool:
    """Is the tag all of its line?"""
    before, after = text[max(0, tag.start - 200) : tag.start], text[tag.end : tag.end + 200]
    return not before.rsplit("\n", 1)[-1].strip() and not after.split("\n", 1)[0].strip()


def _file_name(address: str) -> str:
    return unquote(re.split(r"[?#]", address)[0].rstrip("/").rsplit("/", 1)[-1]) or address
