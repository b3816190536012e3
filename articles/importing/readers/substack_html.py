"""What is special in the HTML of Substack."""

import json
import re

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.transfer.notes import Kind, Notes

from ..html.tree import Node

PAYWALL = "paywall-jump"
# What asks readers to subscribe, to share, to comment.
_FURNITURE = frozenset(
    "subscription-widget-wrap subscription-widget subscription-widget-wrap-editor captioned-button-wrap "  # noqa: SIM905
    "install-substack-app-embed community-chat paywall-jump header-anchor share-dialog image-link-expand "
    "directmessage".split()
)
_ASKS = re.compile(
    r"/subscribe\b|/comments\b|[?&]action=share|%%|/leaderboard|/referrals?\b|[?&]gift=|/account\b|/survey/"
    r"|[?&](?:coupon|simple)=|/gift\b|/chat\b",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"substackcdn\.com|substack-post-media|bucketeer-|\.(?:jpe?g|png|gif|webp|avif|heic)(?:$|\?)")
# Whose content is only in the page of Substack: what they are.
_NAMED = {"poll-embed": _("a poll"), "native-video-embed": _("a video that was uploaded there"),
          "native-audio-embed": _("a recording that was uploaded there")}  # fmt: skip


def prepare(root: Node, notes: Notes) -> None:
    for node in root.walk():
        if node.has_class(*_FURNITURE) or (node.has_class("button-wrapper") and _is_asking(node)):
            node.remove()
        elif node.name == "img":
            _original(node)
        elif node.name == "a" and node.first("img") is not None and _PICTURE.search(node.get("href")):
            # To the same picture.
            node.attributes.pop("href")
        else:
            _special(node, notes)


def _is_asking(node: Node) -> bool:
    link = node.first("a")
    address = link.get("href") if link is not None else ""
    return not address or bool(_ASKS.search(address))


def _data(node: Node) -> dict:
    try:
        data = json.loads(node.get("data-attrs") or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _text(data: dict, *names: str) -> str:
    return next((value for name in names if isinstance(value := data.get(name), str) and value), "")


def _original(node: Node) -> None:
    data = _data(node)
    if address := _text(data, "src"):
        node.attributes["src"] = address
    for name in ("srcset", "title"):
        node.attributes.pop(name, None)
    node.attributes["alt"] = node.get("alt") or _text(data, "alt")


def _special(node: Node, notes: Notes) -> None:
    data = _data(node)
    if node.has_class("tweet") or node.has_class("twitter-embed"):
        words, address = _text(data, "full_text"), _text(data, "url")
        if words and address:
            by = f"{_text(data, 'name')} (@{_text(data, 'username')})"
            quote = [Node("p", {}, [words]), Node("p", {}, ["— ", Node("a", {"href": address}, [by])])]
            node.become("blockquote", quote)
    elif node.has_class("digest-post-embed", "embedded-post-wrap", "embedded-publication-wrap"):
        _embedded(node, data)
    elif node.has_class("mention-wrap") and not node.text().strip():
        node.fill([_text(data, "name")])
    elif node.has_class("latex-rendered"):
        node.become("pre", [Node("code", {}, [_text(data, "persistentExpression") or node.text()])])
    elif node.has_class("highlighted_code_block") and _text(data, "language"):
        node.attributes["data-language"] = _text(data, "language")
    elif node.has_class("image-gallery-embed") and not node.first("img"):
        _gallery(node, data)
    else:
        for name, what in _NAMED.items():
            if node.has_class(name):
                notes.lose(Kind.SYNTAX, gettext("%(what)s was left out") % {"what": what})


def _embedded(node: Node, data: dict) -> None:
    link = node.first("a")
    address = _text(data, "canonical_url", "url", "base_url") or (link.get("href") if link is not None else "")
    title = _text(data, "title", "name") or " ".join(node.text().split())
    below = _text(data, "caption", "truncated_body_text")
    if address and title:
        children = [Node("p", {}, [Node("a", {"href": address}, [title])])]
        node.become("div", children + ([Node("p", {}, [below])] if below else []))


def _gallery(node: Node, data: dict) -> None:
    gallery = data.get("gallery")
    images = gallery.get("images") if isinstance(gallery, dict) else None
    pictures = [
        Node("img", {"src": _text(image, "src"), "alt": _text(image, "alt")})
        for image in images or ()
        if isinstance(image, dict) and _text(image, "src")
    ]
    caption = _text(gallery or {}, "caption")
    node.become("figure", [*pictures, *([Node("figcaption", {}, [caption])] if caption else [])])
