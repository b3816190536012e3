"""Typographic punctuation for what was typed with a keyboard: curly quotes, apostrophes, dashes, an ellipsis.

Quotes are those of CLDR 48 for the language (common/main/*.xml, <delimiters>), but for these. French sets its narrow
spaces inside «…» and before ; ! ? : where a space was typed, and “…” within (Imprimerie nationale, Lexique des règles
typographiques); Swiss German has «…» (Bundeskanzlei, Schreibweisungen); Dutch has “…”, as it is typed. In Chinese,
Japanese, Korean and Thai, quotes open and close in turn.

Never in code, addresses or HTML. Time is linear: a text with unlikely many quotes keeps the rest of them straight.
"""

import re
from functools import lru_cache
from types import SimpleNamespace

from django.conf import settings
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import process_inlines
from markdown_it.token import Token

# Opening and closing quotes, then those within them, for languages and regions. Others have those of English.
_ENGLISH = "“”‘’"
_LANGUAGES = {
    "„“‚‘": "de cs sk sl hr is mk et lb",
    "„”«»": "pl ro",
    "„”’’": "sr",
    "„”»«": "hu",
    "„“„“": "bg lt",
    "«»„“": "ru uk be",
    "«»“”": "el ca eu kk pt-pt it-ch",
    "«»‹›": "de-ch de-li fr-ch fa",
    "«»‘’": "nb nn no",
    "”“’‘": "ar ur",
    "””’’": "sv fi he",
    "「」『』": "ja zh-hant zh-tw zh-hk zh-mo",
}
QUOTES = {language: quotes for quotes, languages in _LANGUAGES.items() for language in languages.split()}
QUOTES["fr"] = ("«\u202f", "\u202f»", "“", "”")
# Written without spaces between words, or with endings behind a quote: quotes open and close in turn.
_IN_TURN = frozenset({"ja", "zh", "ko", "th", "lo", "km", "my", "yue"})
_FRENCH_SPACES = re.compile(r"(?<=\S)[ \u00a0](?=[;!?]+(?:\s|$))|(?<=«)[ \u00a0]|[ \u00a0](?=»)")
_FRENCH = frozenset({"fr", "fr-fr", "fr-be", "fr-lu", "fr-mc"})
_FRENCH_COLON = re.compile(r"(?<=\S) (?=:(?:\s|$))")
# The library takes quotes × length for a paragraph. Prose of 500,000 characters has four millions.
MOST_WORK = 10_000_000

_TYPED = re.compile(r"""['"]|--|\.\.\.| [;:!?»]|« """)
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
    {
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‚‹›", "'"),
        **dict.fromkeys("\u00a0\u202f", " "),
        "–": "--",
        "—": "---",
        "…": "...",
    }
)
_SPACES_OF_QUOTES = re.compile("(?<=«)[ \u00a0\u202f]|[ \u00a0\u202f](?=»)")


def quotes_of(language: str) -> tuple[str, ...] | str:
    """Those of a language tag, or of the language in it."""
    tag = language.lower()
    if tag == "fr-ca":
        return ("«\u00a0", "\u00a0»", "“", "”")
    return QUOTES.get(tag) or QUOTES.get(tag.rpartition("-")[0]) or QUOTES.get(tag.partition("-")[0], _ENGLISH)


def straight(text: str) -> str:
    """`text` as a keyboard types it, for comparing: equal before and after `typeset`."""
    return _SPACES_OF_QUOTES.sub("", text).translate(_STRAIGHT) if not text.isascii() else text


def typeset(text: str, language: str = "") -> str:
    """A line of plain text with typographic punctuation: a title, a summary, a name. Without `language`, the site's."""
    return _typeset_line(text, language or settings.LANGUAGE_CODE) if _TYPED.search(text) else text


@lru_cache(maxsize=4096)
def _typeset_line(text: str, language: str) -> str:
    token = Token("text", "", 0, content=text)
    _typeset([token], len(text), language, {})
    return token.content


def typography(state: StateCore) -> None:
    """The rule for Markdown: all text but code and addresses. `env` may have its `language`."""
    language = state.env.get("language") or settings.LANGUAGE_CODE
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
    quotes, number, base = quotes_of(language), 0, language.lower().partition("-")[0]
    for place, child in enumerate(children):
        if child.type == "image" and child.attrs.get("title"):
            # The caption.
            child.attrs["title"] = typeset(str(child.attrs["title"]), language)
        elif child.type == "text" and _TYPED.search(child.content):
            is_joined = place and children[place - 1].type not in _BREAKS
            child.content = _with_dashes(child.content, is_joined=bool(is_joined))
            child.content = _APOSTROPHES.sub(lambda found: found[0].replace("'", "’"), child.content)
            if language.lower() in _FRENCH:
                child.content = _FRENCH_COLON.sub("\u00a0", _FRENCH_SPACES.sub("\u202f", child.content))
            number += child.content.count('"') + child.content.count("'")
    env["quotes"] = env.get("quotes", 0) + number * length
    if not number or env["quotes"] > MOST_WORK:
        return
    if base in _IN_TURN:
        _in_turn([child for child in children if child.type == "text"], quotes)
        return
    process_inlines(children, SimpleNamespace(md=SimpleNamespace(options=SimpleNamespace(quotes=quotes))))
    for child in children:
        if child.type == "text":
            child.content = _OPEN.sub(lambda found: quotes[0] if found[0] == '"' else "’", child.content)


def _in_turn(texts: list[Token], quotes: tuple[str, ...] | str) -> None:
    """Double quotes open and close in turn, if all of a paragraph do. Single ones are apostrophes of foreign words."""
    joined = "".join(text.content for text in texts)
    places = [found.start() for found in re.finditer('"', joined)]
    outside = [joined[place + (1 if turn % 2 == 0 else -1) :][:1] for turn, place in enumerate(places)]
    if len(places) % 2 or any(not character.strip() for character in outside):
        return
    turn = 0
    for text in texts:
        parts = text.content.split('"')
        out = parts[:1]
        for part in parts[1:]:
            out += [quotes[turn % 2], part]
            turn += 1
        text.content = re.sub(r"(?<=[A-Za-z])'(?=[A-Za-z])", "’", "".join(out))


def _with_dashes(text: str, *, is_joined: bool) -> str:
    """`is_joined` to something before it: a dash at its start is not that of an option."""
    before = "x" if is_joined else ""
    return _DASHES.sub(lambda found: _SIGNS.get(found[0], found[0]), before + text)[len(before) :]
