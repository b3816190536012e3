"""Puts the pictures of a text in their places: their new addresses, or what stands for those that are not here."""

import re
from collections.abc import Iterator
from html import escape

from publishing.text.markdown import escaped

from ...models import Image
from ..references import Form, Reference, References, written
from .finding import VARIANT

Edit = tuple[int, int, str]
_MARKUP = re.compile(r"\\([!-/:-@\[-`{-~])|[*_`~]|!?\[|\](?:\([^()]*\)|\[[^\]]*\])?")
# What may stand behind a picture that is a paragraph, and the lines without text after it.
_PARAGRAPH_END = re.compile(r"[ \t]*(?:\{[^{}\n]*\})?[ \t]*(?=\n[ \t]*\n|\s*\Z)")
_EMPTY_LINES = re.compile(r"(?:[ \t]*\n)*")


def plain(words: str) -> str:
    """Words in Markdown without their marks."""
    return " ".join(_MARKUP.sub(lambda mark: mark[1] or "", words).split()) if words else ""


def shown(reference: Reference, image: Image) -> Iterator[Edit]:
    """What shows a picture that is stored; its definition, if it has one, is changed once for all of its uses."""
    yield from _with(reference, image.file.url)


def left_on_web(reference: Reference, url: str) -> Iterator[Edit]:
    """What names a picture of another host; readers get a link."""
    if reference.form != Form.INLINE or reference.address != url:
        yield from _with(reference, url)


def _with(reference: Reference, address: str) -> Iterator[Edit]:
    if reference.form == Form.INLINE:
        yield *reference.at, written(address, reference)
    elif reference.form in (Form.HTML, Form.STYLE):
        title = f' title="{escape(reference.title)}"' if reference.title else ""
        tag = f'<img src="{written(address, reference)}" alt="{escape(reference.words)}"{title}>'
        yield reference.start, reference.end, tag


def as_words(reference: Reference) -> Iterator[Edit]:
    """The alternative text, and the caption, in the place of a picture."""
    if reference.form in (Form.INLINE, Form.USE):
        words, title = reference.words, escaped(reference.title)
    elif reference.in_html:
        words, title = escape(reference.words), escape(reference.title)
    else:
        words, title = escaped(reference.words), escaped(reference.title)
    parts = [words] if title == words else [words, title]
    yield reference.start, reference.end, " – ".join(filter(None, parts))


def unlinked(link: Reference, picture: Reference) -> Iterator[Edit]:
    """Take away a link around a picture that leads to the same picture."""
    if link.form in (Form.INLINE, Form.USE):
        yield link.start, picture.start, ""
        yield picture.end, link.end, ""


def is_variant(one: str, other: str) -> bool:
    """Whether two addresses are of sizes of one picture."""
    return VARIANT.sub("", one) == VARIANT.sub("", other)


def without_first(found: References, first: Reference) -> tuple[int, int, str] | None:
    """What takes away a picture that is the first paragraph of a text, but for its caption; None if it is not."""
    around = next((link for link in found.links if first in link.inner), first)
    end = _PARAGRAPH_END.match(found.text, around.end)
    if found.text[: around.start].strip() or not end or first.in_html:
        return None
    if first.title:
        return 0, end.end(), escaped(first.title)
    return 0, _EMPTY_LINES.match(found.text, end.end()).end(), ""
