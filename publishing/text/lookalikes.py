"""Comparing words without case, width, accents, invisible characters and look-alikes.

A text becomes tokens with their positions. Whole tokens are compared, so no word is found inside another one. Disguised
words are found too: capitals of other scripts, digits and signs for letters, spaced letters, tags inside a word. Time
is linear in the length of the text.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from typing import Any, NamedTuple

from publishing.text.validators import has_ink

# The longest phrase that is looked for.
MAX_TOKENS = 8
# Spaced letters up to this many characters apart are read as one word: "v . i . a".
_SPELLED_GAP = 3
# Shorter ones are more often a coincidence than a disguise: "a-s" is not read as "as".
_SHORTEST_JOINED = 3

_LETTER, _SIGN, _SPACE, _OTHER, _NOTHING = range(5)

# Characters written for letters. i and l are the same here, since 1 and | are used for both.
_LEET = str.maketrans(dict(zip("i1!|03€4@5$7+89", "lllloeeaassttbg", strict=True)))
_LEET_SIGNS = frozenset("@$!|+€")
_AT_THE_END = "!|+"

# Accents and points that change a letter without being one; the vowel signs of Indic scripts stay.
_ACCENTS = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff"
    r"\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
# Signs that would become letters: "viagra™" is not "viagratm".
_NOT_LETTERS = frozenset("™℠℡℻")
_TAG = re.compile(r"<[/!?]?[a-zA-Z-][^<>]*>")
_LETTER_NAME = re.compile(
    r"(?:LATIN (?:SMALL|CAPITAL) LETTER|LATIN LETTER SMALL CAPITAL|REGIONAL INDICATOR SYMBOL LETTER"
    r"|(?:NEGATIVE )?(?:CIRCLED|SQUARED|PARENTHESIZED) LATIN (?:SMALL|CAPITAL) LETTER) ([A-Z])(?: WITH .+)?"
)
_INVISIBLE = re.compile(r"[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


class Token(NamedTuple):
    """A word: its key, the key of its look in its own capitals, and its position in code points."""

    key: str
    cased: str
    start: int
    end: int
    # After white space.
    apart: bool


def text_key(text: str) -> str:
    """32 hexadecimal digits, equal for texts that differ only in case, width, white space and invisible characters."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    return sha256(" ".join(folded.split()).encode("utf-8", "replace")).hexdigest()[:32]


def tokens(text: str) -> list[Token]:
    """The words of `text` in order. "Ｖ\u00adiágra" is one token with the key "viagra", from 0 to 7."""
    return list(_split(_read(text), with_signs=False))


def key(text: str) -> str:
    """The keys of a word or phrase, separated by spaces, as in a `Lexicon`. Empty if there are none."""
    return " ".join(token.key for token in tokens(text))


def skeletons(name: str) -> set[str]:
    """Skeletons of a name (UTS #39), with and without its case: names with a common one look alike.

    Spaces and punctuation do not count. Empty for a name without letters and digits.
    """
    found = tokens(name)
    joined = ("".join(token.key for token in found), "".join(token.cased for token in found))
    return {skeleton for text in joined if (skeleton := _alike(text))}


