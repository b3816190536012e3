"""Rules within lines: attributes, marks, keys, emoji, mathematics, links between pages of a wiki."""

import re
from collections.abc import Callable

import emoji
from django.utils.translation import gettext

from . import made
from .hidden import END, START, Found, Hidden

# What no rule of this module may change: targets of links, addresses, tags, definitions of references.
_FIXED = re.compile(
    r"\]\([^()\n]{0,1000}(?:\([^()\n]{0,200}\)[^()\n]{0,200}){0,3}\)|<(?:https?:|mailto:|/?[A-Za-z])[^<>]{0,2000}>"
    r"|https?://[^\s<>()\"']+|www\.[^\s<>()\"']+|^ {0,3}\[[^\]\n]{1,200}\]:[^\n]*",
    re.MULTILINE,
)
_VALUE = r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s{}\"']+)"
_ATTRIBUTE = rf"(?:[.#][\w:./-]+|[\w:-]+={_VALUE})"
_ATTRIBUTES = re.compile(
    rf"(?<=[)\]\w*_~>{END}])[ ]?(\{{:?[ \t]*(?:{_ATTRIBUTE}|:[a-z]\w*)(?:[ \t]+(?:{_ATTRIBUTE}|[\w-]+))*[ \t]*\}})"
)
_SPAN = re.compile(rf"(?<![!\\\]])\[([^\[\]\n]{{1,500}})\](?=\{{[ \t]*{_ATTRIBUTE})")
_LABEL = re.compile(r"^ {0,3}\[([^\]\n]{1,200})\]:", re.MULTILINE)
_KRAMDOWN = re.compile(
    r"[ \t]?\{:(?!:)[ \t]*[^{}\n|]{0,300}\}|\{::?/?(?:comment|options|nomarkdown|)\b[^{}\n]{0,300}/?\}|\{:/\}"
)
_KEYS = re.compile(
    r"(?<![\w+])\+\+([a-z0-9-]{1,20}|\"[^\"\n]{1,20}\")((?:\+(?:[a-z0-9-]{1,20}|\"[^\"\n]{1,20}\"))*)\+\+(?![\w+])"
)
_EMOJI = re.compile(r"(?<![\w:]):([a-z0-9_+-]{1,60}):(?![\w:])")
_ICON = re.compile(r"(?<![\w:]):(?:material|octicons|fontawesome|simple|twemoji)-[a-z0-9-]+:(?:\{[^{}\n]*\})?[ ]?")
_WIKI = re.compile(r"(!?)\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg|bmp)\Z", re.IGNORECASE)
# Of two words or in a folder.
_PAGE = re.compile(r"[^\W\d_][\w.,'’&()-]*(?:[ /][\w.,'’&()-]+)+")
_LIGHT = re.compile(r"(!\[[^\]\n]{0,300}\]\([^()\s]{1,500})#(?:gh-light-mode-only|only-light)(?=[\s)])")
_DARK = re.compile(
    r"!\[[^\]\n]{0,300}\]\([^()\s]{1,500}#(?:gh-dark-mode-only|only-dark)(?:[ \t]+\"[^\"\n]*\")?\)(?:\{[^{}\n]*\})?"
)
_MATHS = re.compile(
    r"(?<![\\$])\$\$(?P<shown>(?:(?!\$\$|\n[ \t>]*\n).){1,5000})\$\$"
    r"|(?<![\\$\w])\$(?P<inline>[^\s$`](?:[^$`\n]{0,500}[^\s$`\\])?)\$(?![\d$\w])"
    r"|(?P<sign>\\\\[(\[])(?P<escaped>(?:(?!\\\\[()\[\]]|\n[ \t>]*\n).){1,5000})\\\\[)\]]",
    re.DOTALL,
)
_NEEDS = re.compile(r"[_^*\\{}<~\[]")
# Where a line of shown mathematics may begin and end.
_ALONE = re.compile(r"[ \t>]*")


