"""reStructuredText, through docutils: no file is read, and no raw HTML taken."""

import re

from docutils.core import publish_parts
from docutils.utils import SystemMessage

from publishing.transfer.notes import Kind, Refused

from ....records import Post
from . import html_page

_LINE = r"([=\-`:.'\"~^_*+#!$%&(),/;<>?@\[\]\\{|}])\1{2,}"
_OVER = re.compile(r"\s*" + _LINE + r"[ \t]*\n[ \t]*(\S.*)\n\1{3,}[ \t]*\n")
_UNDER = re.compile(r"\s*(\S.*)\n" + _LINE + r"[ \t]*\n")
_FIELD = re.compile(r":([\w -]+):[ \t]*(.*(?:\n[ \t]+\S.*)*)(?:\n|$)")
SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 6,
    "syntax_highlight": "none",
    "initial_header_level": 2,
    "doctitle_xform": False,
    "embed_stylesheet": False,
    "math_output": "LaTeX",
    "smart_quotes": False,
    "line_length_limit": 100_000,
}


def read(head: dict, body: str):
    """The title is the first heading; fields above or below it are the head."""
    head, rest = dict(head), body
    rest = _fields(head, rest)
    if "title" not in head:
        if over := _OVER.match(rest):
            head["title"], rest = over[2].strip(), rest[over.end() :]
        elif under := _UNDER.match(rest):
            head["title"], rest = under[1].strip(), rest[under.end() :]
    return head, _fields(head, rest), to_markdown


def _fields(head, text) -> str:
    rest = text.lstrip("\n")
    while found := _FIELD.match(rest):
        head.setdefault(found[1].strip().lower(), " ".join(found[2].split()))
        rest = rest[found.end() :]
    return rest


def to_markdown(post: Post) -> str:
    """Raises Refused if docutils cannot read it."""
    messages = []

    try:
        parts = publish_parts(post.text, writer="html5", settings_overrides=SETTINGS)
    except (SystemMessage, RecursionError, ValueError, AttributeError, IndexError, KeyError) as error:
        raise Refused(f"the reStructuredText is broken: {str(error)[:200]}") from error
    for message in messages:
        post.notes.lose(Kind.SYNTAX, message)
    return html_page.to_markdown(Post(post.key, post.digest, post.path, text=parts["body"], notes=post.notes))
