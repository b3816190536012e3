"""Which words of a text stand for it: the letters on a cover, a first sentence."""

import re
from collections.abc import Callable
from html import unescape

from django.utils.html import strip_tags

MOST_LETTERS = 2
# They carry no meaning of their own, or that of every title.
_SMALL = """
    a about after all already also always am an and another any anything are as at back be because been before being
    best better between big biggest but by can cannot cheap cheapest could did do does doing done down each easy enough
    even every everything few first for from get gets getting good great had has have having he her here hers him his
    how i if in into is isn it its just last least less let like little long lot made make makes making many may me
    might mine more most much must my never new next no nobody not nothing now of off often old on once one only onto
    or other our out over own part possibly probably quite rather read really right same say says she should small
    smallest so some someone something still such take than that the their them then there these they thing things
    this those through to today together tomorrow too under until up upon us use used using very want was way ways we
    well were what when where which while who whole whom whose why will with without worst would wrong yes yet you
    your yours
"""
SMALL = frozenset(_SMALL.split())
# C++ and C# are words.
_WORD = re.compile(r"[^\W_]+(?:\+\+|#(?!\w))?")

# Not after an initial or a short form: the next word begins a sentence.
END_OF_SENTENCE = re.compile(r"(?<!\b\w)(?<!\b(?:Mr|Ms|Dr))(?<!\bMrs)[.!?](?=\s+[^a-z\s])")


def lengths_of(title: str) -> list[int]:
    return [len(word) for word in _WORD.findall(title)]


def letters_of(title: str, can_draw: Callable[[str], bool]) -> str:
    """The first letters of the first word that says something and that `can_draw`; a short number comes before words.

    "" if no word can be drawn.
    """
    words = _WORD.findall(title)
    numbers = [word for word in words if word.isdecimal() and len(word) <= MOST_LETTERS]
    telling = [word for word in words if word.lower() not in SMALL and len(word) > 1]
    found = (word[:MOST_LETTERS] for word in (*numbers, *telling, *words))
    return next((letters for letters in found if can_draw(letters)), "")


def first_sentence(html):
    """The first sentence of rendered text, as plain text."""
    text = " ".join(unescape(strip_tags(html)).split())
    end = END_OF_SENTENCE.search(text)
    return text[: end.start() + 1] if end else text