def hide_maths(text: str, hidden: Hidden, found: Found) -> str:
    """Mathematics in dollars, hidden: nothing in it is emphasis."""
    if "$" not in text and "\\\\" not in text:
        return text

    def hide(formula: re.Match) -> str:
        inner = formula["inline"]
        if inner is not None:
            if not _NEEDS.search(inner) or START in inner:
                return formula[0]
            found.changed[gettext("mathematics, kept as written")] += 1
            return hidden.hide(formula[0])
        found.changed[gettext("mathematics, kept as written")] += 1
        content = formula["shown"] if formula["shown"] is not None else _unescaped(formula["escaped"])
        before = text[max(0, formula.start() - 200) : formula.start()].rsplit("\n", 1)[-1]
        after = text[formula.end() : formula.end() + 200].split("\n", 1)[0]
        if _ALONE.fullmatch(before) and not after.strip() and formula["sign"] != "\\\\(":
            lines = [line.removeprefix(before) for line in hidden.restore(content).strip("\n").split("\n")]
            lines = lines if lines[-1].strip(" \t>") else lines[:-1]
            shown = ["$$", *(line.strip() if len(lines) == 1 else line for line in lines), "$$"]
            return f"\n{before}".join(map(hidden.hide, shown))
        sign = "$" if formula["sign"] == "\\\\(" else "$$"
        return hidden.hide(f"{sign}{' '.join(content.split())}{sign}")

    return _MATHS.sub(hide, text)


def _unescaped(text: str) -> str:
    """As Markdown hands it on to what shows mathematics."""
    return re.sub(r"\\([\\_*()\[\]{}#!])", r"\1", text)


class Inline:
    """`is_page` tells whether there is a page or a file of this name, to which `[[name]]` leads."""

    def __init__(self, hidden: Hidden, found: Found, is_page: Callable[[str], bool] | None = None):
        self.hidden, self.found, self.is_page = hidden, found, is_page

    def replace(self, text: str, abbreviations: dict[str, str]) -> str:
        if "dark" in text:
            text = self._in_light(text)
        if "[[" in text:
            text = _WIKI.sub(self._wiki, text)
        if "]{" in text:
            text = self._without_spans(text)
        text = _FIXED.sub(lambda fixed: self._fixed(fixed[0]), text)
        if "{" in text:
            text = _ATTRIBUTES.sub("", _KRAMDOWN.sub("", text))
        if "++" in text:
            text = _KEYS.sub(_keys, text)
        if ":" in text:
            text = _EMOJI.sub(_emoji, _ICON.sub(self._icon, text))
        return self._abbreviated(text, abbreviations) if abbreviations else text

    def _in_light(self, text: str) -> str:
        """Without the pictures for dark pages, of which there are others for light ones."""
        light, dark = (len(pattern.findall(text)) for pattern in (_LIGHT, _DARK))
        if light and dark:
            self.found.changed[gettext("a picture for dark pages: left out, that for light ones is kept")] += dark
            text = _DARK.sub("", text)
        return _LIGHT.sub(r"\1", text)

    def _without_spans(self, text: str) -> str:
        """`[text]{.class}` is only its text, unless it is a link."""
        labels = {label.lower() for label in _LABEL.findall(text)}
        return _SPAN.sub(lambda span: span[0] if span[1].lower() in labels else span[1], text)

    def _fixed(self, text: str) -> str:
        # The bracket stays, for what follows a link.
        return f"]{self.hidden.hide(text[1:])}" if text.startswith("](") else self.hidden.hide(text)

    def _wiki(self, link: re.Match) -> str:
        shows, target, words = link.groups()
        name, _, fragment = target.partition("#")
        name = name.strip()
        if shows and _PICTURE.search(name):
            return made.picture(name, "" if (words or "").strip().isdigit() else words or "", before="x")
        if self.is_page and self.is_page(name):
            return made.link(words or target, name + (f"#{fragment}" if fragment else ""))
        if not words and not _PAGE.fullmatch(name):
            # Such as the slots of JavaScript, `[[Get]]`.
            return link[0]
        self.found.lost[
            gettext("a link to a page that is not in the source: its words are kept, %(link)s") % {"link": link[0]}
        ] += 1
        return words or target

    def _icon(self, icon: re.Match) -> str:
        self.found.changed[gettext("a sign that only decorates: left out")] += 1
        return ""

    def _abbreviated(self, text: str, abbreviations: dict[str, str]) -> str:
        words = sorted(abbreviations, key=len, reverse=True)[:200]
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")

        def abbreviated(word: re.Match) -> str:
            title = abbreviations[word[0]].replace('"', "&quot;")
            return self.hidden.hide(f'<abbr title="{title}">{word[0]}</abbr>')

        return pattern.sub(abbreviated, text)


_KEY_NAMES = {"ctrl": "Ctrl", "cmd": "Cmd", "del": "Del", "esc": "Esc", "alt": "Alt"}


def _keys(keys: re.Match) -> str:
    names = [keys[1], *keys[2].split("+")[1:]]
    shown = (name.strip('"') if name.startswith('"') else name.replace("-", " ").capitalize() for name in names)
    return "+".join(f"<kbd>{name}</kbd>" for name in shown)


def _emoji(code: re.Match) -> str:
    sign = emoji.emojize(code[0], language="alias")
    return sign if sign != code[0] else code[0]
