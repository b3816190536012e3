"""What a reader types: words that all have to occur, "phrases in quotes", and -words or -"phrases" that must not."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from .words import STOP_WORDS, has_no_spaces, pairs, words_of

QUERY_LENGTH = 200
MOST_WORDS = 12
# A dash before a word, but not two: --keepdb is what somebody looks for. A quote that is not closed goes to the end.
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_PART = re.compile(r'(?P<dash>(?<!\S)-(?=[^\s-]))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """One word, or several that follow one another."""

    words: tuple[str, ...]
    is_excluded: bool = False
    # As somebody is typing it.
    is_last: bool = False

    @cached_property
    def indexed(self) -> tuple[str, ...]:
        """As the index has its words: pairs of characters of those without spaces.

        The last character alone is a word of the index too, so that the next one follows it.
        """
        found = []
        for word in self.words:
            found += pairs(word) if has_no_spaces(word) else [word]
        return tuple(found[:-1] if self._ends_unspaced and len(self.words[-1]) > 1 else found)

    @property
    def _ends_unspaced(self) -> bool:
        return has_no_spaces(self.words[-1])

    @property
    def begins_anywhere(self) -> bool:
        """Whether what it begins with may stand inside a run of characters."""
        return has_no_spaces(self.words[0])

    @property
    def is_one_character(self) -> bool:
        """Whether it ends in a single character: what begins with that is meant, a pair or itself."""
        return self._ends_unspaced and len(self.words[-1]) == 1

    @property
    def means_nothing(self) -> bool:
        return all(word.lower() in STOP_WORDS for word in self.words)


class Query:
    """The terms of a text of any kind. Nothing in it is syntax to a database; at most `MOST_WORDS` words count."""

    def __init__(self, text: str):
        typed = list(_terms(text[:QUERY_LENGTH]))
        found = [term for term in typed if not term.means_nothing]
        self._has_words = bool(typed)
        self.wanted = [term for term in found if not term.is_excluded]
        self.excluded = [term for term in found if term.is_excluded]

    @property
    def why_nothing(self) -> str:
        """Why it finds nothing whatever there is; empty if it may find something."""
        if self.wanted:
            return ""
        if self.excluded:
            return _("A minus only leaves out. Add a word that articles must have.")
        if self._has_words:
            return _("Words like “the” or “how” are in nearly every article. Add one that says what you look for.")
        return _("There is no word in that. Type at least one letter or number.")

    @property
    def has_prefix(self) -> bool:
        """Whether it ends in a word, which is matched as a prefix too; a single letter begins too many."""
        last = self.wanted[-1] if self.wanted else None
        if not last or not last.is_last or has_no_spaces(last.words[0]):
            return False
        return not (len(last.words[0]) == 1 and last.words[0].isascii())

    def for_sqlite(self, *, prefix: bool, in_titles: bool) -> str:
        """In the syntax of FTS5."""
        column = "title : " if in_titles else ""
        wanted = " ".join(_for_sqlite(term) for term in self.wanted) + "*" * prefix
        excluded = " OR ".join(_for_sqlite(term) for term in self.excluded)
        return f"{column}({wanted})" + (f" NOT {column}({excluded})" if excluded else "")

    def for_postgresql(self, *, prefix: bool, in_titles: bool) -> str:
        """In the syntax of `to_tsquery`. Titles have the weight A."""
        weight, last = "A" * in_titles, self.wanted[-1] if prefix else None
        wanted = [_for_postgresql(term, weight, begins=term is last) for term in self.wanted]
        return " & ".join([*wanted, *("!" + _for_postgresql(term, weight) for term in self.excluded)])


def _for_sqlite(term: Term) -> str:
    return f'"{" ".join(term.indexed)}"' + "*" * term.is_one_character


def _for_postgresql(term: Term, weight: str, *, begins: bool = False) -> str:
    flags = "*" * (begins or term.is_one_character) + weight
    return f"'{' '.join(term.indexed)}'" + f":{flags}" * bool(flags)


def _terms(text: str):
    left = MOST_WORDS
    text = text.translate(_QUOTES).rstrip()
    for match in _PART.finditer(text):
        words, is_excluded = words_of(match["phrase"] or match["word"] or "")[:left], bool(match["dash"])
        left -= len(words)
        if match["phrase"] is not None or is_excluded:
            if words:
                yield Term(tuple(words), is_excluded)
            continue
        is_end = match.end() == len(text)
        for place, word in enumerate(words, 1):
            yield Term((word,), is_last=is_end and place == len(words))
