"""Typographic punctuation for what was typed with a keyboard: curly quotes, apostrophes, dashes, an ellipsis.

Never in code, addresses or HTML. Time is linear: a text with unlikely many quotes keeps the rest of them straight.
"""

import re
from functools import lru_cache
from types import SimpleNamespace

from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import process_inlines
from markdown_it.token import Token

LANGUAGE = "en"
# Opening and closing quotes, then those within them.
QUOTES = {"en": "“”‘’", "de": "„“‚‘", "fr": ("«\u202f", "\u202f»", "“", "”")}
# The library takes quotes × length for a paragraph. Prose of 500,000 characters has four millions.
MOST_WORK = 10_000_000

_TYPED = re.compile(r"""['"]|--|\.\.\.""")
# Addresses come first, so that nothing in them is found. Unlike in the library, (c), .. and --option stay.
_DASHES = re.compile(
    r"https?://\S+|(?<!\|) ---?(?=\s)|(?<![-<!])(?<!\| )---(?![->])|(?:(?<=\s)--(?=\s)|(?<=[^\s\-<!])--(?=[^\s\->]|\Z))"
    r"|(?<![./])\.\.\.(?![./])"
)
# A dash between spaces does not begin a line.
_SIGNS = {"--": "–", "---": "—", "...": "…", " --": "\u00a0–", " ---": "\u00a0—"}
# An apostrophe where an opening quote may stand: ’90s, rock ’n’ roll, ’tis.
_APOSTROPHES = re.compile(r"(?<!\w)'(?:(?=(?:\d\ds?|tis|twas|em|til|cause)\b(?!'))|n'(?!\w))", re.IGNORECASE)
# What opens and is not closed in its paragraph, as in the first ones of a quotation of several.
_OPEN = re.compile(r"""(?:(?<=[\s(\[—–“])|^)["'](?=\w)""")
_CODE_TAG = re.compile(r"<(/?)(?:code|kbd|samp|var|pre|tt)\b", re.IGNORECASE)

_BREAKS = ("softbreak", "hardbreak")
_STRAIGHT = str.maketrans(
    {**dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’‚", "'"), "–": "--", "—": "---", "…": "...", "\u00a0": " "}
)


def straight(text: str) -> str:
    """`text` as a keyboard types it, for comparing: equal before and after `typeset`."""
    return text.translate(_STRAIGHT)


@lru_cache(maxsize=4096)
def typeset(text: str, language: str = LANGUAGE) -> str:
    """A line of plain text with typographic punctuation: a title, a summary, a name."""
    if not _TYPED.search(text):
        return text
    token = Token("text", "", 0, content=text)
    _typeset([token], len(text), language, {})
    return token.content


def typography(state: StateCore) -> None:
    """The rule for Markdown: all text but code and addresses. `env` may have its `language`."""
    language = state.env.get("language", LANGUAGE)
    for token in state.tokens:
        if token.type == "inline" and token.children and _TYPED.search(token.content):
            _protect(token.children)
            _typeset(token.children, len(token.content), language, state.env)


def _protect(children: list[Token]) -> None:
    """Make text in code and of addresses `text_special`, which no rule changes and the next one makes text again."""
    code, address = 0, False
    for child in children:
        if child.type == "html_inline" and (tag := _CODE_TAG.match(child.content)):
            code = max(0, code + (-1 if tag[1] else 1))
        elif child.type in ("link_open", "link_close"):
            address = child.type == "link_open" and child.info == "auto"
        elif child.type == "text" and (code or address):
            child.type = "text_special"


def _typeset(children: list[Token], length: int, language: str, env: dict) -> None:
    quotes = QUOTES.get(language.partition("-")[0], QUOTES[LANGUAGE])
    number = 0
    for place, child in enumerate(children):
        if child.type == "image" and child.attrs.get("title"):
            # The caption.
            child.attrs["title"] = typeset(str(child.attrs["title"]), language)
        elif child.type == "text" and _TYPED.search(child.content):
            is_joined = place and children[place - 1].type not in _BREAKS
            child.content = _with_dashes(child.content, is_joined=bool(is_joined))
            child.content = _APOSTROPHES.sub(lambda found: found[0].replace("'", "’"), child.content)
            number += child.content.count('"') + child.content.count("'")
    env["quotes"] = env.get("quotes", 0) + number * length
    if not number or env["quotes"] > MOST_WORK:
        return
    process_inlines(children, SimpleNamespace(md=SimpleNamespace(options=SimpleNamespace(quotes=quotes))))
    for child in children:
        if child.type == "text":
            child.content = _OPEN.sub(lambda found: quotes[0] if found[0] == '"' else "’", child.content)


def _with_dashes(text: str, *, is_joined: bool) -> str:
    """`is_joined` to something before it: a dash at its start is not that of an option."""
    before = "x" if is_joined else ""
    return _DASHES.sub(lambda found: _SIGNS.get(found[0], found[0]), before + text)[len(before) :]
