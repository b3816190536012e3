"""Syntax highlighting by class, without style attributes, which the content security policy forbids; marked lines,
diffs, and what the line that opens a block of code says about it.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from typing import NamedTuple

from pygments import lex
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String
from pygments.util import ClassNotFound

# Five colours are enough; everything else is plain and needs no markup.
_CLASSES = (
    (Comment, "n"),
    (String, "s"),
    (Number, "d"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "f"),
)


# Some lexers of Pygments take quadratic or cubic time (minutes for 10,000 blank lines of Python). These languages were
# tested with repetitive texts of 10,000 characters; longer blocks, runs of white space and very long words stay plain.
LANGUAGES = frozenset(
    "apache bash c clojure cmake console cpp css dart diff django docker elixir erlang fortran fsharp go graphql "  # noqa: SIM905
    "groovy haskell html html+django http ini java javascript jinja json jsx julia kotlin less lisp lua make markdown "
    "matlab mysql nginx nim objective-c ocaml perl php postgresql powershell prolog properties protobuf py3 pycon "
    "python r rst ruby rust scala scheme scss sh sql sqlite3 swift tex toml tsx typescript vim xml yaml zig zsh".split()
)
MOST_CODE, MOST_CODE_OF_A_TEXT = 10_000, 50_000
# Java and TypeScript are quadratic even so (2.5 s for 10,000 characters of `a a a`), so the sum of squares is limited.
MOST_SQUARES_OF_A_TEXT = MOST_CODE**2
_UNLIKE_CODE = re.compile(r"\s{100}|\S{500}")


def lexer_of(language: str):
    """The lexer of one of `LANGUAGES`, by any of its names, else None."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    return None if LANGUAGES.isdisjoint(lexer.aliases) else lexer


class Fence(NamedTuple):
    """What ```` ```python title="tiny.py" {2,4-6} ```` says: language, what readers see of it, first and last lines."""

    language: str = ""
    label: str = ""
    marked: tuple[tuple[int, int], ...] = ()


INFO_LENGTH, LABEL_LENGTH, MOST_RANGES = 300, 100, 50
_TITLE = re.compile(r"""\b(?:title|filename|file)=(?:"([^"]*)"|'([^']*)'|(\S+))""")
_FILE = re.compile(r"[\w.@+/-]{0,80}[\w-]\.\w{1,10}|Dockerfile|Makefile")
_LAST = re.compile(r"[^./]*\Z")
_LINES = re.compile(r"\{([\d,\s-]*)\}")


@cache
def _languages_of_files() -> dict[str, str]:
    """The languages of `LANGUAGES` by the ends of the names of their files, without the dot: {"py": "python"}."""
    return {
        pattern.removeprefix("*.").lower(): aliases[0]
        for _, aliases, patterns, _ in get_all_lexers(plugins=False)
        if not LANGUAGES.isdisjoint(aliases)
        for pattern in patterns
    } | {"h": "c"}


def fence_of(info: str) -> Fence:
    """The first word is a language or the name of a file, whose end tells the language; the rest in any order."""
    info = info[:INFO_LENGTH]
    title, lines = _TITLE.search(info), _LINES.search(info)
    words = _LINES.sub(" ", _TITLE.sub(" ", info)).split()
    language = words.pop(0) if words and not (title and info.startswith(title[0])) else ""
    name = (title[1] or title[2] or title[3] or "") if title else next(filter(_FILE.fullmatch, words), "")
    if language and not name and lexer_of(language) is None and _FILE.fullmatch(language):
        language, name = "", language
    if not language and name:
        end = _LAST.search(name)[0].lower()
        language = end if end in LANGUAGES else _languages_of_files().get(end, "")
    lexer = lexer_of(language)
    label = " · ".join(filter(None, (name[:LABEL_LENGTH], lexer.name if lexer else "")))
    return Fence(language, label, tuple(_ranges(lines[1] if lines else "")))


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for part in text.split(",")[:MOST_RANGES]:
        first, _, last = part.partition("-")
        if first.strip().isdecimal() and (last.strip() or first).strip().isdecimal() and len(part) < 20:
            yield int(first), int(last or first)


# Runs of code of one class, which may be empty.
Runs = list[tuple[str, str]]


def highlight(code: str, language: str, env: dict | None = None, marked: Iterable[tuple[int, int]] = ()) -> str:
    """`code` as escaped HTML with `<span class>`. Plain if the language is unknown or a limit is reached.

    Lines of a diff are in `<ins>` and `<del>`, those from first to last of each of `marked` in `<mark>`. `env` counts
    the code of one text.
    """
    env = {} if env is None else env
    env["code"] = env.get("code", 0) + len(code)
    env["squares"] = env.get("squares", 0) + len(code) ** 2
    if env["code"] > MOST_CODE_OF_A_TEXT or env["squares"] > MOST_SQUARES_OF_A_TEXT:
        language = ""
    lexer = lexer_of(language) if language and len(code) <= MOST_CODE and not _UNLIKE_CODE.search(code) else None
    is_diff = lexer is not None and "diff" in lexer.aliases
    runs = [("", code)] if lexer is None or is_diff else _runs(code, lexer)
    if not marked and not is_diff:
        return _html(runs)
    lines = []
    for number, line in enumerate(_lines(runs), 1):
        html = _html(line)
        if is_diff and (name := _DIFF.get(line[0][1][:1])) and not line[0][1].startswith(("+++ ", "--- ")):
            html = f"<{name}>{html}</{name.split()[0]}>"
        if any(first <= number <= last for first, last in marked):
            html = f"<mark>{html}</mark>"
        lines.append(html)
    return "\n".join(lines)


_DIFF = {"+": "ins", "-": "del", "@": 'span class="n"'}


def _runs(code: str, lexer) -> Runs:
    runs: Runs = []
    for token_type, text in lex(code, lexer):
        name = next((name for kind, name in _CLASSES if token_type in kind), "") if text.strip() else ""
        if runs and (runs[-1][0] == name or not text.strip()):
            runs[-1][1].append(text)
        else:
            runs.append((name, [text]))
    return [(name, "".join(parts)) for name, parts in runs]


def _lines(runs: Runs) -> list[Runs]:
    """The runs of each line, at least one in each."""
    lines: list[Runs] = [[]]
    for name, text in runs:
        first, *rest = text.split("\n")
        lines[-1].append((name, first))
        lines += [[(name, line)] for line in rest]
    return lines


def _html(runs: Runs) -> str:
    return "".join(
        f'<span class="{name}">{escape(text, quote=False)}</span>' if name and text else escape(text, quote=False)
        for name, text in runs
    )
