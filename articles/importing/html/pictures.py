"""Pictures, with captions, links and places."""

import re
from html import escape

from publishing.text.recordings import is_named_so

from . import escaping
from .tree import Node
from .writing import Writer

# Attributes with the address of a picture that is loaded later, or of its original; the best first.
_OF_ORIGINAL = ("data-orig-file", "data-full-url", "data-full-src")
_LATER = ("data-large-file", "data-src", "data-lazy-src", "data-original", "data-actualsrc", "data-canonical-src")
_CANDIDATE = re.compile(r"(\S*[^\s,])(?:\s+([\d.]+)([wx]))?\s*(?:,|\Z)")
_EMOJI = frozenset({"emoji", "wp-smiley", "smiley", "emojione", "twemoji"})
_GALLERY = re.compile(r"(?:^|[-_\s])(?:gallery|galleries|carousel|slideshow)(?:$|[-_\s])")
_WIDE = frozenset("alignwide alignfull kg-width-wide kg-width-full".split())  # noqa: SIM905
_PLACEHOLDER = re.compile(r"data:image/(?:gif|svg\+xml|png);.{0,400}\Z", re.DOTALL)


def address(node: Node) -> str:
    """Of the best file of an `<img>`; "" if there is none."""
    for name in _OF_ORIGINAL:
        if node.get(name):
            return node.get(name)
    if largest := _largest(node.get("srcset") or node.get("data-srcset") or node.get("data-lazy-srcset")):
        return largest
    for name in _LATER:
        if node.get(name):
            return node.get(name)
    source = node.get("src")
    return "" if _PLACEHOLDER.match(source) else source


def _largest(srcset: str) -> str:
    found = [(float(size or 1), url) for url, size, _ in _CANDIDATE.findall(srcset) if not url.startswith("data:")]
    return max(found, key=lambda pair: pair[0])[1] if found else ""


def _markdown(node: Node, caption: str = "") -> str:
    alt = " ".join(node.get("alt").split())
    return f"![{escaping.in_brackets(alt)}]({escaping.target(address(node), caption)})"


def in_line(node: Node, writer: Writer) -> str:
    alt = node.get("alt")
    if node.has_class(*_EMOJI) and alt:
        return escaping.in_line(alt)
    if not address(node) or is_pixel(node):
        return ""
    return _markdown(node)


def is_pixel(node: Node) -> bool:
    """It only counts readers."""
    return node.get("width") in ("0", "1") and node.get("height") in ("0", "1")


def _shown(node: Node) -> list[Node]:
    return [img for img in node.all("img") if address(img) and not is_pixel(img) and not img.has_class(*_EMOJI)]


def is_gallery(node: Node) -> bool:
    """It has several pictures, and no text besides captions."""
    if not (node.name == "figure" or _GALLERY.search(node.get("class").lower())):
        return False
    if len(_shown(node)) < 2 or node.first("table", "pre", "blockquote", "address-line"):
        return False
    captions = sum(
        len("".join(caption.text().split())) for caption in node.all("figcaption") if not _in_caption(caption)
    )
    return len("".join(node.text().split())) <= captions


def _in_caption(node: Node) -> bool:
    return any(parent.name == "figcaption" for parent in node.ancestors())


def gallery(node: Node, writer: Writer) -> str:
    """Its pictures with their captions, then a caption of all."""
    pictures = []
    captions = {id(caption.parent): caption for caption in node.all("figcaption")}
    used = set()
    for img in _shown(node):
        around = next((parent for parent in img.ancestors() if id(parent) in captions or parent is node), node)
        caption = captions.get(id(around)) if around is not node else None
        used.add(id(caption))
        pictures.append(_figure(img, caption))
    text = "\n\n".join(
        [":::gallery\n" + "\n\n".join(pictures) + "\n:::"]
        + [writer.blocks(caption.children) for caption in captions.values() if id(caption) not in used]
    )
    return text.strip()


def _figure(img: Node, caption: Node | None) -> str:
    """A picture with the link around it and a caption, which with links or in a list needs HTML."""
    link = next((parent.get("href") for parent in img.ancestors() if parent.name == "a"), "")
    is_in_list = any(parent.name in ("li", "dd") for parent in img.ancestors())
    if caption and (is_in_list or caption.first("a", "note")):
        return _html(img, link, caption)
    text = " ".join(caption.text().split()) if caption else ""
    picture = _markdown(img, text)
    return f"[{picture}]({escaping.target(link)})" if link else picture


def _html(img: Node, link: str, caption: Node) -> str:
    picture = f'<img src="{escape(address(img))}" alt="{escape(" ".join(img.get("alt").split()))}">'
    if link:
        picture = f'<a href="{escape(link)}">{picture}</a>'
    return f"<figure>\n{picture}\n<figcaption>{html_line(caption.children).strip()}</figcaption>\n</figure>"


IN_HTML = frozenset("a abbr b cite code del em i ins kbd mark q s samp small strong sub sup u var br".split())  # noqa: SIM905


def html_line(children: list) -> str:
    """Elements of a line as HTML in one line."""
    parts = []
    for child in children:
        if isinstance(child, str):
            parts.append(escape(re.sub(r"\s*[\r\n]\s*", " ", child), quote=False))
        elif child.name == "br":
            parts.append("<br>")
        elif child.name == "img":
            parts.append(f'<img src="{escape(address(child))}" alt="{escape(child.get("alt"))}">')
        elif child.name in IN_HTML:
            link = f' href="{escape(child.get("href"))}"' if child.name == "a" and child.get("href") else ""
            parts.append(f"<{child.name}{link}>{html_line(child.children)}</{child.name}>")
        else:
            parts.append(html_line(child.children))
    return "".join(parts)


def figure(node: Node, writer: Writer) -> str:
    """One or several pictures with captions; else its blocks, then the caption as a paragraph."""
    if is_gallery(node):
        return gallery(node, writer)
    captions = node.all("figcaption")
    shown = _shown(node)
    rest = sum(len("".join(caption.text().split())) for caption in captions)
    is_bare = len(captions) < 2 and len("".join(node.text().split())) == rest
    if is_bare and len(shown) == 1 and not node.first("table", "pre", "address-line", "hr"):
        text = _figure(shown[0], captions[0] if captions else None)
        return f":::wide\n{text}\n:::" if node.has_class(*_WIDE) else text
    players = [line.get("href") for line in node.all("address-line")]
    if is_bare and rest and not shown and len(players) == 1 and is_named_so(players[0]) and not captions[0].first("a"):
        # Its caption names it.
        return f"[{writer.title(captions[0].children)}]({escaping.target(players[0])})"
    return writer.blocks(node.children)
