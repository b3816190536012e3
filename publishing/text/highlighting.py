"""Syntax highlighting by class, without style attributes, which the content security policy forbids."""

import re
from html import escape

from pygments import lex
from pygments.lexers import get_lexer_by_name
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


def highlight(code: str, language: str, env: dict | None = None) -> str:
    """`code` as escaped HTML with `<span class>`. Plain if the language is unknown or a limit is reached.

    `env` counts the code of one text.
    """
    env = {} if env is None else env
    env["code"] = env.get("code", 0) + len(code)
    env["squares"] = env.get("squares", 0) + len(code) ** 2
    if env["code"] > MOST_CODE_OF_A_TEXT or env["squares"] > MOST_SQUARES_OF_A_TEXT:
        language = ""
    lexer = lexer_of(language) if language and len(code) <= MOST_CODE and not _UNLIKE_CODE.search(code) else None
    if lexer is None:
        return escape(code, quote=False)
    runs: list[list[str]] = []
    for token_type, text in lex(code, lexer):
        name = next((name for kind, name in _CLASSES if token_type in kind), "") if text.strip() else ""
        if runs and (runs[-1][0] == name or not text.strip()):
            runs[-1][1] += text
        else:
            runs.append([name, text])
    return "".join(
        f'<span class="{name}">{escape(text, quote=False)}</span>' if name else escape(text, quote=False)
        for name, text in runs
    )
