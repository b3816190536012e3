"""Python text as the tokens that count. The text is read, never run or compiled as a program."""

import ast
import re
import textwrap
import tokenize
from collections.abc import Iterator
from functools import lru_cache
from io import StringIO
from itertools import zip_longest

LONGEST = 5_000
# More brackets open at once than any answer needs. From 3.12 on, the tokenizer has limits of its own below 200.
DEEPEST = 100

_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER}
# What they hold is how deep the author likes to indent, or how a line ends.
_BARE = {tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE}
# From 3.12 on, a formatted string is several tokens.
_F_STRING_ENDS = {getattr(tokenize, name, None) for name in ("FSTRING_START", "FSTRING_END")} - {None}
# A NUL ends the text for some tokenizers; half a surrogate pair cannot be encoded for others.
_UNREADABLE = re.compile("[\0\ud800-\udfff]")
_HIDES = re.compile(r"[#\\]")
_IDLE = str.maketrans("", "", "'\"_ru")
_STRING = re.compile(r"""(?P<prefix>[A-Za-z]*)(?P<quote>\"{3}|'{3}|"|')(?P<body>.*)(?P=quote)""", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = "\n\\'\"abfnrtv01234567x"

Token = tuple[str, object]


class _NotPython(ValueError):
    pass


@lru_cache(maxsize=512)
def tokens_of(text: str) -> tuple[Token, ...] | None:
    """The tokens of the text, as pairs to compare; None when Python's tokenizer refuses it.

    Comments, empty lines, the depth of indents and white space between tokens are gone; that a line ends and a block
    begins or ends is kept, since `return` before `x` on the next line is not `return x`. A string or bytes literal is
    its type and value, so 'a' and "a" are the same, and so are 'a' and u'a', but not 'a' and b'a'. A formatted string
    is its prefix and what is in its quotes, as written. A number is as written, except for case and underscores: `1_0`
    is `10`, but `10.0` is not, and neither is `0xA`. Adjacent literals are not joined.

    Refused are more than 5,000 characters, more than 100 brackets open at once, NUL and lone surrogates, brackets or
    quotes left open, and dedents to nowhere. Time: linear, about 7 µs for each token.
    """
    try:
        return tuple(_tokens(text))
    except _NotPython:
        return None


def is_same(accepted: str, typed: str) -> bool | None:
    """Whether both have the same tokens; None when the accepted text has none (`tokens_of`).

    What was typed is read as far as the first token that differs.
    """
    if _skeleton(accepted) != _skeleton(typed) and not _HIDES.search(accepted + typed):
        return False
    right = tokens_of(accepted)
    if right is None:
        return None
    try:
        return all(mine == theirs for mine, theirs in zip_longest(right, _tokens(typed)))
    except _NotPython:
        return False


def _skeleton(text: str) -> str:
    """What texts with the same tokens have in common, at a hundredth of the cost, unless something in them `_HIDES`.

    Without comments and backslashes the tokens are all of the text but white space. What is still the same when it
    is written in another way is left out: quotes, the prefixes r and u, underscores, case.
    """
    return "".join(text.lower().split()).translate(_IDLE)


def _tokens(text: str) -> Iterator[Token]:
    if len(text) > LONGEST or _UNREADABLE.search(text) or _depth(text) > DEEPEST:
        raise _NotPython
    lines = StringIO(textwrap.dedent(text).strip("\n") + "\n")
    try:
        for token in tokenize.generate_tokens(lines.readline):
            if token.type == tokenize.ERRORTOKEN:
                raise _NotPython
            if token.type not in _LAYOUT:
                yield _compared(token)
    except (tokenize.TokenError, SyntaxError) as error:
        raise _NotPython from error


def _depth(text: str) -> int:
    """How many brackets are open at most, those in strings and comments too."""
    depth = deepest = 0
    for bracket in re.findall(r"[()\[\]{}]", text):
        depth = depth + 1 if bracket in "([{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _compared(token: tokenize.TokenInfo) -> Token:
    if token.type in _BARE:
        return tokenize.tok_name[token.type], ""
    if token.type == tokenize.STRING:
        return _literal(token.string)
    if token.type in _F_STRING_ENDS:
        return "F_STRING", token.string.strip("'\"").lower()
    if token.type == tokenize.NUMBER:
        return "NUMBER", token.string.replace("_", "").lower()
    return tokenize.tok_name[token.type], token.string


def _literal(source: str) -> Token:
    found = _STRING.fullmatch(source)
    if found is None:
        return "STRING", source
    prefix, quote, body = found["prefix"].lower(), found["quote"], found["body"]
    if "f" in prefix or "t" in prefix:
        return "".join(sorted(prefix)), body
    if "r" not in prefix:
        body = _ESCAPE.sub(lambda escape: _known(escape, prefix), body)
    try:
        value = ast.literal_eval(prefix + quote + body + quote)
    except (SyntaxError, ValueError):  # such as '\xg'
        return "STRING", source
    return type(value).__name__, value


def _known(escape: re.Match, prefix: str) -> str:
    """Python reads an escape that it does not know as a backslash and a character, and warns; so it is written out."""
    is_known = escape[1] in _ESCAPES or (escape[1] in "NuU" and "b" not in prefix)
    return escape[0] if is_known else "\\" + escape[0]