class Lexicon:
    """Words and phrases to look for: pairs of a `key` and a value. Of equal keys the first counts."""

    def __init__(self, entries: Iterable[tuple[str, Any]]):
        self._plain, self._leet, self._joined, self._joined_leet = {}, {}, {}, {}
        for words, entry in entries:
            loose = words.translate(_LEET)
            self._plain.setdefault(words, entry)
            self._leet.setdefault(loose, entry)
            self._joined.setdefault(words.replace(" ", ""), entry)
            self._joined_leet.setdefault(loose.replace(" ", ""), entry)
        self._lengths = sorted({words.count(" ") + 1 for words in self._plain})

    def find(self, text: str) -> list[tuple[Any, int, int]]:
        """Each place of an entry in `text`, as (entry, start, end), in order, none inside another.

        A few milliseconds for 4,000 characters, whatever the number of entries.
        """
        if not self._plain:
            return []
        hits = {(start, -end): (entry, start, end) for entry, start, end in self._hits(text)}
        found, reached = [], 0
        for _, hit in sorted(hits.items(), key=lambda item: item[0]):
            if hit[1] >= reached:
                reached = _with_accents(text, hit[2])
                found.append((*hit[:2], reached))
        return found

    def _hits(self, text):
        units = _read(text)
        yield from self._plain_hits(units)
        has_signs = any(unit[1] == _SIGN or unit[2].isdigit() for unit in units)
        if has_signs or not (text.islower() or text.isupper()):
            yield from self._leet_hits(text, units, has_signs)
        if in_tags := {index for tag in _TAG.finditer(text) for index in range(*tag.span())}:
            yield from self._plain_hits([unit for unit in units if unit[0] not in in_tags])

    def _plain_hits(self, units):
        found = list(_split(units, with_signs=False))
        keys, cased = [token.key for token in found], [token.cased for token in found]
        for reading in [keys] if cased == keys else [keys, cased]:
            yield from self._phrases(found, reading, self._plain)
            yield from _joined_hits(found, reading, self._joined)

    def _leet_hits(self, text, units, has_signs):
        found = list(_split(units, with_signs=True))
        disguised = [_is_disguised(token.key, text[token.start : token.end]) for token in found]
        keys = [token.key.translate(_LEET) for token in found]
        yield from self._phrases(found, keys, self._leet, disguised)
        if has_signs:
            yield from _joined_hits(found, keys, self._joined_leet)

    def _phrases(self, found, keys, entries, disguised=None):
        """The `entries` among runs of `keys`; with `disguised`, only runs in which it is true of a token."""
        for length in self._lengths:
            for first in range(len(keys) - length + 1):
                words = keys[first] if length == 1 else " ".join(keys[first : first + length])
                if words in entries and (disguised is None or any(disguised[first : first + length])):
                    yield entries[words], found[first].start, found[first + length - 1].end


def _with_accents(text, end):
    """The end of a word, with the accents and invisible characters of its last letter."""
    while end < len(text) and _shape(text[end])[0] == _NOTHING:
        end += 1
    return end


def _joined_hits(found, keys, known):
    """Entries in tokens that are joined: without white space between, or spaced letters."""
    for first, last in _runs(found):
        word = "".join(keys[first : last + 1])
        if len(word) >= _SHORTEST_JOINED and word in known:
            yield known[word], found[first].start, found[last].end


def _runs(found) -> Iterator[tuple[int, int]]:
    """The first and last index of two or more tokens without white space between, and of spaced letters.

    Spaced letters also without the first, which may be a word: "I v i a g r a".
    """
    yield from _stretches([not token.apart for token in found])
    spaced = [
        len(before.key) == len(token.key) == 1 and token.start - before.end <= _SPELLED_GAP
        for before, token in pairwise(found)
    ]
    for first, last in _stretches([False, *spaced]):
        yield first, last
        if last - first > 1 and found[first + 1].apart:
            yield first + 1, last


def _stretches(joined: list[bool]) -> Iterator[tuple[int, int]]:
    """The first and last index of two or more items of which each is `joined` to the one before."""
    start = 0
    for index, is_joined in enumerate([*joined, False]):
        if not is_joined:
            if index - start > 1:
                yield start, index - 1
            start = index


def _is_disguised(key, typed):
    """Whether a token has digits or signs among its letters, or a capital I or small l that may stand for the other."""
    if any(sign.isdigit() or sign in _LEET_SIGNS for sign in key):
        return any(letter.isalpha() for letter in key)
    mixed = not (typed.islower() or typed.isupper() or typed[1:].islower())
    return mixed and ("I" in typed or "l" in typed)


def _alike(text):
    """One form of what looks the same in a name, once case is gone: rn and m, vv and w, 0 and o."""
    return text.translate(_LEET).replace("rn", "m").replace("vv", "w")


