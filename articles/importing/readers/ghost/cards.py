"""Cards of Ghost's two editors as the HTML that Ghost makes of them."""

import re
from collections.abc import Callable
from html import escape

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from publishing.transfer.notes import Kind, Notes

_MARKDOWN = (
    MarkdownIt("commonmark", {"html": True, "breaks": True}).enable(["table", "strikethrough"]).use(footnote_plugin)
)
_MARK = re.compile(r"(?<![=`])==(?=\S)([^=\n`]{1,500})(?<=\S)==(?!=)")
# For readers of e-mails only.
_MAIL = ("email", "email-cta")


def html_of(name: str, card: dict, notes: Notes) -> str:
    """The card as HTML. Others than the known ones are named."""
    name = name.removeprefix("card-").removesuffix("-card")
    if write := _CARDS.get(name):
        return write(_Fields(card))
    if name in _MAIL:
        notes.lose(Kind.SYNTAX, _("a card for e-mails only was left out"))
    elif name != "paywall":
        notes.lose(Kind.SYNTAX, _("a card of the kind “%(name)s” is not known") % {"name": name[:40]})
        return str(card.get("html") or "")
    return ""


class _Fields(dict):
    """What a card has; "" for what it has not."""

    def __missing__(self, name: str) -> str:
        return ""

    def text(self, name: str) -> str:
        return escape(str(self[name] or ""))

    def html(self, name: str) -> str:
        return str(self[name] or "")


def _figure(kind: str, inner: str, caption: str, width: object = "") -> str:
    width = f" kg-width-{escape(str(width))}" if width in ("wide", "full") else ""
    caption = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="kg-card kg-{kind}-card{width}">{inner}{caption}</figure>'


def _img(card: _Fields) -> str:
    return f'<img src="{card.text("src")}" alt="{card.text("alt")}">'


def _image(card: _Fields) -> str:
    img = _img(card)
    if card["href"]:
        img = f'<a href="{card.text("href")}">{img}</a>'
    return _figure("image", img, card.html("caption"), card["cardWidth"])


def _gallery(card: _Fields) -> str:
    images = [_Fields(image) for image in card["images"] or () if isinstance(image, dict)]
    return _figure("gallery", "".join(map(_img, images)), card.html("caption"))


def _bookmark(card: _Fields) -> str:
    page = _Fields(card["metadata"] or {})
    address = card.text("url") or page.text("url")
    parts = [f'<div class="kg-bookmark-{name}">{page.text(name)}</div>' for name in ("title", "description")]
    names = "".join(
        f'<span class="kg-bookmark-{name}">{page.text(name)}</span>' for name in ("author", "publisher") if page[name]
    )
    inner = f'<a class="kg-bookmark-container" href="{address}">{"".join(parts)}{names}</a>'
    return _figure("bookmark", inner, card.html("caption"))


def _embed(card: _Fields) -> str:
    if card["type"] == "bookmark" or card["embedType"] == "bookmark":
        return _bookmark(card)
    address = card.text("url")
    inner = card.html("html")
    if address.startswith("http") and "blockquote" not in inner:
        inner = f'<iframe src="{address}"></iframe>'
    return _figure("embed", inner, card.html("caption"))


def _callout(card: _Fields) -> str:
    emoji = f'<div class="kg-callout-emoji">{card.text("calloutEmoji")}</div>' if card["calloutEmoji"] else ""
    return f'<div class="kg-callout-card">{emoji}<div class="kg-callout-text">{card.html("calloutText")}</div></div>'


def _toggle(card: _Fields) -> str:
    return f"<details><summary>{card.html('heading')}</summary>{card.html('content')}</details>"


def _link(address: str, text: str) -> str:
    return f'<p><a href="{address}">{text}</a></p>' if address and text else f"<p>{text}</p>" if text else ""


def _button(card: _Fields) -> str:
    return _link(card.text("buttonUrl"), card.text("buttonText"))


def _audio(card: _Fields) -> str:
    return _link(card.text("src"), card.text("title") or card.text("src").rpartition("/")[2])


def _video(card: _Fields) -> str:
    return _figure("video", f'<video src="{card.text("src")}"></video>', card.html("caption"))


def _file(card: _Fields) -> str:
    name = card.text("fileName")
    caption = f"<p>{card.html('fileCaption')}</p>" if card["fileCaption"] else ""
    return _link(card.text("src"), card.text("fileTitle") or name) + caption


def _code(card: _Fields) -> str:
    language = f' class="language-{card.text("language")}"' if card["language"] else ""
    return _figure("code", f"<pre><code{language}>{card.text('code')}</code></pre>", card.html("caption"))


def _product(card: _Fields) -> str:
    img = f'<img src="{card.text("productImageSrc")}" alt="">' if card["productImageSrc"] else ""
    button = _link(card.text("productUrl"), card.text("productButton")) if card["productButtonEnabled"] else ""
    return f"{img}<h4>{card.html('productTitle')}</h4>{card.html('productDescription')}{button}"


def _header(card: _Fields) -> str:
    heading = f"<h2>{card.html('header')}</h2>" if card["header"] else ""
    below = f"<p>{card.html('subheader')}</p>" if card["subheader"] else ""
    return heading + below + (_button(card) if card["buttonEnabled"] else "")


def _signup(card: _Fields) -> str:
    disclaimer = f"<p>{card.html('disclaimer')}</p>" if card["disclaimer"] else ""
    return _header(_Fields(card | {"buttonEnabled": False})) + disclaimer + "<form>Subscribe</form>"


def _call(card: _Fields) -> str:
    img = f'<img src="{card.text("imageUrl")}" alt="">' if card["imageUrl"] else ""
    label = card.html("sponsorLabel") if card["hasSponsorLabel"] else ""
    button = _button(card) if card["showButton"] else ""
    return f'<div class="kg-callout-card">{label}{img}{card.html("textValue")}{button}</div>'


_CARDS: dict[str, Callable[[_Fields], str]] = {
    "audio": _audio,
    "bookmark": _bookmark,
    "button": _button,
    "call-to-action": _call,
    "callout": _callout,
    "code": _code,
    "codeblock": _code,
    "divider": lambda card: "<hr>",
    "embed": _embed,
    "file": _file,
    "gallery": _gallery,
    "header": _header,
    "horizontalrule": lambda card: "<hr>",
    "hr": lambda card: "<hr>",
    "html": lambda card: card.html("html"),
    "image": _image,
    "markdown": lambda card: _MARKDOWN.render(_MARK.sub(r"<mark>\1</mark>", card.html("markdown"))),
    "product": _product,
    "signup": _signup,
    "toggle": _toggle,
    "video": _video,
}
