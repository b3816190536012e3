"""What is found in a rendered text without a database, in one pass over the tokens of the renderer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape

from django.utils.translation import gettext as _
from markdown_it.token import Token

from publishing.text.blocks.cards import Address
from publishing.text.heading_ids import PAGE_IDS
from publishing.text.markdown import RenderedArticle
from publishing.text.markdown_limits import bare_text
from publishing.text.recordings import is_named_so

from . import python_code
from .findings import Finding
from .left_out import left_out

TITLE_SHOWN, SUMMARY_SHOWN = 60, 160
# More are not looked up: a query has a limited number of parameters.
MOST_LINKS = 500

PLACEHOLDER = re.compile(r"\b(?:(?:TK)+|TODO)\b")
_FILE_NAME = re.compile(
    r"[\w .()-]+\.(?:jpe?g|png|gif|webp|avif|svg|heic|tiff?|bmp)|(?:IMG|DSCN?|PXL|Screen ?shot)[-_ ]?\d[\w .-]*",
    re.IGNORECASE,
)
# A line of text that looks like the beginning or end of a container.
_LIKE_A_CONTAINER = re.compile(r"^:{3,}.{0,40}", re.MULTILINE)
# Of HTML that an editor typed, as far as checks need it. Bounded, so that a hostile text takes linear time.
_TAG = re.compile(r"<(\w{1,20})\b([^<>]{1,2000})>")
_ATTRIBUTE = re.compile(r"""\b(src|alt|href|id)\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """An address in a text, with its line. `is_picture` if it is the address of a picture."""

    address: str
    line: int | None
    is_picture: bool = False


@dataclass
class Text:
    """What is in a text: findings, links, addresses for cards, and the anchors that links may lead to."""

    findings: list[Finding] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    addresses: list[Address] = field(default_factory=list)

    def add(self, *args, **kwargs) -> None:
        self.findings.append(Finding(*args, **kwargs))


def check_text(rendered: RenderedArticle, is_decorative) -> Text:
    """What is in the body. `is_decorative(address)` says whether a picture needs no alternative text.

    2 ms for 2,000 words, in linear time.
    """
    anchors = {*PAGE_IDS, *(heading["id"] for heading in rendered.contents)}
    text = Text(anchors=anchors, addresses=rendered.addresses)
    _check_levels(rendered.tokens, text)
    for line, token in _lines(rendered.tokens):
        text.findings += left_out(token, line)
        if token.type == "fence":
            _check_fence(token, line, text)
        elif token.type == "link_open":
            text.links.append(Link(str(token.attrGet("href") or ""), line))
        elif token.type == "image":
            alt = "".join(child.content for child in token.children or ())
            _check_picture(str(token.attrGet("src") or ""), alt, line, text, is_decorative)
        elif token.type in ("html_block", "html_inline"):
            _check_html(token, line, text, is_decorative)
        elif token.type == "text":
            _check_placeholder(token.content, line, text)
        else:
            _check_container(token, line, text)
    _check_python(rendered.tokens, text)
    if not any(not link.is_picture and not link.address.startswith("#") for link in text.links):
        text.add("no-link", _("The text links to no other page. Link to a source or to something to read next."))
    text.links = text.links[:MOST_LINKS]
    return text


def _lines(tokens: Iterable[Token]) -> Iterator[tuple[int | None, Token]]:
    """All tokens, those inside a paragraph too, each with its line."""
    line = None
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        yield line, token
        here = line
        for child in token.children or ():
            yield here, child
            if here and child.type in ("softbreak", "hardbreak"):
                here += 1


def _check_levels(tokens: list[Token], text: Text) -> None:
    before = 1
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            level, title = int(token.tag[1]), tokens[place + 1].content
            if level > before + 1:
                message = _("“%(heading)s” skips a level of headings: take away %(count)s of its signs (#).")
                message %= {"heading": _short(title), "count": level - before - 1}
                text.add("skipped-level", message, line=token.map and token.map[0] + 1, about=title)
            before = level


