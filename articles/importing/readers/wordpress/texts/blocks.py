"""Blocks of the block editor as plain HTML: their comments go, what only their attributes say is written out.

https://developer.wordpress.org/block-editor/reference-guides/core-blocks/
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from ..site import Site
from . import pictures
from .markup import IMAGE, elements, inner, text_of, without_elements, without_tags
from .paragraphs import paragraphs

_COMMENT = re.compile(r"<!--\s*(/?)wp:([a-z][\w-]*(?:/[a-z][\w-]*)?)")
_DEEPEST = 200
# What a page of WordPress shows here is made anew for each reader, or belongs to the site.
_WITHOUT_TEXT = {"spacer", "navigation", "page-list", "site-title", "site-logo", "template-part", "post-title",
                 "post-content", "post-date", "post-author", "loginout", "home-link", "comments", "post-featured-image",
                 "post-excerpt", "post-terms", "post-navigation-link", "read-more", "avatar", "site-tagline",
                 "table-of-contents", "jetpack/sharing-buttons", "jetpack/like", "jetpack/related-posts"}  # fmt: skip


@dataclass
class Blocks:
    """Turns the blocks of one post into HTML. `lost` counts those that showed something that is not in the text."""

    site: Site
    # The value of the custom field "footnotes".
    footnotes: str = ""
    lost: Counter = field(default_factory=Counter)
    dropped: Counter = field(default_factory=Counter)
    # Reusable blocks that are being written out.
    _inside: list[str] = field(default_factory=list)

    def html(self, text: str) -> str:
        """Takes time in proportion to the text, and no recursion but for reusable blocks."""
        stack: list[tuple[str, dict, list[str]]] = [("", {}, [])]
        position = 0
        for found in _COMMENT.finditer(text):
            if found.start() < position:
                continue
            end = text.find("-->", found.end())
            if end < 0:
                break
            self._text(stack, text[position : found.start()])
            position = end + 3
            name = found[2].removeprefix("core/")
            head = text[found.end() : end].strip()
            if found[1]:
                self._close(stack, name)
            elif head.endswith("/"):
                stack[-1][2].append(self._block(name, _attributes(head[:-1]), None))
            elif len(stack) < _DEEPEST:
                stack.append((name, _attributes(head), []))
        self._text(stack, text[position:])
        while len(stack) > 1:
            self._close(stack, stack[-1][0])
        return "".join(stack[0][2])

    def _text(self, stack: list, text: str) -> None:
        # Between blocks lies classic text.
        is_classic = len(stack) == 1 and text.strip() and "<p" not in text
        stack[-1][2].append(paragraphs(text) if is_classic else text)

    def _close(self, stack: list, name: str) -> None:
        if any(name == opened for opened, _, _ in stack[1:]):
            while True:
                opened, attributes, parts = stack.pop()
                stack[-1][2].append(self._block(opened, attributes, "".join(parts)))
                if opened == name:
                    break

    def _block(self, name: str, attributes: dict, html: str | None) -> str:
        if name.startswith("core-embed/") or name in ("embed", "jetpack/gif", "jetpack/pinterest"):
            return _embed(attributes, html or "")
        if name == "block":
            return self._reusable(str(attributes.get("ref", "")))
        if name == "footnotes":
            return self._footnotes()
        if name in _WRITTEN:
            return _WRITTEN[name](attributes, html or "", self.site)
        if html is None or (name in _DYNAMIC and not text_of(html) and not IMAGE.search(html)):
            (self.dropped if name in _WITHOUT_TEXT else self.lost)[name] += 1
            return ""
        return html

    def _reusable(self, id: str) -> str:
        text = self.site.blocks.get(id)
        if text is None or id in self._inside:
            self.lost[f"block {id}"] += 1
            return ""
        self._inside.append(id)
        html = self.html(text)
        self._inside.pop()
        return html

    def _footnotes(self) -> str:
        notes = _json(self.footnotes, list)
        items = []
        for note in notes:
            if isinstance(note, dict) and note.get("id"):
                id = escape(str(note["id"]))
                items.append(f'<li id="{id}">{note.get("content", "")} <a href="#{id}-link">↩</a></li>')
        return f'<ol class="footnotes">{"".join(items)}</ol>' if items else ""


def _json(text: str, kind: type):
    try:
        value = json.loads(text) if text.strip() else kind()
    except (ValueError, RecursionError):
        return kind()
    return value if isinstance(value, kind) else kind()


def _attributes(text: str) -> dict:
    return _json(text, dict)


# --- blocks whose HTML is not plain, or not all ---

_DYNAMIC = {"gallery", "contact-form", "jetpack/contact-form", "query", "latest-posts", "social-links",
            "jetpack/slideshow", "jetpack/map", "jetpack/subscriptions"}  # fmt: skip


def _embed(attributes: dict, html: str) -> str:
    address = str(attributes.get("url", "")) or next(iter(re.findall(r"https?://[^\s<>\"]+", html)), "")
    words = "".join(map(_words, elements(html, "figcaption")))
    return f"\n<p>{escape(address, quote=False)}</p>\n{words}\n" if address else html


def _words(caption: str) -> str:
    """A caption that belongs to no picture alone."""
    return f"<p><em>{inner(caption)}</em></p>" if text_of(caption) else ""


def _cover(attributes: dict, html: str, site: Site) -> str:
    """Its background is a picture of the text."""
    address = str(attributes.get("url", ""))
    if not address or IMAGE.search(html.partition("__inner-container")[0]) or "<video" in html:
        return html
    if attributes.get("backgroundType") == "video":
        return f'<figure><video src="{escape(address)}"></video></figure>{html}'
    known = site.attachments.get(str(attributes.get("id", "")))
    alt = str(attributes.get("alt", "")) or (known.alt if known else "")
    return f"<p>{pictures.tag(address, alt)}</p>\n{html}"


def _gallery(attributes: dict, html: str, site: Site) -> str:
    """Of blocks of pictures, of an older list, or of ids alone."""
    html = re.sub(r"<figure\b[^<>]*\b(?:wp-block-gallery|blocks-gallery-grid)\b[^<>]*>", "", html)
    figures = [figure for figure in elements(html, "figure") if IMAGE.search(figure)]
    if not figures:
        figures = [f"<figure>{image[0]}</figure>" for image in IMAGE.finditer(html)]
    if not figures:
        ids = attributes.get("ids")
        known = [site.attachments.get(str(id)) for id in ids] if isinstance(ids, list) else []
        figures = [pictures.of_attachment(attachment) for attachment in known if attachment]
    captions = elements(without_elements(html, "figure"), "figcaption")
    return "\n".join([pictures.gallery(figures), *map(_words, captions)])


def _code(attributes: dict, html: str, site: Site) -> str:
    """Of several plugins: the language stands in the attributes, or in a class."""
    language = str(attributes.get("language") or attributes.get("lang") or "")
    text = attributes.get("code") if isinstance(attributes.get("code"), str) else None
    if text is not None and not re.search(r"<pre\b", html):
        return code(text, language)
    if language and "language-" not in html:
        lines = without_tags(html, "pre|code").strip("\n")
        return f'<pre><code class="language-{escape(language)}">{lines}</code></pre>'
    return html


def code(text: str, language: str = "") -> str:
    mark = f' class="language-{escape(language)}"' if re.fullmatch(r"[\w+#.-]+", language) else ""
    # Brackets of code are none of shortcodes.
    text = escape(text.strip("\r\n"), quote=False).replace("[", "&#91;")
    return f"\n<pre><code{mark}>{text}</code></pre>\n"


def _verse(attributes: dict, html: str, site: Site) -> str:
    lines = re.sub(r"<br\s*/?>\n?", "\n", without_tags(html, "pre").strip())
    verses = re.split(r"\n[ \t]*\n\s*", lines)
    return "".join(f"<p>{verse.strip().replace(chr(10), '<br>' + chr(10))}</p>\n" for verse in verses)


def _preformatted(attributes: dict, html: str, site: Site) -> str:
    return re.sub(r"<br\s*/?>", "\n", html)


def _pullquote(attributes: dict, html: str, site: Site) -> str:
    return f'<blockquote class="pullquote">{without_tags(html, "figure|blockquote").strip()}</blockquote>'


def _file(attributes: dict, html: str, site: Site) -> str:
    """One link with the file's name, without the button beside it and a view of the document."""
    links = elements(without_elements(html, "object"), "a")
    address = str(attributes.get("href", ""))
    if not links and address:
        links = [f'<a href="{escape(address)}">{escape(address.rpartition("/")[2])}</a>']
    return f"<p>{links[0]}</p>" if links else html


