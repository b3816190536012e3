""" "Did you mean": a query whose misspelled words are replaced."""

import re

from . import vocabulary
from .hits import Hits
from .query import Query
from .words import fold, unfolded

# Misspelled words of one query, and words like one of them that are tried.
MOST_WORDS, TRIED = 3, 4


def suggestion(text: str, **limits) -> str | None:
    """A query like `text`, which finds nothing, that finds something; `limits` are those of `Hits`.

    So it has no word that only hidden articles have. At most two queries for each of `MOST_WORDS` words and one for
    each of `TRIED` words like it.
    """
    words = [word.lower() for term in Query(text).wanted for word in term.words]
    words = [word for word in dict.fromkeys(words) if len(word) >= vocabulary.SHORTEST and word.isalpha()]
    stored = vocabulary.known(words)
    # A word in another form finds something too.
    typed = {word: word if word == words[-1] else f'"{word}"' for word in words if word not in stored}
    unknown = [word for word, query in typed.items() if not len(Hits(query, **limits))]
    if not 0 < len(unknown) <= MOST_WORDS:
        return None
    suggested = fold(text)
    for word in unknown:
        tried = {like: len(Hits(f'"{like}"', **limits)) for like in vocabulary.like(word)[:TRIED]}
        if not any(tried.values()):
            return None
        # Letters in another order are the likeliest mistake.
        best = max(tried, key=lambda like: (tried[like] > 0 and sorted(like) == sorted(word), tried[like]))  # noqa: B023
        suggested = re.sub(rf"(?<![^\W_]){word}(?![^\W_])", best, suggested, flags=re.IGNORECASE)
    suggested = unfolded(suggested)
    return suggested if len(Hits(suggested, **limits)) else None
