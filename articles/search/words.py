"""The words of a text, as they are indexed and searched for: the same on both databases, which only stem them."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
# C++, C#, F# and .NET are words, also in "C++17" and "(C#)". Not the end of "page#anchor", nor "asp.net".
_WITH_SIGNS = re.compile(r"(?<![\w+#])([a-z])(\+\+|#)(?![+#_]|[^\W\d])|(?<![\w.])\.(net)(?!\w)", re.IGNORECASE)
_SIGNS = {"++": "plusplus", "#": "sharp", None: "dot"}


class _WithoutMarks(dict):
    """For `str.translate`: removes accents."""

    def __missing__(self, code: int) -> int | None:
        self[code] = kept = None if unicodedata.combining(chr(code)) else code
        return kept


_without_marks = _WithoutMarks()


def fold(text: str) -> str:
    """Remove accents, so that "cafe" finds "café"."""
    return text if text.isascii() else unicodedata.normalize("NFKD", text).translate(_without_marks)


def words_of(text: str) -> list[str]:
    return _WORD.findall(_WITH_SIGNS.sub(_spelled_out, fold(text)))


def indexed(text: str) -> str:
    """Only its words, so that no parser of a database takes several for one address or number."""
    return " ".join(words_of(text))


def _spelled_out(match: re.Match) -> str:
    letter, signs, net = match.groups()
    return f" {letter}{_SIGNS[signs]} " if letter else f" dot{net} "


# Those that PostgreSQL leaves out of its index: too frequent in English to say what somebody looks for.
STOP_WORDS = frozenset(
    """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it
    its itself they them their theirs themselves what which who whom this that these those am is are was were be been
    being have has had having do does did doing a an the and but if or because as until while of at by for with about
    against between into through during before after above below to from up down in out on off over under again further
    then once here there when where why how all any both each few more most other some such no nor not only own same so
    than too very s t can will just don should now
    """.split()  # noqa: SIM905
)
