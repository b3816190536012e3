"""What differs between two versions: which fields, and in texts which words. Pure."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, groupby

from django.utils.translation import gettext_lazy as _

from .merge import paragraphs

LABELS = {
    "title": _("title"),
    "slug": _("slug"),
    "summary": _("summary"),
    "body": _("text"),
    "category": _("category"),
    "tags": _("tags"),
    "authors": _("authors"),
    "series": _("series"),
    "series_position": _("position in the series"),
    "featured": _("featured"),
    "is_sensitive": _("sensitive"),
    "cover": _("cover"),
    "cover_letters": _("letters of the cover"),
    "language": _("language"),
    "seo_title": _("title for search engines"),
    "seo_description": _("description for search engines"),
    "canonical_url": _("canonical address"),
    "applies_to": _("what it applies to"),
    "verified_on": _("day of the last check"),
}

# Chinese and Japanese have no spaces between words: there each character is one.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|[^\w\s]")
# Below this share of common words, two paragraphs are not one that was changed.
SIMILAR = 0.4
# Pairs that are compared at most: equal paragraphs of two runs, similar ones, words of a paragraph, of all paragraphs.
# What is beyond is shown in a plainer way: paragraph by paragraph, or all as removed and added.
MOST_EQUAL = 1_000_000
MOST_SIMILAR = 2_000
MOST_WORDS = 1_000_000
MOST_WORDS_OF_ALL = 8_000_000
MOST_PARAGRAPHS = 5_000


def changed_labels(before: dict, after: dict) -> list[str]:
    """The names of the fields that differ, in the words of an editor."""
    return [str(label) for name, label in LABELS.items() if before.get(name) != after.get(name)]


@dataclass(frozen=True)
class Part:
    """Words that are in both texts ("same"), only in the old one ("del"), or only in the new one ("ins")."""

    kind: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    parts: tuple[Part, ...]

    @property
    def is_changed(self) -> bool:
        return any(part.kind != "same" for part in self.parts)


def text_difference(old: str, new: str) -> list[Paragraph]:
    """The paragraphs of both texts, with what changed in them word by word.

    Without the parts "ins" it is `old`, without the parts "del" it is `new`. Paragraphs are compared first, and words
    only in those that differ.
    """
    found, left = [], MOST_WORDS_OF_ALL
    for olds, news in _blocks(paragraphs(old), paragraphs(new)):
        if olds == news:
            found += [Paragraph((Part("same", text),)) for text in olds]
            continue
        for one, other in _pairs(olds, news):
            parts, cost = _words(one, other, min(left, MOST_WORDS))
            left -= cost
            found.append(Paragraph(tuple(parts)))
    return found


def word_difference(old: str, new: str) -> list[Part]:
    """What changed from one line to another."""
    return _words(old, new, MOST_WORDS)[0]


def _words(old: str, new: str, most: int) -> tuple[list[Part], int]:
    """Their parts, and how many pairs of words were compared: at most `most`."""
    if not old or not new:
        return _parts([("del", old), ("ins", new)]), 0
    olds, news = _WORD.findall(old), _WORD.findall(new)
    head, tail = _equal_ends(olds, news)
    middle, others = olds[head : len(olds) - tail], news[head : len(news) - tail]
    cost = len(middle) * len(others)
    changes = [("same", "".join(olds[:head]))]
    if cost > most:
        changes += [("del", "".join(middle)), ("ins", "".join(others))]
    else:
        # Spaces are no reason to see two texts as equal.
        for tag, start, end, first, last in SequenceMatcher(str.isspace, middle, others).get_opcodes():
            if tag == "equal":
                changes.append(("same", "".join(middle[start:end])))
            else:
                changes += [("del", "".join(middle[start:end])), ("ins", "".join(others[first:last]))]
    changes.append(("same", "".join(olds[len(olds) - tail :])))
    return _parts(changes), cost if cost <= most else 0


def _equal_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many are equal at the start, and how many of the others at the end."""
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    return head, next((n for n in range(shorter - head) if old[-1 - n] != new[-1 - n]), shorter - head)


