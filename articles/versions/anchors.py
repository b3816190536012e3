"""Where the notes on paragraphs are in a text, and where they are after it has changed.

An anchor is `{"start": …, "words": …, "digest": …}`: the character at which its paragraph begins (None: the paragraph
is gone), the first words of the paragraph, and a digest by which it is found if it comes back.
"""

from bisect import bisect_right
from hashlib import sha256
from itertools import accumulate

from ..models.colleagues.notes import WORDS_LENGTH
from .merge import aligned, paragraphs


class _Text:
    def __init__(self, body: str):
        self.paragraphs = paragraphs(body)
        self.starts = [0, *accumulate(map(len, self.paragraphs))][:-1]
        # As they are compared: a paragraph does not change because one is added after it.
        self.texts = [paragraph.strip() for paragraph in self.paragraphs]

    def number_at(self, start: int) -> int:
        """Of the paragraph with this character; -1 in an empty text."""
        return bisect_right(self.starts, start) - 1

    def anchor(self, number: int) -> dict:
        words = self.texts[number].partition("\n")[0][:WORDS_LENGTH]
        return {"start": self.starts[number], "words": words, "digest": _digest(self.texts[number])}

    def found(self, anchor: dict) -> int | None:
        """The number of a paragraph that has come back."""
        same = (number for number, text in enumerate(self.texts) if text.startswith(anchor["words"]))
        return next((number for number in same if _digest(self.texts[number]) == anchor["digest"]), None)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def anchor_at(body: str, start: int) -> dict | None:
    """Of the paragraph with this character; None if there is no paragraph."""
    text = _Text(body)
    number = text.number_at(min(start, len(body)))
    return text.anchor(number) if number >= 0 and text.texts[number] else None


def moved(anchors: dict | None, old: str, new: str) -> dict | None:
    """The anchors of the text `old` in the text `new`."""
    if not anchors or old == new:
        return anchors
    before, after = _Text(old), _Text(new)
    numbers = {key: before.number_at(anchor["start"]) for key, anchor in anchors.items() if anchor["start"] is not None}
    places = aligned(before.texts, after.texts, set(numbers.values()))
    result = {}
    for key, anchor in anchors.items():
        place = places.get(numbers.get(key))
        if place is None or not after.texts[place]:
            place = after.found(anchor)
        result[key] = anchor | {"start": None} if place is None else after.anchor(place)
    return result