# --- from characters to tokens ---


def _read(text) -> list[tuple[int, int, str, str]]:
    """Every visible character, as (index, kind, letters, letters in its own capitals)."""
    return [(index, *shape) for index, char in enumerate(text) if (shape := _shape(char))[0] != _NOTHING]


def _split(units, *, with_signs) -> Iterator[Token]:
    """Tokens of letters and digits, `with_signs` also of signs for letters; an exclamation mark at the end is none."""
    key, cased, start, end, apart = [], [], 0, 0, True
    for index, kind, letters, capitals in [*units, (-1, _SPACE, "", "")]:
        if kind == _LETTER or (with_signs and kind == _SIGN):
            if not key:
                start = index
            key.append(letters)
            cased.append(capitals)
            end = index + 1
            continue
        if key:
            token = Token("".join(key), "".join(cased), start, end, apart)
            if with_signs and token.key[-1] in _AT_THE_END:
                token = token._replace(key=token.key.rstrip(_AT_THE_END))
            if token.key:
                yield token
                apart = False
            key, cased = [], []
        if kind == _SPACE:
            apart = True


@lru_cache(maxsize=8192)
def _shape(char) -> tuple[int, str, str]:
    """The kind of a character, its key, and the key of its capital."""
    if char in _LEET_SIGNS:
        return _SIGN, char, char
    if char.isspace() or char == "\u2800":
        return _SPACE, "", ""
    category = unicodedata.category(char)
    is_blank = category[0] in "LS" and not has_ink(char)
    if category == "Cf" or is_blank or _ACCENTS.match(char):
        return _NOTHING, "", ""
    if char in _NOT_LETTERS:
        return _OTHER, "", ""
    decomposed = unicodedata.normalize("NFKD", char)
    # A ligature of whole words (U+FDFA becomes eighteen letters) stays one character.
    if len(decomposed) > 4 or any(part.isspace() for part in decomposed):
        decomposed = char
    key = "".join(_alphanumeric(part.casefold()) for part in decomposed)
    cased = "".join(_alphanumeric(part) for part in decomposed).casefold()
    return (_LETTER, key, cased) if key else (_OTHER, "", "")


def _alphanumeric(text):
    """The letters, digits and vowel signs of `text`, each as the ASCII letter that it looks like, if any."""
    shown = (_looks_like(char) for char in unicodedata.normalize("NFD", text) if not _ACCENTS.match(char))
    return "".join(char for char in shown if char.isalnum() or unicodedata.category(char[0])[0] == "M")


def _looks_like(char):
    if char.isascii():
        return char
    table = _prototypes()
    if char not in table and (name := _LETTER_NAME.fullmatch(unicodedata.name(char, ""))):
        return name[1].lower()
    # Of small letters without a Latin twin, the capital may have one: β, but Β.
    return table.get(char) or table.get(char.upper()) or char


@cache
def _prototypes() -> dict[str, str]:
    """Non-ASCII characters and the ASCII letters or digits that they look like, in lower case.

    From Unicode's confusables.txt (UTS #39) in the package confusable_homoglyphs (MIT), whose functions only say
    whether a character has look-alikes. Read once in a process, 25 ms.
    """
    known = json.loads(files("confusable_homoglyphs").joinpath("confusables.json").read_text(encoding="utf-8"))
    table = {}
    for char, others in known.items():
        char = char.strip("\u200e")
        if len(char) != 1 or char.isascii():
            continue
        for other in others:
            twin = other["c"].strip("\u200e")
            if not twin.isascii() and len(twin) == 1 and (name := _LETTER_NAME.fullmatch(unicodedata.name(twin, ""))):
                # A small capital: Cyrillic в looks like ʙ, and that like B.
                twin = name[1] if "SMALL CAPITAL" in name[0] else ""
            if twin.isascii() and twin.isalnum():
                table[char] = twin.lower()
                break
    return table
