"""HTML from other systems as plain text, as a reader could have typed it."""

import re
import unicodedata
from html.parser import HTMLParser

from django.core.exceptions import ValidationError
from django.utils.text import normalize_newlines

from ..forms import NameField
from ..models import BODY_LENGTH, NAME_LENGTH

ANONYMOUS = "Anonymous"
# With its markup. What is longer is too long in any case.
HTML_LENGTH = 5 * BODY_LENGTH

_BLOCKS = (
    "address article aside blockquote dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p "
    "pre section table td th tr ul"
)
# What replaces a start or end tag.
_MARKS = dict.fromkeys(_BLOCKS.split(), "\n\n") | {"code": "`"}
_SILENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head"}
# Controls, including those of direction.
_NOT_SAID = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffd\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


class _Text(HTMLParser):
    """Collects what a browser shows: links with their address, blocks as paragraphs."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts, self.links, self.silent = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag in _SILENT:
            self.silent.append(tag)
        elif tag == "a":
            self.links.append((len(self.parts), (dict(attrs).get("href") or "").strip()))
        else:
            self.parts.append("\n" if tag == "br" else _MARKS.get(tag, ""))

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
        else:
            self.parts.append(_MARKS.get(tag, ""))

    def handle_data(self, data):
        if not self.silent:
            self.parts.append(data)


def plain_text(html: str) -> str:
    """The text of HTML, however broken, with at most one empty line at a time. Raises ValueError if it is too long."""
    if len(html) > HTML_LENGTH:
        raise ValueError(f"its text is {len(html):,} characters long; {BODY_LENGTH:,} is the most")
    parser = _Text()
    parser.feed(normalize_newlines(html))
    parser.close()
    text = _NOT_SAID.sub("", "".join(parser.parts))
    text = "\n".join(line.strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def plain_name(name: str) -> str:
    """A valid name: without invalid characters, cut to the limit, "Anonymous" if nothing is left."""
    name = normalize_newlines(unicodedata.normalize("NFC", name[:1000]))
    kept = "".join(" " if c.isspace() else c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    kept = " ".join(kept.split())[:NAME_LENGTH].strip()
    try:
        return NameField().clean(kept)
    except ValidationError:
        return ANONYMOUS