def _check_container(token: Token, line: int | None, text: Text) -> None:
    if not token.meta.get("is_closed", True):
        message = _("%(begin)s is not closed. Put %(end)s on a line after its text.")
        message %= {"begin": f"{token.markup}{token.info.strip()}", "end": token.markup}
        text.add("open-container", message, line=line, about=token.info)
    elif token.type == "inline" and (found := _LIKE_A_CONTAINER.search(token.content)):
        at = line and line + token.content.count("\n", 0, found.start())
        message = _("“%(line)s” opens or closes nothing. A container in another one needs fewer colons than that one.")
        message %= {"line": found[0]}
        text.add("open-container", message, line=at, about=found[0])


def _check_fence(token: Token, line: int | None, text: Text) -> None:
    if not token.info.strip():
        message = _("Say the language of this code after ```, or “text”.")
        text.add("no-language", message, line=line, about=token.content[:200])


def _check_python(tokens: list[Token], text: Text) -> None:
    left = python_code.MOST_CODE_OF_A_TEXT
    for token in tokens:
        if token.type != "fence" or python_code.LANGUAGES.isdisjoint(token.info.lower().split()[:1]):
            continue
        left -= len(token.content)
        if left < 0:
            return
        if found := python_code.problem(token.content):
            line, message = found
            # The code begins on the line after the fence.
            line += token.map[0] + 1 if token.map else 0
            message = _("This Python does not parse: %(reason)s.") % {"reason": message}
            text.add("python-syntax", message, line=line, about=token.content[:200])


def _check_picture(source: str, alt: str, line: int | None, text: Text, is_decorative) -> None:
    text.links.append(Link(source, line, is_picture=True))
    if is_named_so(source):
        # The player has the title of its file.
        return
    if not alt.strip():
        if not is_decorative(source):
            message = _("Say what this picture shows between the brackets, or mark it as decorative in the library.")
            text.add("no-alt", message, line=line, about=source)
    elif _FILE_NAME.fullmatch(alt.strip()):
        message = _("“%(name)s” is the name of a file. Say what the picture shows.") % {"name": _short(alt)}
        text.add("file-name-alt", message, line=line, about=alt)


def _check_html(token: Token, line: int | None, text: Text, is_decorative) -> None:
    """The pictures, links and anchors of HTML, and what readers see of it."""
    at = 0
    for tag in _TAG.finditer(token.content):
        line, at = line and line + token.content.count("\n", at, tag.start()), tag.start()
        attributes = {}
        for name, *values in _ATTRIBUTE.findall(tag[2]):
            attributes.setdefault(name.lower(), unescape("".join(values)))
        if "id" in attributes:
            text.anchors.add(attributes["id"])
        if tag[1].lower() == "img":
            _check_picture(attributes.get("src", ""), attributes.get("alt", ""), line, text, is_decorative)
        elif tag[1].lower() == "a" and "href" in attributes:
            text.links.append(Link(attributes["href"], line))
    if token.type == "html_block" and PLACEHOLDER.search(token.content):
        _check_placeholder(bare_text(token.content), token.map and token.map[0] + 1, text)


def _check_placeholder(content: str, line: int | None, text: Text) -> None:
    if found := PLACEHOLDER.search(content):
        message = _("Write what %(mark)s stands for, or take it out.") % {"mark": found[0]}
        text.add("placeholder", message, line=line, about=content.strip()[:200])


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def check_fields(fields: dict, *, is_new: bool) -> Iterator[Finding]:
    """What is found in the other fields of a version. A new article gets the byline of who begins it."""
    title, summary = fields["title"], fields["summary"]
    if not summary.strip():
        yield Finding("no-summary", _("Write a summary of one or two sentences."), "summary")
    if not fields["category"]:
        yield Finding("no-category", _("Choose a category."), "category")
    if not fields["authors"] and not is_new:
        yield Finding("no-byline", _("Choose at least one author."), "byline")
    for name in ("title", "summary"):
        if found := PLACEHOLDER.search(fields[name]):
            message = _("Write what %(mark)s stands for.") % {"mark": found[0]}
            yield Finding("placeholder", message, name, about=fields[name])
    if len(fields["seo_title"] or title) > TITLE_SHOWN:
        message = _("Search engines cut titles after about %(count)s characters. Shorten it, or give them another.")
        message %= {"count": TITLE_SHOWN}
        yield Finding("long-title", message, "title")
    if len(fields["seo_description"] or summary) > SUMMARY_SHOWN:
        message = _("Search engines cut summaries after about %(count)s characters. Say the most important first.")
        message %= {"count": SUMMARY_SHOWN}
        yield Finding("long-summary", message, "summary")
