"""HTML from other systems as plain text, as a reader could have typed it."""

import re
import unicodedata
from html import unescape
from html.parser import HTMLParser

from django.core.exceptions import ValidationError
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from publishing.text import languages
from publishing.text.moments import number

from ..forms import NameField
from ..models import IMPORTED_LENGTH, NAME_LENGTH

# With its markup. What is longer is too long in any case.
HTML_LENGTH = 5 * IMPORTED_LENGTH

_BLOCKS = (
    "address article aside blockquote dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p "
    "section table td th tr ul"
)
# What replaces a start or end tag.
_MARKS = dict.fromkeys(_BLOCKS.split(), "\n\n")
_SILENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head"}
# Controls, including those of direction.
_NOT_SAID = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffd\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
# References that a system escaped once more. Those of XML may be what the writer wanted to show.
_ESCAPED_TWICE = re.compile(
    r"&(?:#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6}|nbsp|quot|apos|hellip|[lr][sd]quo|[nm]dash|[a-z]{2,5}(?:acute|grave|circ|uml));",
    re.IGNORECASE,
)  # fmt: skip
# Lines of code begin with a private character until lines are stripped.
_CODE, _INDENT = "\ue000", "    "
_ADDRESS = re.compile(r"([^@\s]+)@[^@\s]+\.[^@\s]+")
_NETWORK_ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}")


class _Text(HTMLParser):
    """Collects what a browser shows: links with their address, blocks as paragraphs, code as it is indented."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts, self.links, self.silent, self.code = [], [], [], []

    def handle_starttag(self, tag, attrs):
        if tag in _SILENT:
            self.silent.append(tag)
        elif tag == "a":
            self.links.append((len(self.parts), (dict(attrs).get("href") or "").strip()))
        elif tag in ("pre", "code"):
            self.code.append((tag, len(self.parts)))
        elif tag == "img":
            self.parts.append("" if self.silent else _picture(dict(attrs)))
        else:
            is_in_block = any(name == "pre" for name, _ in self.code)
            self.parts.append("\n" if tag == "br" else "" if is_in_block else _MARKS.get(tag, ""))

    def handle_startendtag(self, tag, attrs):
        # <script/> is closed, as in XML, so that what follows is not lost.
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag in self.silent:
            del self.silent[self.silent.index(tag) :]
        elif tag == "a" and self.links:
            start, address = self.links.pop()
            text = "".join(self.parts[start:]).strip()
            if address.lower().startswith(("http://", "https://")) and address.rstrip("/") != text.rstrip("/"):
                self.parts.append(f" ({address})")
        elif any(name == tag for name, _ in self.code):
            self._end_code(tag)
        elif tag not in ("pre", "code"):
            self.parts.append("" if any(name == "pre" for name, _ in self.code) else _MARKS.get(tag, ""))

    def _end_code(self, tag):
        """Make a block of several lines or of <pre>, else a piece of code in its sentence; <pre><code> is one block."""
        while self.code:
            name, start = self.code.pop()
            if name == tag:
                break
        if any(name == "pre" for name, _ in self.code):
            return
        text = "".join(self.parts[start:])
        if tag == "pre" or "\n" in text.strip("\n"):
            lines = text.strip("\n").rstrip().split("\n")
            self.parts[start:] = ["\n\n", *(f"{_CODE}{line.rstrip()}\n" for line in lines), "\n"]
        else:
            self.parts[start:] = [f"`{text}`" if text.strip() else text]

    def handle_data(self, data):
        if not self.silent:
            data = data.replace(_CODE, "")
            self.parts.append(data if self.code else _ESCAPED_TWICE.sub(_unescaped, data))

    def close(self):
        super().close()
        while self.code:
            self._end_code(self.code[-1][0])


def _picture(attributes) -> str:
    """Its words and its address, as of a link; of a smiley its sign alone."""
    alt, address = (attributes.get("alt") or "").strip(), (attributes.get("src") or "").strip()
    is_sign = any(sign in (attributes.get("class") or "").lower() for sign in ("smiley", "emoji"))
    if is_sign or not address.lower().startswith(("http://", "https://")):
        return alt
    return f"{alt} ({address})" if alt else address


def _unescaped(match) -> str:
    character = unescape(match[0])
    # No markup is made, and nothing that is not there.
    return character if character not in "<>&" and character.isprintable() or character == "\xa0" else match[0]


def too_long(length: int) -> str:
    words = _("its text is %(length)s characters long; %(limit)s is the most")
    return words % {"length": number(length), "limit": number(IMPORTED_LENGTH)}


def plain_text(html: str, *, is_typed: bool = False) -> str:
    """The text of HTML, however broken, with at most one empty line at a time.

    Blocks of code are indented by four spaces and keep their lines and their own indentation; if `is_typed`, as in
    WordPress, so do lines that their writer indented. Raises ValueError if it is too long.
    """
    if len(html) > HTML_LENGTH:
        raise ValueError(too_long(len(html)))
    parser = _Text()
    parser.feed(normalize_newlines(html))
    parser.close()
    text = _NOT_SAID.sub("", "".join(parser.parts))
    is_kept = (_CODE, _INDENT, "\t") if is_typed else _CODE
    text = "\n".join(line.rstrip() if line.startswith(is_kept) else line.strip() for line in text.split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", text).strip("\n").rstrip()
    return re.sub(r"(?m)[ \t]+$", "", text.replace(_CODE, _INDENT))


def plain_name(name: str) -> str:
    """A valid name: without entities, invalid characters and addresses, cut to the limit, "Anonymous" if nothing is
    left."""
    name = normalize_newlines(unicodedata.normalize("NFC", _without_entities(name[:1000])))
    kept = "".join(" " if c.isspace() else c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    kept = " ".join(kept.split())
    if address := _ADDRESS.fullmatch(kept):
        kept = address[1]
    if _NETWORK_ADDRESS.fullmatch(kept):
        return _anonymous()
    try:
        return NameField().clean(kept[:NAME_LENGTH].strip())
    except ValidationError:
        return _anonymous()


def _anonymous():
    with languages.of_the_site():
        # Translators: for readers. Stored as the name of a comment that came without one.
        return _("Anonymous")


def _without_entities(name: str) -> str:
    """Undone up to three times: some systems store names escaped, and escape them again in an export."""
    for _unused in range(3):
        name, before = unescape(name), name
        if name == before:
            break
    return name