def _media(name: str) -> Callable[[dict, str, Site], str]:
    def written(attributes, html, site):
        known = site.attachments.get(str(attributes.get("id", "")))
        address = str(attributes.get("src", "")) or (known.address if known else "")
        if f"<{name}" in html and re.search(r"\bsrc=", html) or not address:
            return html
        return f'<figure><{name} src="{escape(address)}"></{name}></figure>'

    return written


def _button(attributes: dict, html: str, site: Site) -> str:
    return f"<p>{without_tags(html, 'div|p').strip()}</p>"


def _social(attributes: dict, html: str, site: Site) -> str:
    address = str(attributes.get("url", ""))
    words = str(attributes.get("label") or attributes.get("service") or address)
    return f'<p><a href="{escape(address)}">{escape(words)}</a></p>' if address else ""


def _rule(attributes: dict, html: str, site: Site) -> str:
    return "\n<hr>\n"


def _nothing(attributes: dict, html: str, site: Site) -> str:
    return "\n"


def _shortcode(attributes: dict, html: str, site: Site) -> str:
    """Whatever its name, it is one: "[name /]" says so."""
    return re.sub(r"^\s*\[([A-Za-z][\w-]*)\]\s*$", r"[\1 /]", html)


def _classic(attributes: dict, html: str, site: Site) -> str:
    return html if "<p" in html else paragraphs(html)


_WRITTEN: dict[str, Callable[[dict, str, Site], str]] = {
    "cover": _cover,
    "cover-image": _cover,
    "gallery": _gallery,
    "jetpack/tiled-gallery": _gallery,
    "jetpack/slideshow": _gallery,
    "code": _code,
    "syntaxhighlighter/code": _code,
    "enlighter/codeblock": _code,
    "kevinbatdorf/code-block-pro": _code,
    "verse": _verse,
    "preformatted": _preformatted,
    "pullquote": _pullquote,
    "file": _file,
    "video": _media("video"),
    "audio": _media("audio"),
    "button": _button,
    "social-link": _social,
    "separator": _rule,
    "nextpage": _rule,
    "more": _nothing,
    "spacer": _nothing,
    "freeform": _classic,
    "shortcode": _shortcode,
}
