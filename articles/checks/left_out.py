"""What a text has that readers do not see: HTML and addresses that the sanitiser takes out, and unread formulas."""

import re
from collections.abc import Iterator
from html import unescape

from django.utils.translation import gettext as _
from markdown_it.token import Token

from publishing.text.blocks import cleaning, formulas, mathml

from .findings import Finding

# Bounded, so that a hostile text takes linear time.
_TAG = re.compile(r"""<([a-zA-Z][\w:-]{0,40}+)((?:[^<>"']++|"[^"]{0,2000}+"|'[^']{0,2000}+')*+)>""")
_ATTRIBUTE = re.compile(
    r"""([^\s"'=<>/]{1,60}+)(?:\s{0,9}=\s{0,9}(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'<>]{1,2000})))?"""
)
_SCHEME = re.compile(r"[\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.\-]{0,40}):")
_IN_SCHEME = re.compile(r"[\t\n\r]")
# What these hold goes, too.
_WITH_ALL = frozenset({"script", "style"})
# Attributes that the renderer writes itself, or that say nothing to anyone.
_UNNAMED = frozenset({"width", "height", "loading", "decoding", "srcset", "sizes", "rel", "target", "class", "/"})


def left_out(token: Token, line: int | None) -> Iterator[Finding]:
    """In one token of the renderer, each with its line."""
    if token.type in formulas.TYPES:
        yield from _formula(token, line)
    elif token.type == "link_open":
        yield from _address(str(token.attrGet("href") or ""), line)
    elif token.type == "image":
        yield from _address(str(token.attrGet("src") or ""), line)
    elif token.type in ("html_block", "html_inline"):
        content = formulas.Formulas().hide_all(token.content) if "<math" in token.content else token.content
        at = 0
        for tag in _TAG.finditer(content):
            line, at = line and line + content.count("\n", at, tag.start()), tag.start()
            yield from _html(tag[1], tag[2], line, is_block=token.type == "html_block")


def _html(name: str, attributes: str, line: int | None, *, is_block: bool) -> Iterator[Finding]:
    shown, name = name, name.lower()
    if name not in cleaning.TAGS:
        if name in _WITH_ALL:
            message = _("<%(tag)s> is left out, with all that is in it.")
        elif is_block or name in cleaning.UNSEEN_TAGS:
            message = _("<%(tag)s> is left out. What is in it stays.")
        else:
            # Member<T>
            message = _("<%(tag)s> is shown as text. Put it in `…` if it is code.")
        yield Finding("left-out", message % {"tag": shown}, line=line, about=f"<{name}>")
        return
    allowed = cleaning.ATTRIBUTES.get(name, set()) | cleaning.ATTRIBUTES["*"] | _UNNAMED
    for attribute, *values in _ATTRIBUTE.findall(attributes):
        if attribute.lower() not in allowed:
            message = _("%(attribute)s of <%(tag)s> is left out.")
            yield Finding("left-out", message % {"attribute": attribute, "tag": name}, line=line, about=attribute)
        elif attribute.lower() in ("href", "src"):
            yield from _address(unescape("".join(values)), line)


def _address(address: str, line: int | None) -> Iterator[Finding]:
    scheme = _SCHEME.match(_IN_SCHEME.sub("", address[:200]))
    if scheme and scheme[1].lower() not in cleaning.SCHEMES:
        message = _("The address %(scheme)s: is left out. What it stands on stays.") % {"scheme": scheme[1]}
        yield Finding("left-out", message, line=line, about=address[:200])


def _formula(token: Token, line: int | None) -> Iterator[Finding]:
    if problem := token.meta.get("problem"):
        sentences = {
            mathml.TOO_LONG: _("A formula has at most %(most)s characters.") % {"most": mathml.LONGEST},
            mathml.TOO_DEEP: _("Its braces nest too deep."),
            mathml.DEFINITION: _("It defines a command. Write out what that stands for."),
            formulas.TOO_MANY: _("The text has too many formulas."),
        }
        source = " ".join(token.content.split())
        values = {"formula": source if len(source) <= 60 else f"{source[:59]}…"}
        values["reason"] = sentences.get(problem) or f"{problem}."
        message = _("The formula “%(formula)s” is shown as typed. %(reason)s") % values
        yield Finding("unread-formula", message, line=line, about=token.content[:200])