def _parts(changes: list[tuple[str, str]]) -> list[Part]:
    """Without empty ones, and changes that only a space stands between as one: "old words" is read as one."""
    parts, removed, added = [], "", ""
    for number, (kind, text) in enumerate(changes):
        is_between = kind == "same" and text.isspace() and number < len(changes) - 1 and removed and added
        if kind == "del" or is_between:
            removed += text
        if kind == "ins" or is_between:
            added += text
        if kind == "same" and not is_between:
            parts += [Part("del", removed), Part("ins", added), Part("same", text)]
            removed = added = ""
    parts += [Part("del", removed), Part("ins", added)]
    return [part for part in parts if part.text]


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Runs of equal paragraphs, and what is between them.

    Paragraphs that both texts have once hold the others in place, which takes no more time than sorting them; what is
    between two of these is compared pair by pair.
    """
    anchors = [*_anchors(old, new), (len(old), len(new))]
    start = first = 0
    for end, last in anchors:
        yield from _compared(old[start:end], new[first:last])
        if end < len(old):
            yield old[end : end + 1], new[last : last + 1]
        start, first = end + 1, last + 1


def _anchors(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """The places of paragraphs that each text has once, in the order of both: the longest such sequence."""
    counts, others = Counter(old), Counter(new)
    places = {text: place for place, text in enumerate(new) if others[text] == 1}
    common = [(place, places[text]) for place, text in enumerate(old) if counts[text] == 1 and text in places]
    ends: list[int] = []
    before: list[int | None] = []
    indexes: list[int] = []
    for index, (_pair, place) in enumerate(common):
        length = bisect_left(ends, place)
        before.append(indexes[length - 1] if length else None)
        ends[length : length + 1] = [place]
        indexes[length : length + 1] = [index]
    sequence, index = [], indexes[-1] if indexes else None
    while index is not None:
        sequence.append(common[index])
        index = before[index]
    return sequence[::-1]


def _compared(old: list[str], new: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Equal paragraphs at both ends, and between them what `difflib` finds unless there is too much."""
    head, tail = _equal_ends(old, new)
    middle, others = old[head : len(old) - tail], new[head : len(new) - tail]
    yield old[:head], new[:head]
    if len(middle) * len(others) <= MOST_EQUAL and set(middle) & set(others):
        for _, start, end, first, last in SequenceMatcher(None, middle, others).get_opcodes():
            yield middle[start:end], others[first:last]
    else:
        yield middle, others
    yield old[len(old) - tail :], new[len(new) - tail :]


def _pairs(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Which paragraph became which, in order; one without a similar partner has "" at its side."""
    if max(len(old), len(new)) > MOST_PARAGRAPHS:
        return _apart(["".join(old)], ["".join(new)])
    bags, others = ([Counter(_WORD.findall(text)) for text in texts] for texts in (old, new))
    if len(old) * len(new) > MOST_SIMILAR:
        same_places = zip(old, new, map(_similarity, bags, others), strict=False)
        pairs = [[(one, other)] if alike >= SIMILAR else _apart([one], [other]) for one, other, alike in same_places]
        shorter = min(len(old), len(new))
        return [*chain.from_iterable(pairs), *_apart(old[shorter:], new[shorter:])]
    alike = [[_similarity(one, other) for other in others] for one in bags]
    pairs, i, j = [], 0, 0
    for first, second in _best_pairs(alike, len(old), len(new)):
        pairs += [*_apart(old[i:first], new[j:second]), (old[first], new[second])]
        i, j = first + 1, second + 1
    return [*pairs, *_apart(old[i:], new[j:])]


def _apart(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    return [(text, "") for text in old] + [("", text) for text in new]


def _best_pairs(alike: list[list[float]], rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """The pairs of places, in order, that are most alike in sum."""
    # Of the rest from each place.
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= SIMILAR else 0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < rows and j < columns:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            yield i, j
            i, j = i + 1, j + 1


def _similarity(one: Counter, other: Counter) -> float:
    """The share of words that both have, without spaces: 0 to 1."""
    sizes = [sum(count for word, count in bag.items() if not word.isspace()) for bag in (one, other)]
    common = sum(count for word, count in (one & other).items() if not word.isspace())
    return 2 * common / (sum(sizes) or 1)


# --- what is shown of a long text ---


@dataclass(frozen=True)
class Block:
    """A paragraph that changed, or unchanged text; that is `folded` if it is far from every change."""

    parts: tuple[Part, ...]
    folded: int = 0


def blocks(found: list[Paragraph], most: int = 500) -> tuple[list[Block], int]:
    """The paragraphs around changes, the others folded: `folded` is how many. Those that are all new, or old, are one.

    And of how many changes after `most` nothing is shown.
    """
    shown, changes = [], 0
    for is_changed, group in groupby(found, key=lambda paragraph: paragraph.is_changed):
        group = list(group)
        if is_changed:
            joined = _joined(group)
            room = max(most - changes, 0)
            shown += [Block(parts) for parts in joined[:room]]
            changes += len(joined)
        elif changes < most:
            shown += _around(group, is_first=not shown, is_last=group[-1] is found[-1])
    return shown, max(changes - most, 0)


def _joined(group: list[Paragraph]) -> list[tuple[Part, ...]]:
    """Neighbours that are only new, or only old, as one."""
    joined = []
    for kind, some in groupby(group, key=lambda paragraph: "".join(sorted({part.kind for part in paragraph.parts}))):
        if kind in ("ins", "del"):
            joined.append((Part(kind, "".join(part.text for paragraph in some for part in paragraph.parts)),))
        else:
            joined += [paragraph.parts for paragraph in some]
    return joined


def _around(group: list[Paragraph], *, is_first: bool, is_last: bool) -> Iterator[Block]:
    """Unchanged paragraphs: one next to each change, and what is between folded."""
    start, end = 0 if is_first else 1, len(group) - (0 if is_last else 1)
    if end - start < 2:
        start = end = len(group)
    for some, folded in ((group[:start], 0), (group[start:end], end - start), (group[end:], 0)):
        if some:
            text = "".join(part.text for paragraph in some for part in paragraph.parts)
            yield Block((Part("same", text),), folded)
