"""Pictures of Markdown: their tags, figures with captions, and the places `:::gallery` and `:::wide`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import groupby

from django.utils.translation import gettext as _
from markdown_it.token import Token

# Containers for pictures, each a <div> with its name as class: their sizes, for the browser to choose a rendition.
PLACES = {
    "gallery": "(min-width: 46rem) 21rem, 45vw",
    "wide": "(min-width: 64rem) 60rem, 92vw",
}
IN_TEXT = "(min-width: 46rem) 42rem, 92vw"

_TAG = re.compile(r'<img src="(?P<source>[^"]*)" alt="(?P<alt>[^"]*)"[^>]*>')
_SIZES = re.compile(r' sizes="([^"]*)"')
_TITLE = re.compile(r' title="([^"]*)"')


@dataclass(frozen=True)
class ImageInfo:
    """An image of this site, with its size in pixels; `srcset` lists its renditions as in HTML."""

    url: str
    width: int
    height: int
    srcset: str = ""
    credit: str = ""


Resolve = Callable[[str], ImageInfo | None]


def label(alt: str) -> str:
    """What stands for an image that is not shown."""
    return escape(_("Image: %(words)s") % {"words": alt} if alt else _("Image"), quote=False)


def tag(info: ImageInfo, alt: str, *, sizes: str = IN_TEXT, lazy: bool = True, title: str = "") -> str:
    loading = 'loading="lazy" ' if lazy else ""
    title = f' title="{escape(title)}"' if title else ""
    renditions = f'srcset="{escape(info.srcset)}" sizes="{escape(sizes)}" ' if info.srcset else ""
    return (
        f'<img src="{escape(info.url)}" alt="{escape(alt)}" width="{info.width}" height="{info.height}" '
        f'{renditions}{loading}decoding="async"{title}>'
    )


def with_current(html: str, resolve: Resolve) -> str:
    """Rendered HTML with its images as they are now, and words for those that are gone."""

    def current(found):
        info, alt = resolve(unescape(found["source"])), unescape(found["alt"])
        if not info:
            return f"<em>{label(alt)}</em>"
        sizes, title = _SIZES.search(found[0]), _TITLE.search(found[0])
        return tag(info, alt, sizes=unescape(sizes[1]) if sizes else IN_TEXT, title=unescape(title[1]) if title else "")

    return _TAG.sub(current, html)


# --- figures ---


def captions(inline: Token) -> list[str]:
    """The titles of the images of an inline token."""
    images = (child for child in inline.children or () if child.type == "image")
    return [str(image.attrs["title"]) for image in images if image.attrs.get("title")]


def make_figures(tokens: list[Token], resolve: Resolve | None) -> list[Token]:
    """The tokens with a figure for each paragraph that is one picture of this site, linked or not.

    In a gallery, each picture of a paragraph that has nothing else.
    """
    out, galleries, skip = [], 0, 0
    for place, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        galleries += token.nesting if token.type.startswith("container_gallery") else 0
        pictures = _pictures(tokens, place, resolve)
        if pictures and (len(pictures) == 1 or galleries):
            inline = tokens[place + 1]
            for children in pictures:
                body = Token("inline", "", 0, children=children, content=inline.content, map=inline.map)
                out += [Token("figure_open", "figure", 1, block=True), body]
                out += [Token("figure_close", "figure", -1, block=True)]
            skip = 2
        else:
            out.append(token)
    return out


def _pictures(tokens: list[Token], place: int, resolve: Resolve | None) -> list[list[Token]]:
    """The pictures of the paragraph at `place`, each with the tokens of a link around it; none if it has text."""
    if not resolve or tokens[place].type != "paragraph_open" or tokens[place].hidden:
        return []
    parts = groupby(tokens[place + 1].children or (), lambda child: child.type in ("softbreak", "hardbreak"))
    pictures = [[child for child in part if child.content.strip() or child.type != "text"] for is_break, part in parts
                if not is_break]  # fmt: skip
    known = (["image"], ["link_open", "image", "link_close"])
    for children in pictures:
        if [child.type for child in children] not in known:
            return []
        if not any(resolve(str(child.attrGet("src"))) for child in children if child.type == "image"):
            return []
    return pictures


@dataclass
class Figures:
    """The figures and containers around a place in HTML that is read from start to end."""

    # Of each open figure, what its caption will say; None if it has one of its own.
    captions: list[list[str] | None] = field(default_factory=list)
    # Of each open <div>, the sizes of pictures in it.
    divisions: list[str] = field(default_factory=list)

    def start(self, tag: str, classes: str) -> None:
        if tag == "figure":
            self.captions.append([])
        elif tag == "figcaption" and self.captions:
            self.captions[-1] = None
        elif tag == "div":
            self.divisions.append(PLACES.get(classes) or self.sizes)

    @property
    def sizes(self) -> str:
        return self.divisions[-1] if self.divisions else IN_TEXT

    def show(self, info: ImageInfo, caption: str) -> str:
        """An image whose Markdown title is the caption; returns what is its title, as it is in no figure."""
        if not self.captions:
            return caption
        self.say(caption, info.credit)
        return ""

    def say(self, caption: str, credit: str = "") -> None:
        if self.captions and self.captions[-1] is not None:
            credit = f"<small>{escape(credit)}</small>" if credit else ""
            self.captions[-1] += [part for part in (escape(caption), credit) if part]

    def end(self, tag: str) -> str:
        """What to insert before the end tag."""
        if tag == "div" and self.divisions:
            self.divisions.pop()
        caption = self.captions.pop() if tag == "figure" and self.captions else None
        return f"<figcaption>{' '.join(caption)}</figcaption>" if caption else ""
