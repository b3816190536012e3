"""The text of a post, in the form of any version of Ghost, as Markdown."""

import re
from html import unescape

from django.utils.translation import gettext as _

from publishing.transfer.notes import Kind, Refused

from ...html import to_markdown as markdown_of
from ...html.tree import Node
from ...records import Post
from . import lexical, mobiledoc

# Of Ghost's own address, in every address of the site.
GHOST_URL = "__GHOST_URL__"
_SIZE = re.compile(r"(/content/images/)size/w\d+(?:h\d+)?/(?:format/\w+/)?")
_TAG = re.compile(r"<[^>]{0,2000}>")
_FORMS = {"lexical": lexical.to_html, "mobiledoc": mobiledoc.to_html}
_PAYWALL = re.compile(r"<!--\s*members-only\s*-->|\"type\":\s*\"paywall\"|\[\s*\"paywall\"")


def form_of(row: dict) -> tuple[str, str]:
    """In which form a post has a text, and the text."""
    for form in ("html", "lexical", "mobiledoc", "markdown", "plaintext"):
        text = row.get(form)
        if isinstance(text, dict):
            text = str(text)
        if isinstance(text, str) and text.strip():
            return form, text
    return "html", ""


def has_paywall(row: dict) -> bool:
    return any(isinstance(row.get(form), str) and _PAYWALL.search(row[form]) for form in ("html", *_FORMS))


def plain(html: object) -> str:
    """The words of a little HTML."""
    return " ".join(unescape(_TAG.sub(" ", html)).split()) if isinstance(html, str) else ""


def local(address: object) -> str:
    """An address of the site from its root, and of a picture in its whole size."""
    return _SIZE.sub(r"\1", address.replace(GHOST_URL, "")) if isinstance(address, str) else ""


def to_markdown(post: Post, form: str) -> str:
    if form == "markdown":
        return post.text.replace(GHOST_URL, "")
    html = post.text
    if form == "plaintext":
        raise Refused(_("it has a plain text only"))
    if form in _FORMS:
        html = _FORMS[form](html, post.notes)
    if "kg-email" in html:
        post.notes.lose(Kind.SYNTAX, _("a card for e-mails only was left out"))
    return markdown_of(html, post.notes, _prepare)


def _prepare(root: Node) -> None:
    """Cards as elements that are known everywhere."""
    for node in root.walk():
        for name in ("src", "href", "poster", "data"):
            if node.get(name):
                node.attributes[name] = local(node.get(name)) or "/"
        if node.name == "a" and "#/portal" in node.get("href"):
            # It opens a window of Ghost's, to subscribe.
            del node.attributes["href"]
        if node.name == "img":
            _one_size(node)
        for card, change in _CHANGES.items():
            if node.has_class(card):
                change(node)


def _one_size(node: Node) -> None:
    """Ghost makes smaller copies of its own pictures, which are not in an export."""
    if "/content/images/" in node.get("src"):
        node.attributes.pop("srcset", "")


def _bookmark(node: Node) -> None:
    link = node.first("a")
    if link is None:
        return
    address = link.get("href")
    caption = node.first("figcaption")
    title, description, *others = [
        _text(node.first_of_class(f"kg-bookmark-{name}")) for name in ("title", "description", "author", "publisher")
    ]
    if not title:
        title = next((text for part in link.walk() if (text := _text(part))), "")
    below = " · ".join(filter(None, others))
    children: list = [Node("p", {}, [Node("a", {"href": address}, [title or address])])]
    children += [Node("p", {}, [text]) for text in (description, below) if text]
    children += [Node("p", {}, caption.children)] if caption is not None else []
    node.become("div", children)


def _text(node: Node | None) -> str:
    return " ".join(node.text().split()) if node is not None else ""


def _callout(node: Node) -> None:
    emoji, text = node.first_of_class("kg-callout-emoji"), node.first_of_class("kg-callout-text")
    if emoji is None or text is None:
        return
    words = _text(emoji)
    emoji.remove()
    first = text.elements()[0] if text.has_block and text.elements() else text
    first.fill([f"{words} ", *first.children])


def _toggle(node: Node) -> None:
    heading = node.first_of_class("kg-toggle-heading-text", "kg-toggle-heading")
    content = node.first_of_class("kg-toggle-content")
    if heading is not None and content is not None:
        node.become("details", [Node("summary", {}, heading.children), *content.children])


def _audio(node: Node) -> None:
    audio, title = node.first("audio"), node.first_of_class("kg-audio-title")
    if audio is not None:
        words = _text(title) or audio.get("src").rpartition("/")[2]
        node.become("p", [Node("a", {"href": audio.get("src")}, [words])])


def _video(node: Node) -> None:
    video, caption = node.first("video"), node.first("figcaption")
    if video is not None:
        node.become("figure", [video, *([caption] if caption is not None else [])])


def _file(node: Node) -> None:
    link, title = node.first("a"), _text(node.first_of_class("kg-file-card-title"))
    if link is None:
        return
    others = ("kg-file-card-caption", "kg-file-card-filename", "kg-file-card-filesize")
    caption, name, size = (_text(node.first_of_class(part)) for part in others)
    rest = " · ".join(filter(None, (caption, name if title else "", size)))
    link.fill([title or name])
    node.become("p", [Node("a", {"href": link.get("href")}, [title or name]), f" {rest}" if rest else ""])


_CHANGES = {
    "kg-bookmark-card": _bookmark,
    "kg-callout-card": _callout,
    "kg-toggle-card": _toggle,
    "kg-audio-card": _audio,
    "kg-video-card": _video,
    "kg-file-card": _file,
}
