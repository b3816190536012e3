"""Any HTML as a tree: read as browsers read it, in linear time, of a limited depth."""

import re

import nh3
from django.utils.translation import gettext as _

from publishing.transfer.notes import Kind, Notes

from .tree import Node, TreeBuilder

# Elements nested deeper are left out; what is in them stays. Each level takes frames of Python's stack, those of
# tables four times as many.
DEPTH, TEXT_DEPTH = 40, 8
_TEXT_TAGS = frozenset("a b big code em font i nobr s small strike strong tt u".split())  # noqa: SIM905
# Void elements, and those that end where the next one begins.
_SHALLOW_TAGS = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot "  # noqa: SIM905
    "option colgroup".split()
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
# Elements whose content is text up to their end tag.
_RAW = ("iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp")
_RAW_TAG = re.compile(rf"<(/?)({'|'.join(_RAW)})\b([^<>]*>)?", re.IGNORECASE)
# In which another one begins.
_ENDLESS = re.compile(r"<(?=(?:[a-zA-Z/?]|!\[)[^<>]*(?:<|\Z))")
MOST_ENDLESS = 200
_NOSCRIPT = re.compile(r"<(/?)noscript\b[^<>]*>", re.IGNORECASE)
_GIST = re.compile(r"<script\b[^<>]*?\ssrc=[\"']?(https://gist\.github\.com/[^\"'\s<>]+?)\.js\b", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b([^<>]*)>", re.IGNORECASE)
_SOURCE = re.compile(r"\ssrc=[\"']?(?:https?:)?//([^\"'\s/<>]+)", re.IGNORECASE)
# Plain text and descriptions for machines; what only makes an embedded quotation look like the original.
_UNTOLD_SCRIPT = re.compile(
    r"type=[\"']?(?:application/(?:ld\+)?json|text/(?:template|html))|platform\.(?:twitter|x)\.com|instagram\.com/embed"
    r"|tiktok\.com/embed|embed\.(?:redditmedia|bsky)\.|/kg-[\w-]+\.js",
    re.IGNORECASE,
)

# Stand for ampersands and non-breaking spaces, in no text.
_AS_OWN = {ord("&"): "\ufdd0", ord("\xa0"): "\ufdd1"}
_OWN = re.compile("[\0\ufdd0\ufdd1]")

_TAGS = set(
    "a abbr acronym address article aside audio b big blockquote br button caption center cite code col colgroup dd "  # noqa: SIM905
    "details dfn div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hgroup hr i "
    "iframe img input ins kbd label legend li main mark menu nav object ol option p param picture pre q rp rt ruby s "
    "samp section select small source span strike strong sub summary sup svg table tbody td textarea tfoot th thead "
    "del time tr tt u ul var video wbr".split()
)
_ATTRIBUTES = {
    "*": set("alt class cite colspan dir align href id lang name poster role rowspan scope src srcset start style "  # noqa: SIM905
             "title type value checked data datetime width height open reversed controls".split()),
}  # fmt: skip
_SCHEMES = set("data feed ftp geo http https irc magnet mailto sms tel xmpp".split())  # noqa: SIM905


def parse(html: str, notes: Notes) -> Node:
    """The tree of `html` with elements and attributes that mean something here; scripts are named in `notes`."""
    # The library takes quadratic time for references to characters and for what it writes as such.
    html = _OWN.sub("", html).translate(_AS_OWN)
    _name_scripts(html, notes)
    html = _GIST.sub(r'<iframe src="\1"></iframe>\g<0>', html)
    # Its content would be text instead of elements.
    html = _NOSCRIPT.sub(r'<\1span data-noscript="">', html).replace('</span data-noscript="">', "</span>")
    html = _bounded(_closed(html), notes)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        generic_attribute_prefixes={"data-"},
        clean_content_tags={"script", "style", "title", "noembed", "noframes"},
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    builder = TreeBuilder({own: chr(usual) for usual, own in _AS_OWN.items()})
    builder.feed(clean)
    builder.close()
    return builder.root


def _name_scripts(html: str, notes: Notes) -> None:
    names = {}
    for attributes in _SCRIPT.findall(html):
        if not _UNTOLD_SCRIPT.search(attributes) and "gist.github.com" not in attributes:
            host = _SOURCE.search(attributes)
            names[host[1][:100] if host else ""] = True
    for name in names:
        words = _("a script of %(host)s was left out") if name else _("a script was left out")
        notes.lose(Kind.SYNTAX, words % {"host": name})


def readable(html: str) -> str:
    """`html` that Python's own parser reads in linear time: many tags that do not end are text."""
    html = _without_open_comments(html)
    return _ENDLESS.sub("&lt;", html) if len(_ENDLESS.findall(html)) > MOST_ENDLESS else html


def _without_open_comments(html: str) -> str:
    end = html.rfind("-->") + 1
    return html[:end] + html[end:].replace("<!--", "")


def _closed(html: str) -> str:
    """`html` in which no element with raw text and no comment swallows what comes after it."""
    html = _without_open_comments(html)
    tags = list(_RAW_TAG.finditer(html))
    last = {tag[2].lower(): tag for tag in tags}
    for tag in sorted(last.values(), key=lambda tag: -tag.start()):
        if not tag[1]:
            html = f"{html[: tag.end()]}{'' if tag[3] else '>'}</{tag[2]}>{html[tag.end() :]}"
    return html


def _bounded(html: str, notes: Notes) -> str:
    """`html` without the tags that nest too deep: they become void elements, which are left out later."""
    opened, too_deep, told = [], [], []

    def check(tag: re.Match) -> str:
        name = tag[2].lower()
        if name in _SHALLOW_TAGS:
            return tag[0]
        if tag[1]:
            if too_deep and too_deep[-1] == name:
                too_deep.pop()
                return "</wbr"
            if name in opened:
                del opened[len(opened) - 1 - opened[::-1].index(name) :]
            return tag[0]
        if len(opened) >= DEPTH or name in _TEXT_TAGS and sum(map(_TEXT_TAGS.__contains__, opened)) >= TEXT_DEPTH:
            too_deep.append(name)
            told.append(name)
            return "<wbr"
        opened.append(name)
        return tag[0]

    html = _TAG.sub(check, html)
    if told:
        notes.add(Kind.SYNTAX, _("elements nested very deep were left out, with their text kept"))
    return html
