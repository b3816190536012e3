"""What HTML articles may have: all else is taken out."""

from html import escape

import nh3

from .. import pictures
from . import containers
from .formulas import Formulas

CLASSES = {
    "span": {"k", "s", "f", "n", "d", "math"},
    "section": {"footnotes"},
    "ol": {"footnotes-list"},
    "ul": {"contains-task-list"},
    "li": {"footnote-item", "task-list-item"},
    "sup": {"footnote-ref"},
    "a": {"footnote-backref"},
    "hr": {"footnotes-sep"},
    "div": {"box", "bookmark", "math", *pictures.PLACES},
    "aside": {"box", *containers.BOXES},
    "blockquote": {"pull"},
    "p": {"label"},
}
# Of addresses in articles. Others act, or lead nowhere in a browser.
SCHEMES = {"http", "https", "mailto", "ftp", "tel"}
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "id"},
    "img": {"src", "alt"},
    "pre": {"tabindex", "role", "aria-label"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "li": {"id"},
    "input": {"type", "checked", "disabled"},
    "time": {"datetime"},
    "aside": {"role"},
    **dict.fromkeys(("audio", "video"), {"src", "aria-label"}),
    **dict.fromkeys(("source", "track"), {"src"}),
    **{heading: {"id"} for heading in _HEADINGS},
}
# Tags that only change the look are removed. Others that are not allowed are shown as text: `Member<T>`.
UNSEEN_TAGS = frozenset({"big", "button", "center", "font", "nobr", "tt"})
TAGS = set(
    "p br hr a em strong b i s del ins u mark small sub sup abbr cite q kbd samp var code pre span blockquote "  # noqa: SIM905
    "ul ol li dl dt dd table thead tbody tfoot tr th td caption figure figcaption img input label section div time "
    "details summary aside audio video source track".split()
) | set(_HEADINGS)


_ONLY = {
    ("input", "type"): "checkbox",
    ("pre", "tabindex"): "0",
    ("pre", "role"): "group",
    ("aside", "role"): "note",
}


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "align":
        return value.lower() if value.lower() in ("left", "center", "right") else None
    return value if value == _ONLY.get((tag, name), value) else None


once = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    attribute_filter=_keep_attribute,
    url_schemes=SCHEMES,
    link_rel=None,
).clean


def clean(html: str) -> str:
    """Sanitised HTML that parses to itself, so browsers read it as the sanitiser did. 1 ms for a page."""
    for _ in range(5):
        html, before = once(html), html
        if html == before:
            return html
    return escape(html, quote=False)


# What a finished text has besides: pictures with their sizes, tables that scroll, and boxes that are no landmarks.
_finished_once = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES
    | {
        "img": {"src", "alt", "width", "height", "srcset", "sizes", "loading", "decoding"},
        "div": {"tabindex", "role", "aria-label"},
        "span": {"tabindex", "role", "aria-label"},
        "audio": {"controls", "preload", "src", "aria-label"},
        "video": {"controls", "preload", "src", "width", "height", "aria-label"},
        "track": {"kind", "src", "srclang", "default"},
    },
    allowed_classes=CLASSES | {"div": CLASSES["div"] | {"table"}},
    attribute_filter=_keep_attribute,
    url_schemes=SCHEMES,
    link_rel=None,
).clean


def cleaned_again(html: str) -> str:
    """HTML from outside that claims to be of `render_article`: all that this never writes is taken out."""
    formulas = Formulas()
    html = formulas.hide_all(html)
    for _ in range(5):
        html, before = _finished_once(html), html
        if html == before:
            return formulas.show_all(html)
    return escape(html, quote=False)
