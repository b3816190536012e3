"""What a hit shows: a passage with the words of the query marked, in the text as readers know it.

A database could mark the words of its index, which have neither accents nor punctuation.
"""

import re
import unicodedata
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from publishing.text.typography import typeset

from .query import Query, Term
from .words import UNSPACED, fold, has_no_spaces

# Letters of a passage, and of a text in which one is looked for.
LENGTH, READ = 240, 50_000
# Places of one term that are looked at, and of all terms that are compared; letters before the first word of a passage.
LOOKED_AT, COMPARED, BEFORE = 500, 150, 70
_ENDINGS = (
    "ational|ations|ation|ators|ator|ating|ated|ates|ate|ities|ity|ments|ment|ness|ingly|ings|ing|edly|ed|ies|ied|ily|"
    "ions|ion|ively|ive|ers|er|es|e|ly|s|y"
)
# Of a word with spaces around it.
_LETTER = rf"[^\W_{UNSPACED}]"
_END_OF_WORD = f"(?!{_LETTER})"
_SIGNS = re.compile(r"([a-z])(plusplus|sharp)|dotnet")
_SENTENCE_END = re.compile(r"(?:[.!?]\s+|[。！？]\s*)(?=\S)")
_BLANKS = re.compile(r"\s+")
# What stands in a word and is not typed: signs of vowels in Hebrew and Arabic, a line that stretches.
_BETWEEN = "[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
_TWO_LETTERS = {"ss": "ß", "ae": "æ", "oe": "œ", "th": "þ"}
_PARTS = re.compile(f"{'|'.join(_TWO_LETTERS)}|.", re.DOTALL)
_IS_LOOSE = re.compile(rf"{_BETWEEN}|[{''.join(_TWO_LETTERS.values())}]")
# Letters that may have accents; punctuation has none.
_OTHER_LETTERS = re.compile("[\xaa-\u1fff\u2c00-\U0010ffff]")


class _Found(NamedTuple):
    start: int
    end: int
    term: int


class _Letters(dict):
    """For `str.translate`: small letters without accents, one for each, so that places stay."""

    def __missing__(self, code: int) -> int:
        small = fold(chr(code)).lower()
        self[code] = found = ord(small if len(small) == 1 else chr(code).lower()[:1])
        return found


_letters = _Letters()


class Marker:
    """Marks the words of a query with `<mark>`, in any of their forms, as well as endings tell; the rest is escaped."""

    def __init__(self, query: Query):
        last = query.wanted[-1] if query.has_prefix else None
        self._patterns = [_pattern(term, is_prefix=term is last) for term in query.wanted]
        self._terms = [(term, term is last) for term in query.wanted]

    @cached_property
    def _joined(self) -> list[list[tuple[str, re.Pattern]]]:
        """What words begin with, and all of them, with an apostrophe that was not typed: O’Reilly for oreilly."""
        found = []
        for term, is_prefix in self._terms:
            word, places = term.words[0].lower(), range(0)
            if len(term.words) == 1 and word.isalpha() and not has_no_spaces(word):
                places = range(1, min(4, len(word) - 3) + 1)
            rest = [_stem(word[place:], is_prefix=is_prefix) for place in places]
            found.append([
                (word[:place] + mark, re.compile(re.escape(word[:place] + mark + stem) + end))
                for place, (stem, end) in zip(places, rest, strict=True)
                for mark in "'’"
            ])  # fmt: skip
        return found

    @cached_property
    def _loose(self) -> list[re.Pattern | None]:
        """Patterns that a text is searched with: slower than to look for what a term begins with."""
        return [_loose_pattern(term, is_prefix=is_prefix) for term, is_prefix in self._terms]

    def marked(self, text: str, language: str = "") -> SafeString:
        text = unicodedata.normalize("NFC", typeset(text, language))
        return _html(text, self._found(text))

    def marks_all(self, text: str) -> bool:
        """Whether a text has all words of the query."""
        return _number(self._found(unicodedata.normalize("NFC", text))) == len(self._patterns)

    def passage(self, summary: str, text: str, language: str = "") -> SafeString:
        """The summary, marked; a part of the text if that has more of the words. Of equal parts, the first one."""
        text = unicodedata.normalize("NFC", text[:READ])
        in_text = self._densest(self._found_quickly(text))
        if _number(in_text) <= _number(self._found(unicodedata.normalize("NFC", summary))):
            return self.marked(summary, language)
        start, end = _window(text, in_text[0].start)
        part = self.marked(text[start:end].strip(), language)
        return format_html("{}{}{}", "… " * (start > 0), part, " …" * (end < len(text)))

    def _found(self, text: str) -> list[_Found]:
        letters = text.translate(_letters) if _OTHER_LETTERS.search(text) else text.lower()
        return self._places(letters, [[start] for start, _ in self._patterns])

    def _found_quickly(self, text: str) -> list[_Found]:
        """Some places in a long text: words as they are mostly written, or if there are none, as `_found`."""
        return self._places(text, [[start, start.capitalize()] for start, _ in self._patterns]) or self._found(text)

    def _places(self, letters: str, starts: list[list[str]]) -> list[_Found]:
        """To look for what a term begins with is much faster than to let its pattern search."""
        found, is_loose = [], not letters.isascii() and bool(_IS_LOOSE.search(letters))
        for term, (_, pattern) in enumerate(self._patterns):
            begins_anywhere = self._terms[term][0].begins_anywhere
            own = [span for start in starts[term] for span in _spans(letters, start, pattern, begins_anywhere)]
            if not own:
                own = [span for start, rest in self._joined[term] for span in _spans(letters, start, rest)]
            if not own and is_loose and (loose := self._loose[term]):
                own = [match.span() for match in islice(loose.finditer(letters), LOOKED_AT)]
            found += [_Found(start, end, term) for start, end in own]
        return sorted(found)[:COMPARED]

    def _densest(self, found: list[_Found]) -> list[_Found]:
        """What is in the first passage that has the most terms."""
        best, most = [], 0
        for place, first in enumerate(found):
            near = [one for one in found[place : place + 20] if one.end <= first.start + LENGTH - BEFORE]
            if _number(near) > most:
                best, most = near, _number(near)
            if most == len(self._patterns):
                break
        return best


