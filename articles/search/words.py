"""The words of a text, as they are indexed and searched for: the same on both databases, which only stem them.

Where no spaces end a word, in Chinese, Japanese, Thai, Lao, Khmer and Burmese, and for Korean with its particles, each
pair of characters is one: `東京塔` is indexed as 東京, 京塔 and 塔, and found as 東京 followed by 京塔.
"""

import re
import unicodedata

# Kana and Han, Hangul, Thai and Lao, Burmese, Khmer; with the letters that stand for signs of the last four (`_sign`).
UNSPACED = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uac00-\ud7a3\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\U00020000-\U000208ff\U00020e31-\U00020eff\U00021000-\U0002109f\U00021780-\U000217ff\U00021ab0-\U0003134f"
)
_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]+")
_RUN = re.compile(f"[{UNSPACED}]")
# C++, C#, F# and .NET are words, also in "C++17" and "(C#)". Not the end of "page#anchor", nor "asp.net".
_WITH_SIGNS = re.compile(r"(?<![\w+#])([a-z])(\+\+|#)(?![+#_]|[^\W\d])|(?<![\w.])\.(net)(?!\w)", re.IGNORECASE)
_SIGNS = {"++": "plusplus", "#": "sharp", None: "dot"}
# O'Reilly is found as oreilly too; not "don't", whose end is no word.
_APOSTROPHE = re.compile(r"['’]([^\W_]{3,})")
_BEFORE_IT = re.compile(r"(?<![^\W_])[^\W_]{1,4}\Z")
# Letters that no normalization takes apart; Arabic ones that are written in several ways, and the line that only
# stretches a word.
_ALIKE = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i", "ς": "σ", "ʼ": "’",
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": None,
}  # fmt: skip
_DAKUTEN = (0x3099, 0x309A)
# From Devanagari to Khmer and beyond, signs are vowels: no parser takes them for letters. Rare Han stand for them.
_FIRST_SIGN, _LAST_SIGN, _SIGNS_FROM = 0x0900, 0x1AAF, 0x20000
# Parts of one letter in Thai and Lao.
_SPLIT = {"\U00020e4d\u0e32": "\u0e33", "\U00020ecd\u0eb2": "\u0eb3"}


class _Folded(dict):
    """For `str.translate`: removes accents and signs of vowels, makes digits of any script those of ours."""

    def __missing__(self, code: int) -> int | str | None:
        letter, found = chr(code), code
        kind = unicodedata.category(letter)
        if kind[0] == "M" and code not in _DAKUTEN:
            found = _SIGNS_FROM + code if _FIRST_SIGN <= code <= _LAST_SIGN else None
        elif kind == "Nd":
            found = str(unicodedata.digit(letter))
        self[code] = found
        return found


_folded = _Folded(str.maketrans(_ALIKE))


def fold(text: str) -> str:
    """Remove accents and forms of letters, so that "cafe" finds "café", and "strasse" "Straße"."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text).translate(_folded)
    for parts, letter in _SPLIT.items():
        text = text.replace(parts, letter)
    # Kana with their marks, and Hangul.
    return unicodedata.normalize("NFC", text)


def unfolded(text: str) -> str:
    """With the signs for which other letters stand in it."""
    first, last = _SIGNS_FROM + _FIRST_SIGN, _SIGNS_FROM + _LAST_SIGN
    return "".join(chr(ord(letter) - _SIGNS_FROM) if first <= ord(letter) <= last else letter for letter in text)


def words_of(text: str) -> list[str]:
    """Its words; what has no spaces is one."""
    return _words_of_folded(fold(text))


def _words_of_folded(text: str) -> list[str]:
    text = _WITH_SIGNS.sub(_spelled_out, text)
    return (_WORD if text.isascii() or not _RUN.search(text) else _PIECE).findall(text)


def has_no_spaces(word: str) -> bool:
    """Whether a word of `words_of` is searched for by pairs of its characters."""
    return not word.isascii() and bool(_RUN.match(word))


def pairs(word: str) -> list[str]:
    """Those of its characters, and the last one."""
    return [word[place : place + 2] for place in range(len(word))]


def indexed(text: str) -> str:
    """Only its words, so that no parser of a database takes several for one address or number."""
    text = fold(text)
    words = _words_of_folded(text)
    if not text.isascii() and _RUN.search(text):
        words = [part for word in words for part in (pairs(word) if has_no_spaces(word) else (word,))]
    for match in _APOSTROPHE.finditer(text):
        start = match.start()
        if before := _BEFORE_IT.search(text, max(0, start - 5), start):
            words.append(before[0] + match[1])
    return " ".join(words)


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
