"""Linear time for rendering any text: a measure of the work that a source may cause, and own rules in place of those
of the libraries that take more than linear time.
"""

import re
import sys
from html import unescape

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .parsing import normal_line_ends

# --- effort ---

# A unit is at most 25 µs of CPU, so this is two to three seconds. Prose has 0.04 units a character, the densest of 354
# articles by others (a changelog of links) 0.3.
MOST_EFFORT = 100_000
# Characters that may begin markup cost a unit; a line may be a list item, and a bar a cell, of several tokens each.
_EFFORT = {"\n": 3, "|": 2, "^": 3, "$": 2} | dict.fromkeys("*_`~=[]!<&\\", 1)


def effort(source: str) -> int:
    """The units of work that rendering `source` may cause."""
    source = normal_line_ends(source)
    return sum(units * source.count(mark) for mark, units in _EFFORT.items())


def validate_effort(value: str) -> None:
    if effort(value) > MOST_EFFORT:
        raise ValidationError(
            _(
                "This text has too many short lines, table cells or Markdown characters for one page. Split "
                "it into several pages."
            )
        )


# --- tables ---

# Missing cells of a row are rendered empty: `|` under a wide header costs as much as a full row. After the table that
# reaches this number, tables stay plain text.
EMPTY_CELLS = 5000
# The limit of the library for one table, by default 65,536.
sys.modules[table.__module__].MAX_AUTOCOMPLETED_CELLS = EMPTY_CELLS


def bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The library's rule for tables, until the text has `EMPTY_CELLS`."""
    if state.env.get("empty_cells", 0) > EMPTY_CELLS:
        return False
    first = len(state.tokens)
    found = table(state, start, end, silent)
    if found and not silent:
        empty = sum(token.type == "inline" and not token.content for token in state.tokens[first:])
        state.env["empty_cells"] = state.env.get("empty_cells", 0) + empty
    return found


# --- task lists ---

_TASK = re.compile(r"\[([ xX])\][ \t\n]")


def task_lists(state: StateCore) -> None:
    """Give list items that begin with `[ ]` or `[x]` a checkbox, in one pass."""
    lists, tokens = [], state.tokens
    for place, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open" and (text := _task(tokens[place + 1 : place + 3])):
            token.attrSet("class", "task-list-item")
            lists[-1].attrSet("class", "contains-task-list")
            text.children[0].content = text.children[0].content[3:]
            checked = "" if text.content[1] == " " else " checked"
            text.content = text.content[3:]
            label = f'<label><input type="checkbox" disabled{checked}>'
            text.children = [_html(label), *text.children, _html("</label>")]


def _task(tokens: list[Token]) -> Token | None:
    """The text of a task; `tokens` are the two after the first token of the list item."""
    if len(tokens) < 2 or tokens[0].type != "paragraph_open" or not _TASK.match(tokens[1].content):
        return None
    return tokens[1] if tokens[1].children and tokens[1].children[0].type == "text" else None


def _html(content: str) -> Token:
    return Token("html_inline", "", 0, content=content)


# --- HTML ---

# HTML parsers search all open elements at each new one, and open text elements (b, i, …) again in each paragraph. A tag
# beyond these depths is shown as text.
HTML_DEPTH, TEXT_DEPTH = 32, 6
_TEXT_TAGS = frozenset(
    {"a", "b", "code", "em", "i", "s", "small", "strong", "u", "big", "font", "nobr", "tt", "strike"}
)
# Void elements, and those that end where the next one begins.
_SHALLOW_TAGS = frozenset(
    "area br col hr img input link meta wbr p li dt dd tr td th thead tbody tfoot option".split()  # noqa: SIM905
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
# Elements with raw text. One that is not closed would swallow the rest of the article.
_SWALLOWING = re.compile(
    r"<(?=(/?)(?:audio|iframe|noembed|noframes|noscript|plaintext|script|style|template|textarea|title|video|xmp)\b)",
    re.I,
)


# A tag up to where it ends, or where it cannot be one.
_REST_OF_TAG = re.compile(r"""(?:[^<>"']++|"[^"]*+"|'[^']*+')*+(>?)""")


def _with_whole_tags(html: str) -> str:
    """`html` with the brackets of tags escaped that do not end: they would swallow what comes after them."""
    out, start = [], 0
    while tag := _TAG.search(html, start):
        rest = _REST_OF_TAG.match(html, tag.end())
        whole = html[tag.start() : rest.end()]
        # Past its end, so that each character is read once.
        out += [html[start : tag.start()], whole if rest[1] else whole.replace("<", "&lt;")]
        start = rest.end()
    return "".join([*out, html[start:]])


def bounded_block(html: str, env: dict) -> str:
    """`bounded_html` of a block, in which no element and no tag may swallow what comes after it."""
    html = _with_whole_tags(html)
    slashes = _SWALLOWING.findall(html)
    is_open = slashes.count("") > slashes.count("/")
    return bounded_html(_SWALLOWING.sub("&lt;", html) if is_open else html, env)


def bounded_html(html: str, env: dict) -> str:
    """`html` with opening tags escaped that would nest too deep; `env` has the open tags of the text."""
    opened = env.setdefault("open_tags", [])

    def check(tag: re.Match) -> str:
        name = tag[2].lower()
        if tag[1]:
            if name in opened:
                del opened[len(opened) - 1 - opened[::-1].index(name) :]
        elif name not in _SHALLOW_TAGS:
            if len(opened) >= HTML_DEPTH or (
                name in _TEXT_TAGS and sum(map(_TEXT_TAGS.__contains__, opened)) >= TEXT_DEPTH
            ):
                return f"&lt;{tag[2]}"
            opened.append(name)
        return tag[0]

    return _TAG.sub(check, html)


def bare_text(html: str) -> str:
    """The text of a block of HTML."""
    return unescape(nh3.clean(bounded_block(html, {}), tags=set())).strip()
