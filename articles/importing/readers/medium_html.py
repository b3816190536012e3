"""What is special in the HTML of Medium."""

import re
from html import unescape

from ..html.tree import Node

_TAG = re.compile(r"<[^>]{0,2000}>")
_FIGURE = re.compile(r"<figure\b[^>]*>.{0,20000}?</figure>", re.DOTALL)
_FEATURED = re.compile(r"<img\b[^>]*data-is-featured=\"true\"[^>]*>")
_IMG = re.compile(r"<img\b[^>]*>")
_SOURCE, _ALT = re.compile(r"\ssrc=\"([^\"]*)\""), re.compile(r"\salt=\"([^\"]*)\"")
_CAPTION = re.compile(r"<figcaption\b[^>]*>(.{0,4000}?)</figcaption>", re.DOTALL)
_HEADING = re.compile(r"<h[1-4]\b[^>]*>.{0,4000}?</h[1-4]>", re.DOTALL)
_WIDE = ("graf--layoutfillwidth", "graf--layoutoutsetcenter")


def _words(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())


def is_response(title: str, body: str) -> bool:
    """A text whose first words are its title, since it has none."""
    if "graf--title" in body:
        return False
    title = title.rstrip("…. ")
    return bool(title) and _words(body[:20_000]).startswith(title)


def cover(body: str) -> tuple[str, str, str] | None:
    """The address, description and caption of the picture that stands for the post, or above its text."""
    figure = _leading(body)
    img = _FEATURED.search(body) or (_IMG.search(figure) if figure else None)
    if not img or not (source := _SOURCE.search(img[0])):
        return None
    alt, caption = _ALT.search(img[0]), _CAPTION.search(figure) if figure and img[0] in figure else None
    return unescape(source[1]), unescape(alt[1]) if alt else "", _words(caption[1]) if caption else ""


def _leading(body: str) -> str:
    """The figure before all text but headings."""
    figure = _FIGURE.search(body)
    if not figure or _words(_HEADING.sub("", body[: figure.start()])):
        return ""
    return figure[0]


def prepare(root: Node, title: str, subtitle: str, *, has_cover: bool) -> None:
    _drop_head(root, title, subtitle, has_cover=has_cover)
    is_first = True
    # The title is an h3 there.
    above = 1 if any(node.has_class("graf") for node in root.all("h3")) else 2
    for node in root.walk():
        if node.name == "hr" and node.has_class("section-divider"):
            # That of the first section is not shown.
            if is_first:
                node.remove()
            is_first = False
        elif node.has_class("mixtapeimage", "js-mixtapeimage"):
            node.remove()
        elif node.has_class("sectionlayout--outsetrow"):
            node.attributes["class"] = "gallery"
        elif node.name == "figure" and node.has_class(*_WIDE):
            node.attributes["class"] = "alignwide"
        elif node.name in ("h3", "h4") and node.has_class("graf"):
            node.name = f"h{int(node.name[1]) - above}"
        elif node.name == "pre":
            _strip(node)


def _drop_head(root: Node, title: str, subtitle: str, *, has_cover: bool) -> None:
    """The title and the subtitle at the beginning, which are fields of the post."""
    for node in root.walk():
        text = " ".join(node.text().split()) if node.name in ("h1", "h2", "h3", "h4", "p", "li", "blockquote") else ""
        if node.name in ("h1", "h2", "h3", "h4") and (text == title or node.has_class("graf--title")):
            title = None if text == title else title
            _remove_if_same(node, text, title or text)
        elif node.name in ("h2", "h3", "h4") and (text == subtitle or node.has_class("graf--subtitle")):
            _remove_if_same(node, text, subtitle)
        elif node.name == "figure":
            if has_cover and node.first("img") is not None:
                node.remove()
            return
        elif text:
            return


def _remove_if_same(node: Node, text: str, other: str) -> None:
    if text == other or (other.endswith("…") and text.startswith(other.rstrip("…"))):
        node.remove()


def _strip(pre: Node) -> None:
    """Without the spaces that only indent the HTML."""
    node = pre
    while node.children and isinstance(node.children[0], (Node, str)):
        first = node.children[0]
        if isinstance(first, Node):
            node = first
        elif first.strip() or len(node.children) == 1:
            node.children[0] = first.lstrip() if first.startswith("\n") else first
            return
        else:
            node.children = node.children[1:]
