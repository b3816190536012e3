"""The pass over sanitised HTML: pictures, tables, ids, and a list of the blocks at its top."""

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from .. import pictures, recordings
from ..heading_ids import PAGE_IDS, PAGE_NUMBERS
from ..reading_time import count_words
from .formulas import frame

VOID_TAGS = frozenset({"br", "hr", "img", "input", "col", "wbr"})


@dataclass(frozen=True)
class Block:
    """A top-level element of rendered HTML: tag, offset of its end, number of words."""

    tag: str
    end: int
    words: int


class Finisher(HTMLParser):
    """One pass over sanitised HTML: sizes of images, scrolling tables, unique ids, and a list of top-level blocks.

    `card_pictures` are those of cards, by address: they are not counted as pictures of the text. `formulas` are those
    that the sanitiser did not see.
    """

    def __init__(self, resolve_image, first_is_lazy, card_pictures, formulas):
        super().__init__(convert_charrefs=False)
        self.resolve_image, self.first_is_lazy, self.figures = resolve_image, first_is_lazy, pictures.Figures()
        self.card_pictures, self.formulas = card_pictures, formulas
        self.out, self.length, self.depth, self.words = [], 0, 0, 0
        self.ids, self.blocks, self.images, self.links = set(PAGE_IDS), [], 0, 0
        # The addresses and the name of an <audio> or <video> that is open.
        self.player = None

    def write(self, text):
        self.out.append(text)
        self.length += len(text)

    def handle_starttag(self, tag, attributes):
        if tag in recordings.ELEMENTS or self.player:
            self.open_player(tag, dict(attributes))
            return
        if tag == "img":
            self.write(self.image(dict(attributes)))
            return
        if tag in ("source", "track") or (tag == "input" and ("type", "checkbox") not in attributes):
            return
        if tag == "table":
            self.write(f'<div class="table" tabindex="0" role="group" aria-label="{escape(_("Table"))}">')
        self.write(self.opening(tag, attributes))
        self.figures.start(tag, dict(attributes).get("class") or "")
        self.links += tag == "a"
        if tag not in VOID_TAGS:
            self.depth += 1
        elif not self.depth:
            self.end_block(tag)

    def opening(self, tag, attributes):
        text = self.get_starttag_text().replace(' class=""', "")
        if tag in ("div", "span") and ("class", "math") in attributes:
            text = frame(tag)
        if tag == "aside" and ("role", "note") not in attributes:
            # Otherwise it would be a landmark of the page.
            text = f'{text.removesuffix(">")} role="note">'
        identifier = dict(attributes).get("id")
        if identifier is not None:
            if identifier in self.ids or PAGE_NUMBERS.fullmatch(identifier):
                text = re.sub(r' id="[^"]*"', "", text, count=1)
            self.ids.add(identifier)
        return text

    def handle_endtag(self, tag):
        if self.player or tag in recordings.ELEMENTS:
            # The end of one in another has closed both.
            if self.player and tag in recordings.ELEMENTS:
                self.close_player(tag)
            return
        self.write(f"{self.figures.end(tag)}</{tag}>")
        if tag == "table":
            self.write("</div>")
        self.links -= tag == "a"
        self.depth -= 1
        if not self.depth:
            self.end_block(tag)

    def open_player(self, tag, attributes):
        """An element of HTML that plays something; what is in it is for browsers that cannot."""
        if tag in recordings.ELEMENTS:
            self.player = [], attributes.get("title") or attributes.get("aria-label") or ""
        if self.player and attributes.get("src") and tag != "track":
            self.player[0].append(attributes["src"])

    def close_player(self, tag):
        (addresses, label), self.player = self.player, None
        found = (self.resolve_image and self.resolve_image(address) for address in addresses)
        info = next((info for info in found if isinstance(info, recordings.RecordingInfo)), None)
        text = recordings.tag(info, label or info.title) if info else recordings.link(tag, addresses, label)
        self.write(text if info or self.depth else f"<p>{text}</p>")
        if not self.depth:
            self.end_block(tag if info else "p")

    def handle_data(self, data):
        if self.player:
            return
        self.words += count_words(self.formulas.as_words(data))
        self.write(self.formulas.shown(data))

    def handle_entityref(self, name):
        if not self.player:
            self.write(f"&{name};")

    def handle_charref(self, name):
        if not self.player:
            self.write(f"&#{name};")

    def end_block(self, tag):
        self.blocks.append(Block(tag, self.length, self.words))
        self.words = 0

    def image(self, attributes):
        source, alt = attributes.get("src") or "", attributes.get("alt") or ""
        if source in self.card_pictures:
            return pictures.tag(self.card_pictures[source], "")
        info = self.resolve_image(source) if self.resolve_image and source else None
        if isinstance(info, recordings.RecordingInfo):
            label = alt or info.title
            self.figures.say(attributes.get("title") or label)
            return recordings.tag(info, label)
        if info:
            self.images += 1
            title = self.figures.show(info, attributes.get("title") or "")
            is_first = self.images == 1 and not self.first_is_lazy
            return pictures.tag(info, alt, sizes=self.figures.sizes, lazy=not is_first, title=title)
        caption = attributes.get("title") or ""
        below = f" <small>{escape(caption, quote=False)}</small>" if caption else ""
        if source.startswith(("http://", "https://")) and not self.links:
            return f'<a href="{escape(source)}">{pictures.label(alt)}</a>{below}'
        return f"<em>{pictures.label(alt)}</em>{below}"
