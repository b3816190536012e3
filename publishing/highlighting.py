"""Colours for code, by class: no style attribute, so that the strict content security policy can stay."""

from html import escape

from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String
from pygments.util import ClassNotFound

# Five colours are enough to read code by; everything else stays plain and costs no markup.
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


def _class_of(token_type) -> str:
    return next((name for kind, name in _CLASSES if token_type in kind), "")


def highlight(code: str, language: str) -> str:
    """`code` as escaped HTML, with a `<span class>` around what is coloured; plain if the language is unknown."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False) if language else None
    except ClassNotFound:
        lexer = None
    if lexer is None:
        return escape(code, quote=False)
    runs: list[list[str]] = []
    for token_type, text in lex(code, lexer):
        name = _class_of(token_type) if text.strip() else ""
        if runs and (runs[-1][0] == name or not text.strip()):
            runs[-1][1] += text
        else:
            runs.append([name, text])
    return "".join(
        f'<span class="{name}">{escape(text, quote=False)}</span>' if name else escape(text, quote=False)
        for name, text in runs
    )
