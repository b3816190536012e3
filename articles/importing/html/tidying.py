"""What is done to the tree before it is written: what is not text goes, other forms become plain ones."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.text.recordings import is_named_so
from publishing.transfer.notes import Kind, Notes

from . import embeds, pictures
from .tree import Node

# Less text than this in a form belongs to its fields.
_FORM_TEXT = 300


def tidy(root: Node, notes: Notes) -> None:
    _unpack_noscript(root)
    _name_captions(root)
    left_out: Counter = Counter()
    for node in root.walk():
        if node.name in ("iframe", "video", "audio", "object", "embed"):
            _embed(node, notes)
        elif node.name == "code" and node.first("br") and _is_alone(node):
            node.name = "pre"
            _is_block_now(node)
        elif node.name == "acronym":
            node.name = "abbr"
        elif node.name in ("ul", "ol"):
            _mark_second_list(node)
        elif node.name == "blockquote" and node.has_class("twitter-tweet", "instagram-media", "tiktok-embed"):
            _post_elsewhere(node)
        else:
            _leave_out(node, left_out)
            _merge(node)
    for name, number in left_out.items():
        if number:
            message = ngettext("%(name)s was left out", "%(name)s was left out, %(number)s times", number)
            notes.lose(Kind.SYNTAX, message % {"name": name, "number": number})


def _is_alone(node: Node) -> bool:
    """All that its paragraph has."""
    parent = node.parent
    others = [child for child in parent.children if child is not node and (isinstance(child, Node) or child.strip())]
    return not others and parent.name in ("p", "div", "li", "blockquote", "section", "article", "figure")


def _leave_out(node: Node, left_out: Counter) -> None:
    if node.name == "form":
        _form(node, left_out)
    elif node.name in ("select", "textarea") or (node.name == "input" and node.get("type") != "checkbox"):
        left_out[_("a field of a form")] += node.get("type") != "hidden"
        node.remove()
    elif node.name == "svg":
        left_out[_("a drawing (SVG)")] += bool(node.text().strip())
        node.remove()
    elif node.name == "img" and not pictures.address(node):
        left_out[_("a picture without an address")] += not node.get("src").startswith("data:")


def _unpack_noscript(root: Node) -> None:
    """Pictures that are shown without scripts stay, unless they repeat the one before."""
    for parent in [root, *root.walk()]:
        before = None
        for child in parent.elements():
            if "data-noscript" in child.attributes:
                is_copy = before is not None and (before.name == "img" or before.first("img") is not None)
                if is_copy or not child.first("img"):
                    child.remove()
            before = child


_CAPTIONS = frozenset("wp-caption-text gallery-caption tr-caption image-caption imagecaption".split())  # noqa: SIM905
_CAPTIONED = frozenset("wp-caption tr-caption-container captioned-image-container".split())  # noqa: SIM905


def _name_captions(root: Node) -> None:
    """Pictures with captions as they were before there were elements for them."""
    for node in root.walk():
        if node.has_class(*_CAPTIONS) and node.name in ("p", "div", "dd", "td", "span"):
            node.name = "figcaption"
            _is_block_now(node)
        elif node.has_class(*_CAPTIONED) and node.name in ("div", "table", "p") and not node.first("figure"):
            node.name = "figure"


def _is_block_now(node: Node) -> None:
    for parent in node.ancestors():
        if parent.has_block:
            break
        parent.has_block = True


def _embed(node: Node, notes: Notes) -> None:
    source = embeds.source_of(node)
    address = embeds.watch_address(source)
    if not address:
        notes.lose(Kind.SYNTAX, _("an element without an address was left out: %(name)s") % {"name": node.name})
        node.remove()
    elif "googletagmanager.com" in address:
        node.remove()
    else:
        if (poster := node.get("poster")) and "spacergif.org" not in poster:
            notes.add(Kind.PICTURE, _("the picture before a video was left out: %(poster)s") % {"poster": poster[:200]})
        title = (node.get("title") or node.get("aria-label")) if is_named_so(address) else ""
        node.become("address-line", [], {"href": address, "title": title})


def _form(node: Node, left_out: Counter) -> None:
    if len(node.text()) < _FORM_TEXT and not node.first("img", "h2", "h3"):
        left_out["a form"] += 1
        node.remove()
    else:
        node.name = "div"


def _post_elsewhere(node: Node) -> None:
    """A post of a network: without words of it, its address alone."""
    links = [link for link in node.all("a") if link.get("href")]
    if links and len("".join(node.text().split())) <= len("".join(links[-1].text().split())):
        node.become("address-line", [], {"href": links[-1].get("href").partition("?")[0]})


def _mark_second_list(node: Node) -> None:
    """A list right after one of its kind needs other marks to be another one."""
    if node.parent is None or node.parent.attributes.get("data-marked"):
        return
    node.parent.attributes["data-marked"] = "1"
    before = None
    for child in node.parent.children:
        if isinstance(child, str) and not child.strip():
            continue
        if isinstance(child, Node) and child.name in ("ul", "ol"):
            if before is not None and before.name == child.name and not before.get("data-other"):
                child.attributes["data-other"] = "1"
            before = child
        else:
            before = None


_MERGED = frozenset("b strong em i s del code".split())  # noqa: SIM905


def _merge(node: Node) -> None:
    """Elements of emphasis right after one another become one."""
    merged: list = []
    for child in node.children:
        before = merged[-1] if merged else None
        if isinstance(child, Node) and isinstance(before, Node) and child.name == before.name and child.name in _MERGED:
            before.fill([*before.children, *child.children])
        else:
            merged.append(child)
    if len(merged) < len(node.children):
        node.fill(merged)


def link_targets(root: Node) -> set[str]:
    """The names to which links of the text lead."""
    return {link.get("href")[1:] for link in root.all("a") if link.get("href").startswith("#")}
