"""Addresses in running text become links, by the rules of GitHub: https://github.github.com/gfm/#autolinks-extension-

Unlike there, names of packages with a version (`left-pad@1.3.0`) are no mail addresses, an address ends before quotes,
square brackets and Chinese punctuation, and `http://localhost:8000` is one.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

LONGEST = 2000
_SIGN = r"""(?:\\[!-/:-@\[-`{-~]|[^\s<>"`\[\]\\，。；：！？、）（「」『』《》【】“”‘’«»])"""
_DOMAIN = r"([\w-]++(?:\.[\w-]++)*+)"
_REST = rf"(?:{_SIGN}){{0,{LONGEST}}}+"
_SCHEMES = ("https", "http", "ftp")
_AFTER_SCHEME = re.compile(rf"://{_DOMAIN}{_REST}")
_IN_TEXT = re.compile(
    rf"(?<![^\s*_~(，。（：])www\.{_DOMAIN}{_REST}"
    r"|(?<![\w.+\-@/:])[A-Za-z0-9._+-]{1,64}+@[A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)++(?![\w@]|:\S|/)"
)
_PLAIN_LABEL = re.compile(r"[^\W_]+(?:-+[^\W_]+)*")
_ENTITY = re.compile(r"&[A-Za-z0-9]+;\Z")
_LINK_TAG = re.compile(r"<(/?)a[\s>]", re.IGNORECASE)
_BEGINS = re.compile(r"www\.|@")


def use_autolinks(markdown: MarkdownIt) -> None:
    markdown.inline.ruler.before("linkify", "autolinks", _after_scheme)
    markdown.core.ruler.after("inline", "autolinks", _in_text)


def _after_scheme(state: StateInline, silent: bool) -> bool:
    """`https://…`: at the colon, of which the scheme is pending. In linear time: each address is read once."""
    if silent or state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    before = state.pending[-6:].lower()
    scheme = next((scheme for scheme in _SCHEMES if before.endswith(scheme)), "")
    if not scheme or re.match(r"[A-Za-z0-9]", before[: -len(scheme)][-1:]):
        return False
    if not (found := _AFTER_SCHEME.match(state.src, state.pos)):
        return False
    rest = _trimmed(found[0])
    if not _is_domain(found[1]) or len(rest) <= 3:
        return False
    address = state.pending[-len(scheme) :] + rest
    state.pending = state.pending[: -len(scheme)]
    if state.pending:
        state.pushPending()
    for token in _link(unescapeAll(address), unescapeAll(address), state.level):
        state.tokens.append(token)
        state.tokens_meta.append(None)
    state.pos += len(rest)
    return True


def _in_text(state: StateCore) -> None:
    """`www.…` and mail addresses, in text that is in no link."""
    for token in state.tokens:
        if token.type != "inline" or not token.children or not _BEGINS.search(token.content):
            continue
        children, links = [], 0
        for child in token.children:
            if child.type in ("link_open", "link_close"):
                links += child.nesting
            elif child.type == "html_inline" and (tag := _LINK_TAG.match(child.content)):
                links = max(0, links + (-1 if tag[1] else 1))
            children += _linked(child) if child.type == "text" and not links else [child]
        token.children = children


def _linked(text: Token) -> list[Token]:
    parts, start = [], 0
    for found in _IN_TEXT.finditer(text.content):
        if found[1] is not None:
            address = _trimmed(found[0])
            target = f"http://{address}" if _is_domain(found[1]) else ""
        else:
            address = found[0]
            target = f"mailto:{address}" if _is_mail(address) else ""
        if not target:
            continue
        parts += [_text(text.content[start : found.start()], text.level), *_link(address, target, text.level)]
        start = found.start() + len(address)
    return [*parts, _text(text.content[start:], text.level)] if parts else [text]


def _is_domain(name: str) -> bool:
    """Underscores are for the labels before the last two."""
    return all(map(_PLAIN_LABEL.fullmatch, name.split(".")[-2:]))


def _is_mail(address: str) -> bool:
    last = address.rsplit(".", 1)[-1]
    return last[:1].isalpha() and last[-1:] not in "-_"


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence around it."""
    closing = address.count(")") - address.count("(")
    end = len(address)
    while end:
        last = address[end - 1]
        if last in "?!.,:*_~'":
            end -= 1
        elif last == ")" and closing > 0:
            closing -= 1
            end -= 1
        elif last == ";" and (entity := _ENTITY.search(address, max(0, end - 40), end)):
            end = entity.start()
        elif last == ";":
            end -= 1
        else:
            break
    return address[:end]


def _link(words: str, target: str, level: int) -> list[Token]:
    href = _normal.normalizeLink(target)
    return [
        Token("link_open", "a", 1, attrs={"href": href}, level=level, markup="linkify", info="auto"),
        _text(words, level + 1),
        Token("link_close", "a", -1, level=level, markup="linkify", info="auto"),
    ]


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


_normal = MarkdownIt("zero")