def _spans(letters: str, start: str, pattern: re.Pattern, begins_anywhere: bool = False) -> list[tuple[int, int]]:
    """Where the pattern matches of which `start` is the beginning."""
    found, place, number = [], letters.find(start), 0
    while place >= 0 and number < LOOKED_AT:
        is_inside = place and letters[place - 1].isalnum() and not has_no_spaces(letters[place - 1])
        if (begins_anywhere or not is_inside) and (match := pattern.match(letters, place)):
            found.append((place, match.end()))
        place, number = letters.find(start, place + 1), number + 1
    return found


def _number(found: list[_Found]) -> int:
    return len({one.term for one in found})


def _pattern(term: Term, *, is_prefix: bool) -> tuple[str, re.Pattern]:
    """What a term begins with, and all of it, in small letters."""
    parts = [_stem(word.lower(), is_prefix=is_prefix) for word in term.words]
    between = r"[\W_]*" if any(map(has_no_spaces, term.words)) else r"[\W_]+"
    pattern = between.join(re.escape(stem) + end for stem, end in parts)
    return parts[0][0], re.compile(pattern, re.IGNORECASE)


def _loose_pattern(term: Term, *, is_prefix: bool) -> re.Pattern | None:
    """Of one word with what stands in it and is not typed, as in Straße or with the vowels of Arabic."""
    [*others, word] = term.words
    if others or has_no_spaces(word):
        return None
    word = word.lower()
    forms = (_loosened(stem) + end for stem, end in [_stem(word, is_prefix=is_prefix), (word, _END_OF_WORD)])
    return re.compile(rf"(?<!{_LETTER})(?:{'|'.join(forms)})", re.IGNORECASE)


def _loosened(letters: str) -> str:
    parts = [
        f"(?:{part}|{_TWO_LETTERS[part]})" if part in _TWO_LETTERS else re.escape(part)
        for part in _PARTS.findall(letters)
    ]
    # The signs of the last letter belong to it.
    return f"{_BETWEEN}*".join([*parts, ""])


def _stem(word: str, *, is_prefix: bool) -> tuple[str, str]:
    """What all forms of a word begin with, and a pattern of how they end."""
    if has_no_spaces(word):
        return word, ""
    if match := _SIGNS.fullmatch(word):
        signs = {"plusplus": "++", "sharp": "#"}
        return (match[1] + signs[match[2]], "") if match[1] else (".net", _END_OF_WORD)
    if len(word) <= 3:
        return word, f"{_LETTER}*" if is_prefix else "s?" + _END_OF_WORD
    ending = next((one for one in _ENDINGS.split("|") if word.endswith(one) and len(word) - len(one) >= 3), "")
    stem = word.removesuffix(ending)
    if len(stem) > 3 and ending and stem[-1] == stem[-2] and stem[-1] not in "lsz":
        stem = stem[:-1]
    # "stop" in "stopped".
    doubled = "" if stem[-1] in "aeiou" else f"(?:{re.escape(stem[-1])}(?=[ei]))?"
    end = f"{doubled}(?:{_ENDINGS})?" + _END_OF_WORD
    return stem, f"(?:{re.escape(word.removeprefix(stem))}{_LETTER}*|{end})" if is_prefix else end


def _window(text: str, first: int) -> tuple[int, int]:
    """Where the passage around `first` begins and ends: with a sentence if one begins shortly before, else a word."""
    start = max(0, first - BEFORE)
    if start:
        ends = [match.end() for match in _SENTENCE_END.finditer(text, start, first + 1)]
        space = text.find(" ", start, first)
        beginning = start if has_no_spaces(text[first]) else first
        start = ends[-1] if ends else space + 1 if space >= 0 else beginning
    end = start + LENGTH
    if end >= len(text):
        return start, len(text)
    space = text.rfind(" ", first, end)
    return start, space if space > first else end


def _html(text: str, found: list[_Found]) -> SafeString:
    pairs, place = [], 0
    for one in found:
        if place <= one.start:
            pairs.append((_BLANKS.sub(" ", text[place : one.start]), text[one.start : one.end]))
            place = one.end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pairs), _BLANKS.sub(" ", text[place:]))
